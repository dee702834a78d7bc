"""Turns of single creates: one at a time, or concurrent in tasks or in threads."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from .. import processes
from ..clients.kinds import AnyClient, Awaited, Blocking, BlockingCreate, Create
from ..rounds import Figures
from ..server import Endpoint
from .harness import Contender, Loop, Stopwatch, Turn, enter

CALLS_ONE_AT_A_TIME = 20
_CALLS_CONCURRENT, _MIN_CALLS_EACH = 400, 2


def one_at_a_time(
    client: AnyClient, endpoint: Endpoint, *, calls: int = CALLS_ONE_AT_A_TIME
) -> Contender:
    """Make a few calls, each after the last has returned; measures their median too."""
    if isinstance(client, Awaited):
        return Contender(client.name, partial(_open_async, client, endpoint, calls))
    return Contender(client.name, partial(_open_blocking, client, endpoint, calls))


@contextmanager
def _open_async(client: Awaited, endpoint: Endpoint, calls: int, loop: Loop) -> Iterator[Turn]:
    with enter(loop, client.open(endpoint, 1)) as create:
        yield lambda: loop.run_until_complete(_await_each(create, calls))


async def _await_each(create: Create, calls: int) -> Figures:
    watch, times = Stopwatch(), []
    for _ in range(calls):
        began = time.perf_counter()
        await create()
        times.append(time.perf_counter() - began)
    return _with_median(watch.per_call(calls), times)


@contextmanager
def _open_blocking(client: Blocking, endpoint: Endpoint, calls: int, loop: Loop) -> Iterator[Turn]:
    with client.open(endpoint, 1) as create:
        yield lambda: _call_each(create, calls)


def _call_each(create: BlockingCreate, calls: int) -> Figures:
    watch, times = Stopwatch(), []
    for _ in range(calls):
        began = time.perf_counter()
        create()
        times.append(time.perf_counter() - began)
    return _with_median(watch.per_call(calls), times)


def _with_median(figures: Figures, times: list[float]) -> Figures:
    return {"p50 µs": statistics.median(times) * 1e6, **figures}


def unpin(contender: Contender, name: str) -> Contender:
    """Let the threads of a contender use every processor during its turns."""

    @contextmanager
    def open_contender(loop: Loop) -> Iterator[Turn]:
        with contender.open(loop) as turn:
            yield partial(_take_turn_on_all_processors, turn)

    return Contender(name, open_contender)


def _take_turn_on_all_processors(turn: Turn) -> Figures:
    with processes.allow_all_processors():
        return turn()


def concurrent(
    client: AnyClient,
    endpoint: Endpoint,
    number: int,
    *,
    connections: int | None = None,
    name: str | None = None,
    calls: int = _CALLS_CONCURRENT,
) -> Contender:
    """Make that many calls at the same time, in tasks or in threads, a few in each.

    With fewer connections than calls, the other calls wait for a connection.
    """
    each = max(_MIN_CALLS_EACH, calls // number)
    if isinstance(client, Awaited):
        most = connections or number
        return Contender(
            name or client.name, partial(_open_tasks, client, endpoint, most, number, each)
        )
    return Contender(name or client.name, partial(_open_threads, client, endpoint, number, each))


@contextmanager
def _open_tasks(
    client: Awaited, endpoint: Endpoint, connections: int, number: int, each: int, loop: Loop
) -> Iterator[Turn]:
    with enter(loop, client.open(endpoint, connections)) as create:
        yield lambda: loop.run_until_complete(_run_tasks(create, number, each))


async def _run_tasks(create: Create, number: int, each: int) -> Figures:
    watch = Stopwatch()
    await call_in_tasks(create, number, each)
    return watch.per_call(number * each)


async def call_in_tasks(create: Create, number: int, each: int) -> None:
    """Make that many calls in each of that many tasks."""

    async def call_each() -> None:
        for _ in range(each):
            await create()

    await asyncio.gather(*(call_each() for _ in range(number)))


@contextmanager
def _open_threads(
    client: Blocking, endpoint: Endpoint, number: int, each: int, loop: Loop
) -> Iterator[Turn]:
    # One of the threads is this one: a single caller needs no other.
    with client.open(endpoint, number) as create, ThreadPoolExecutor(max(1, number - 1)) as pool:
        yield partial(_run_threads, pool, create, number, each)


def _run_threads(
    pool: ThreadPoolExecutor, create: BlockingCreate, number: int, each: int
) -> Figures:
    def call_each() -> None:
        for _ in range(each):
            create()

    watch = Stopwatch()
    others = [pool.submit(call_each) for _ in range(number - 1)]
    call_each()
    for other in others:
        other.result()
    return watch.per_call(number * each)
