"""The two ways to load the server: one call after the other, and concurrent calls."""

from __future__ import annotations

import asyncio
import gc
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from attrs import define, field

from .clients.kinds import AnyClient, Awaited, Blocking, BlockingCreate, Create
from .rounds import Figures
from .server import Endpoint

WARM_UP, AT_LEAST = 20, 5


@define
class Meter:
    """Counts calls for some seconds, with their wall time and CPU."""

    seconds: float
    times: list[float] = field(factory=list, init=False)
    _wall: float = field(factory=time.perf_counter, init=False)
    _cpu: float = field(factory=time.process_time, init=False)
    _last: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._last = self._wall

    def is_over(self) -> bool:
        """Whether the seconds have passed, with enough calls."""
        return self._last - self._wall >= self.seconds and len(self.times) >= AT_LEAST

    def lap(self) -> None:
        """Count a call that has ended."""
        now = time.perf_counter()
        self.times.append(now - self._last)
        self._last = now

    def cpu(self) -> float:
        """Return the CPU microseconds of each call."""
        return (time.process_time() - self._cpu) / len(self.times) * 1e6

    def elapsed(self) -> float:
        """Return the seconds from the start to the end of the last call."""
        return self._last - self._wall


def one_by_one(client: AnyClient, endpoint: Endpoint, seconds: float) -> Figures:
    """Measure one call after the other."""
    gc.collect()
    if isinstance(client, Awaited):
        meter = asyncio.run(_one_by_one(client, endpoint, seconds))
    else:
        meter = _one_by_one_blocking(client, endpoint, seconds)
    cuts = statistics.quantiles(meter.times, n=100, method="inclusive")
    return {"p50 µs": cuts[49] * 1e6, "p99 µs": cuts[98] * 1e6, "CPU µs": meter.cpu()}


async def _one_by_one(client: Awaited, endpoint: Endpoint, seconds: float) -> Meter:
    async with client.open(endpoint, 1) as create:
        for _ in range(WARM_UP):
            await create()
        meter = Meter(seconds)
        while not meter.is_over():
            await create()
            meter.lap()
    return meter


def _one_by_one_blocking(client: Blocking, endpoint: Endpoint, seconds: float) -> Meter:
    with client.open(endpoint, 1) as create:
        for _ in range(WARM_UP):
            create()
        meter = Meter(seconds)
        while not meter.is_over():
            create()
            meter.lap()
    return meter


def many(
    client: AnyClient,
    endpoint: Endpoint,
    number: int,
    seconds: float,
    connections: int | None = None,
) -> Figures:
    """Measure concurrent calls, in tasks or in threads, each on an open connection.

    With fewer connections than calls, the other calls wait for one.
    """
    gc.collect()
    if isinstance(client, Awaited):
        return asyncio.run(_in_tasks(client, endpoint, number, seconds, connections or number))
    with client.open(endpoint, connections or number) as create:
        return _in_threads(create, endpoint, number, seconds)


async def _in_tasks(
    client: Awaited, endpoint: Endpoint, number: int, seconds: float, connections: int
) -> Figures:
    async with client.open(endpoint, connections) as create:
        await asyncio.gather(*(create() for _ in range(number)))
        busy = endpoint.server_cpu()
        meter = Meter(seconds)
        await asyncio.gather(*(_task(create, meter) for _ in range(number)))
        return _rates(meter, endpoint.server_cpu() - busy)


async def _task(create: Create, meter: Meter) -> None:
    while not meter.is_over():
        await create()
        meter.lap()


def _in_threads(create: BlockingCreate, endpoint: Endpoint, number: int, seconds: float) -> Figures:
    meters: list[Meter] = []
    busy: list[float] = []

    def begin() -> None:
        busy.append(endpoint.server_cpu())
        meters.append(Meter(seconds))

    together = threading.Barrier(number, begin, timeout=120)

    def thread(_: int) -> None:
        create()
        together.wait()
        (meter,) = meters
        while not meter.is_over():
            create()
            meter.lap()

    with ThreadPoolExecutor(number) as pool:
        list(pool.map(thread, range(number)))
    return _rates(meters[0], endpoint.server_cpu() - busy[0])


def _rates(meter: Meter, server_cpu: float) -> Figures:
    return {
        "creates/s": len(meter.times) / meter.elapsed(),
        "CPU µs": meter.cpu(),
        "server busy %": server_cpu / meter.elapsed() * 100,
    }
