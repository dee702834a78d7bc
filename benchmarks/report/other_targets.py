"""The targets of everything but a call: threads, codec, memory, start-up, sandbox, scaling."""

from __future__ import annotations

from collections.abc import Iterator

from .. import (
    batch,
    codec,
    imports,
    long_run,
    memory,
    sandbox,
    scaling,
    server,
    startup,
    throughput,
    waiting_calls,
)
from ..turns import batches
from .targets import Key, Target

FLAT = 1.3
"""How much more a call may take at the largest size: plain aiohttp's own grows by a quarter."""

FLAT_UP_TO_512 = FLAT_IN_ALL = 1.1
_IMPORT_TIME = 'python -X importtime -c "import nylas_bookings"'
_SANDBOX = "python -m benchmarks.shares sandbox"


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


def _memory() -> Iterator[Target]:
    case, held = memory.case(10_000), "held MB"
    yield Target(
        says=f"{case} held ÷ official SDK",
        of=(memory.NAME, case, memory.OURS, held),
        against=(memory.NAME, case, "official SDK", held),
        at_most=0.27,
    )
    queued = waiting_calls.queued_case(waiting_calls.CALLS)
    waiting = (memory.NAME, queued, waiting_calls.OURS)
    yield Target(says=f"{queued}, KB each", of=(*waiting, waiting_calls.EACH), at_most=6)
    yield Target(says=f"{queued}, MB", of=(*waiting, waiting_calls.ALL), at_most=60)
    for number in (10_000, 100_000):
        for subject in (batches.CREATE_MANY, batches.WITH_JOURNAL):
            yield Target(
                says=f"{subject}, {batch.case(number)}, peak memory, MB",
                of=(batch.NAME, batch.case(number), subject, "peak memory MB"),
                at_most=12,
            )


def _starting() -> Iterator[Target]:
    ms = "above bare ms"
    yield Target(
        says="import nylas_bookings ÷ import nylas",
        of=(imports.NAME, imports.CASE, imports.OURS, ms),
        against=(imports.NAME, imports.CASE, imports.OFFICIAL, ms),
        at_most=0.05,
        profile=_IMPORT_TIME,
    )
    yield Target(
        says="nylas-bookings --help ÷ the --help of a cyclopts app with one command",
        of=(startup.NAME, startup.CASE, startup.HELP, startup.MEASURE),
        against=(startup.NAME, startup.CASE, startup.CYCLOPTS, startup.MEASURE),
        at_most=1.02,
        profile="python -X importtime -m nylas_bookings --help",
    )


def _sandbox() -> Iterator[Target]:
    yield Target(
        says="sandbox, a create in process, p50 ÷ aiohttp's call",
        of=(sandbox.NAME, sandbox.IN_PROCESS, sandbox.SANDBOX, "p50 µs"),
        against=(sandbox.NAME, sandbox.IN_PROCESS, sandbox.AIOHTTP, "p50 µs"),
        at_most=0.70,
        profile=_SANDBOX,
    )
    # Throughput is the inverse of the time per call.
    yield Target(
        says="sandbox, creates over a socket, throughput ÷ aiohttp's",
        of=(sandbox.NAME, sandbox.OVER_A_SOCKET, sandbox.AIOHTTP, "call µs"),
        against=(sandbox.NAME, sandbox.OVER_A_SOCKET, sandbox.SANDBOX, "call µs"),
        at_least=0.45,
        profile=_SANDBOX,
    )


def _growth(case: str, smallest: int, largest: int, at_most: float, measure: str) -> Target:
    return Target(
        says=f"{case}: a call at {largest:,} ÷ at {smallest:,}",
        of=(scaling.NAME, case, f"{largest:,}", measure),
        against=(scaling.NAME, case, f"{smallest:,}", measure),
        at_most=at_most,
    )


def _scaling() -> Iterator[Target]:
    for scale in (scaling.WAITING, scaling.CONNECTIONS):
        yield _growth(scale.case, 32, 512, FLAT_UP_TO_512, scaling.MEASURE)
    yield _growth(long_run.CASE, *long_run.SIZES, FLAT_IN_ALL, long_run.MEASURE)
    for scale in scaling.SCALES:
        yield _growth(scale.case, scale.sizes[0], scale.sizes[-1], FLAT, scaling.MEASURE)


TARGETS = (
    *(*_starting(), *_sandbox(), *_throughput(), *_codec()),
    *(*_memory(), *_scaling()),
)
