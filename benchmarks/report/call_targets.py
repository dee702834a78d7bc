"""The targets of a call: `AsyncClient`, `Client` and `create_many` beside plain aiohttp."""

from __future__ import annotations

from collections.abc import Iterator

from .. import interpreters, other_pythons, overhead, server
from ..clients import on_asyncio, on_threads, ours
from ..turns import batches
from .targets import Key, Target

P50, CALL, CPU = "p50 µs", "call µs", "CPU µs"
AIOHTTP, OURS = on_asyncio.PLAIN_AIOHTTP.name, ours.ASYNC_CLIENT.name
PROFILE = "python -m benchmarks.shares"
ALONE, IN_FLIGHT = overhead.case(1), overhead.case(overhead.IN_FLIGHT)


def _row(case: str, subject: str, measure: str) -> Key:
    return overhead.NAME, case, subject, measure


def _ratio(
    case: str,
    subject: str,
    measure: str,
    at_most: float,
    *,
    reference: str = AIOHTTP,
    profile: str = PROFILE,
) -> Target:
    """A target of a subject that may take that much of what plain aiohttp takes."""
    words = {P50: "p50", CALL: "time per call", CPU: "CPU"}
    return Target(
        says=f"{subject}, {case}, {words[measure]} ÷ {reference}",
        of=_row(case, subject, measure),
        against=_row(case, reference, measure),
        at_most=at_most,
        profile=profile,
    )


def _async_client() -> Iterator[Target]:
    alone, tls = f"{PROFILE} --concurrent 1", f"{PROFILE} --tls"
    for measure in (P50, CPU):
        yield _ratio(ALONE, OURS, measure, 0.60, profile=alone)
    for number in overhead.CONCURRENT:
        yield _ratio(overhead.case(number), OURS, CALL, 0.50)
    for number, measure, at_most in ((1, P50, 0.58), (overhead.IN_FLIGHT, CALL, 0.56)):
        yield _ratio(overhead.case(number, server.TLS), OURS, measure, at_most, profile=tls)
    for number, measure, at_most in ((1, P50, 0.50), (overhead.CONCURRENT_UVLOOP, CALL, 0.45)):
        yield _ratio(overhead.case(number, overhead.UVLOOP), OURS, measure, at_most)
    for version in interpreters.OTHERS:
        yield _ratio(other_pythons.case(version), OURS, P50, 0.62, profile=alone)
    yield _ratio(ALONE, ours.WITH_SESSION.name, P50, 1.02, profile=f"{PROFILE} session")


def _client() -> Iterator[Target]:
    yield _ratio(ALONE, ours.CLIENT.name, P50, 0.85)
    yield _ratio(ALONE, overhead.UNPINNED, P50, 0.95)
    yield _ratio(IN_FLIGHT, overhead.IN_THREADS, CALL, 0.65)


def _batches() -> Iterator[Target]:
    case, slow = (
        overhead.batch_case(overhead.ROWS),
        overhead.batch_case(overhead.ROWS, overhead.SLOW),
    )
    for subject, at_most, profile in (
        (batches.CREATE_MANY, 0.62, f"{PROFILE} batch"),
        (batches.WITH_JOURNAL, 0.95, f"{PROFILE} journal"),
    ):
        yield _ratio(case, subject, CALL, at_most, reference=batches.GATHER, profile=profile)
    yield Target(
        says=f"{batches.WITH_JOURNAL}, {slow}, throughput ÷ without",
        of=_row(slow, batches.CREATE_MANY, CALL),
        against=_row(slow, batches.WITH_JOURNAL, CALL),
        at_least=0.97,
        profile=f"{PROFILE} journal",
    )


def _official() -> Iterator[Target]:
    official = on_threads.OFFICIAL.name
    for case, name, at_least in (
        (overhead.every_client(1), "plain", 14),
        (overhead.OFFICIAL_TLS, "TLS", 20),
    ):
        yield Target(
            says=f"{official}, sequential, {name}, time per call ÷ {OURS}",
            of=_row(case, official, CALL),
            against=_row(case, OURS, CALL),
            at_least=at_least,
            profile=f"{PROFILE} --concurrent 1",
        )


TARGETS = (*_async_client(), *_client(), *_batches(), *_official())
