"""What must be reached: ratios of two rows, and a few figures alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from attrs import frozen

from .. import (
    batch,
    calls,
    codec,
    imports,
    memory,
    overhead,
    sandbox,
    scaling,
    server,
    startup,
    throughput,
)
from ..figures import Row, Spread, rounded
from .run import Run

Key: TypeAlias = tuple[str, str, str, str]
"""Benchmark, case, subject, measure."""

FLAT = 1.3
"""How much more a call may cost at the largest size: aiohttp's own grows by a quarter."""


@frozen(kw_only=True)
class Target:
    """A figure, or its ratio to another one, and what it may be.

    Attributes:
        says: What it is about.
        of: The row.
        against: The row it is divided by, round by round.
    """

    says: str
    of: Key
    against: Key | None = None
    at_most: float = math.inf
    at_least: float = 0.0

    def limit(self) -> str:
        """What it may be, in short."""
        return f"≥ {self.at_least:g}" if self.at_least else f"≤ {self.at_most:g}"


@frozen
class Verdict:
    """What was measured beside a target, if both of its rows are there."""

    target: Target
    measured: Spread | None

    @property
    def is_met(self) -> bool:
        """Whether the median is what it may be, in the digits that are shown."""
        if self.measured is None:
            return False
        return self.target.at_least <= rounded(self.measured.median) <= self.target.at_most

    def __str__(self) -> str:
        if self.measured is None:
            return "not measured"
        return "met" if self.is_met else "MISSED"


def verdicts(run: Run, targets: tuple[Target, ...] | None = None) -> list[Verdict]:
    """A verdict for each target of the benchmarks that were run.

    In a quick run, which has smaller sizes, only for what was measured.
    """
    rows = {row.key: row for row in run.rows}
    names = {row.benchmark for row in run.rows}
    concerned = [target for target in targets or TARGETS if target.of[0] in names]
    found = [Verdict(target, _measured(target, rows)) for target in concerned]
    return [verdict for verdict in found if verdict.measured is not None or not run.quick]


def _measured(target: Target, rows: dict[Key, Row]) -> Spread | None:
    row = rows.get(target.of)
    if row is None or target.against is None:
        return None if row is None else row.spread()
    other = rows.get(target.against)
    return None if other is None else row.against(other)


def _overhead() -> Iterator[Target]:
    def rows(number: int, measure: str) -> list[Key]:
        return [(overhead.NAME, overhead.case(number), c.name, measure) for c in overhead.CLIENTS]

    for measure in ("p50", "CPU"):
        theirs, own = rows(1, f"{measure} µs")
        yield Target(
            says=f"AsyncClient, one create, {measure} ÷ aiohttp",
            of=own,
            against=theirs,
            at_most=1.0,
        )
    for number in overhead.AT_A_TIME[1:]:
        theirs, own = rows(number, "creates/s")
        yield Target(
            says=f"AsyncClient, creates/s, {number} at a time ÷ aiohttp",
            of=own,
            against=theirs,
            at_least=1.0,
        )


def _calls() -> Iterator[Target]:
    def p50(subject: str, connection: str = server.PLAIN) -> Key:
        return calls.NAME, connection, subject, "p50 µs"

    for connection, times in ((server.PLAIN, 6), (server.TLS, 13)):
        yield Target(
            says=f"official SDK, one create, p50, {connection} ÷ AsyncClient",
            of=p50("official SDK", connection),
            against=p50("AsyncClient", connection),
            at_least=times,
        )
    yield Target(
        says="Client, one create, p50 ÷ aiohttp, awaited",
        of=p50("Client"),
        against=p50("aiohttp"),
        at_most=1.4,
    )


def _throughput() -> Iterator[Target]:
    def rate(subject: str, number: int, connection: str = server.PLAIN) -> Key:
        return throughput.NAME, throughput.case(connection, number), subject, "creates/s"

    for connection, times in ((server.PLAIN, 7), (server.TLS, 18)):
        for number in throughput.IN_THREADS:
            yield Target(
                says=f"AsyncClient, creates/s, {connection} ÷ official SDK in {number} threads",
                of=rate("AsyncClient", 32, connection),
                against=rate("official SDK", number, connection),
                at_least=times,
            )
    yield Target(
        says="Client in 32 threads, creates/s ÷ requests in 32 threads",
        of=rate("Client", 32),
        against=rate("requests", 32),
        at_least=3.5,
    )


def _codec() -> Iterator[Target]:
    for case, most in ((codec.DECODING, 3.5), (codec.ENCODING, 3.0)):
        ours = (codec.NAME, case, codec.OURS, "each µs")
        alone = (codec.NAME, case, codec.ALONE, "each µs")
        yield Target(says=f"{case}, µs", of=ours, at_most=most)
        yield Target(says=f"{case} ÷ {codec.ALONE}", of=ours, against=alone, at_most=1.2)


def _batch() -> Iterator[Target]:
    case, slow = batch.case(10_000), batch.slow_case(10_000)

    def rate(subject: str, of: str = case) -> Key:
        return batch.NAME, of, subject, "creates/s"

    yield Target(
        says=f"{batch.OURS}, {case}, creates/s ÷ {batch.GATHER}",
        of=rate(batch.OURS),
        against=rate(batch.GATHER),
        at_least=0.95,
    )
    for of in (case, slow):
        yield Target(
            says=f"{batch.WITH_JOURNAL}, {of}, creates/s ÷ without",
            of=rate(batch.WITH_JOURNAL, of),
            against=rate(batch.OURS, of),
            at_least=0.9,
        )


def _memory() -> Iterator[Target]:
    case, held = memory.case(10_000), "held MB"
    yield Target(
        says=f"{case} held ÷ official SDK",
        of=(memory.NAME, case, memory.OURS, held),
        against=(memory.NAME, case, "official SDK", held),
        at_most=0.27,
    )
    for number in (10_000, 100_000):
        for subject in (batch.OURS, batch.WITH_JOURNAL):
            yield Target(
                says=f"{subject}, {batch.case(number)}, peak memory, MB",
                of=(batch.NAME, batch.case(number), subject, "peak memory MB"),
                at_most=12,
            )


def _others() -> Iterator[Target]:
    ms = "above bare ms"
    yield Target(
        says="import nylas_bookings ÷ import nylas",
        of=(imports.NAME, imports.CASE, imports.OURS, ms),
        against=(imports.NAME, imports.CASE, imports.OFFICIAL, ms),
        at_most=0.3,
    )
    started = (startup.NAME, startup.CASE, startup.HELP, startup.MEASURE)
    yield Target(says="nylas-bookings --help, ms", of=started, at_most=150)
    yield Target(
        says="the same ÷ cyclopts alone, which took 143 ms where 150 was asked for",
        of=started,
        against=(startup.NAME, startup.CASE, startup.CYCLOPTS, startup.MEASURE),
        at_most=1.05,
    )
    in_process, over_a_socket = sandbox.IN_PROCESS, sandbox.OVER_A_SOCKET
    create = (sandbox.NAME, in_process, sandbox.CREATE, "each µs")
    creates = (sandbox.NAME, over_a_socket, sandbox.CREATES, "creates/s")
    yield Target(says="sandbox, a create in process, µs", of=create, at_most=150)
    yield Target(
        says="the same ÷ aiohttp's call, which took 170 µs where 150 was asked for",
        of=create,
        against=(sandbox.NAME, in_process, sandbox.YARDSTICK, "each µs"),
        at_most=0.88,
    )
    yield Target(says="sandbox, creates/s over a socket", of=creates, at_least=1500)
    yield Target(
        says="the same ÷ aiohttp's calls, of which there were 7,800/s where 1,500 was asked for",
        of=creates,
        against=(sandbox.NAME, over_a_socket, sandbox.YARDSTICK, "creates/s"),
        at_least=0.19,
    )
    for scale in scaling.SCALES:
        smallest, largest = scale.sizes[0], scale.sizes[-1]
        yield Target(
            says=f"{scale.case}: a call at {largest:,} ÷ at {smallest:,}",
            of=(scaling.NAME, scale.case, f"{largest:,}", scaling.MEASURE),
            against=(scaling.NAME, scale.case, f"{smallest:,}", scaling.MEASURE),
            at_most=FLAT,
        )


TARGETS = (*_overhead(), *_calls(), *_throughput(), *_codec(), *_batch(), *_memory(), *_others())
