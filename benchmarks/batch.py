"""A batch of creates, each in a process of its own: throughput, CPU, and peak memory.

`create_many` is compared with what one would write instead: `asyncio.gather` on aiohttp with all
calls at once, and the official SDK in threads.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from nylas_bookings import AsyncClient, PublicConfiguration

from . import processes, server
from .clients.on_asyncio import PLAIN_AIOHTTP
from .clients.on_threads import OFFICIAL
from .create import CONFIGURATION, new_bookings
from .figures import Row
from .rounds import Figures, Work, interleaved
from .server import Endpoint
from .turns.batches import CREATE_MANY, GATHER, WITH_JOURNAL

NAME = "batch"
IN_FLIGHT = 32
_MOST_GATHERED, _MOST_OFFICIAL = 10_000, 1_000


def case(number: int) -> str:
    """Name the case in the tables."""
    return f"{number:,} creates"


@contextmanager
def _measured(number: int, figures: dict[str, float]) -> Iterator[None]:
    memory, wall, cpu = processes.memory(), time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    figures["creates/s"] = number / wall
    figures["CPU µs"] = cpu / number * 1e6
    figures["peak memory MB"] = processes.memory_peak() - memory


async def create_many(endpoint: Endpoint, number: int, journal: Path | None) -> Figures:
    """Measure `create_many`."""
    figures: dict[str, float] = {}
    auth = PublicConfiguration(CONFIGURATION)
    async with AsyncClient(auth, api_url=endpoint.url, connections=IN_FLIGHT) as nylas:
        await nylas.bookings.create_many(new_bookings(1))
        with _measured(number, figures):
            report = await nylas.bookings.create_many(
                new_bookings(number), concurrency=IN_FLIGHT, journal=journal
            )
    assert report.created == number, report
    return figures


def _ours(endpoint: Endpoint, number: int) -> Figures:
    return asyncio.run(create_many(endpoint, number, None))


def _with_journal(endpoint: Endpoint, number: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(create_many(endpoint, number, Path(folder) / "journal.sqlite3"))


def _gather(endpoint: Endpoint, number: int) -> Figures:
    async def gather() -> Figures:
        figures: dict[str, float] = {}
        async with PLAIN_AIOHTTP.open(endpoint, IN_FLIGHT) as create:
            await create()
            with _measured(number, figures):
                await asyncio.gather(*(create() for _ in range(number)))
        return figures

    return asyncio.run(gather())


def official(threads: int) -> str:
    """Name the official SDK in that many threads."""
    return f"official SDK, {threads} threads"


def _official(endpoint: Endpoint, number: int, threads: int) -> Figures:
    figures: dict[str, float] = {}
    with OFFICIAL.open(endpoint, threads) as create, ThreadPoolExecutor(threads) as pool:
        create()
        with _measured(number, figures):
            list(pool.map(lambda _: create(), range(number)))
    return figures


def _works(endpoint: Endpoint, number: int, threads: tuple[int, ...]) -> dict[str, Work]:
    alone = processes.in_child
    works: dict[str, Work] = {}
    if number <= _MOST_GATHERED:
        works[GATHER] = partial(alone, _gather, endpoint, number)
    works[CREATE_MANY] = partial(alone, _ours, endpoint, number)
    works[WITH_JOURNAL] = partial(alone, _with_journal, endpoint, number)
    if number <= _MOST_OFFICIAL and OFFICIAL.is_installed():
        for count in threads:
            works[official(count)] = partial(alone, _official, endpoint, number, count)
    return works


def slow_case(number: int) -> str:
    """Name the case with the latency of an API that is near."""
    return f"{case(number)}, {server.SLOW_SECONDS * 1e3:.0f} ms each"


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    sizes = (200,) if quick else (1_000, 10_000, 100_000)
    threads = (8,) if quick else (8, 32, 64)
    some = 200 if quick else 10_000
    with server.running() as endpoints:
        endpoint, slow = endpoints[server.PLAIN], endpoints[server.SLOW]
        works = {case(number): _works(endpoint, number, threads) for number in sizes}
        works[slow_case(some)] = {
            CREATE_MANY: partial(processes.in_child, _ours, slow, some),
            WITH_JOURNAL: partial(processes.in_child, _with_journal, slow, some),
        }
        return interleaved(NAME, works, 1 if quick else 3)
