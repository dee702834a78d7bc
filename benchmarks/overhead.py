"""What our layers cost: plain aiohttp and ours in turn, a moment each, on one event loop.

The two are within a few percent of each other. Between the turns of `calls` and of `throughput` a
machine drifts more than that; here they follow each other at once, many times.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable
from contextlib import AsyncExitStack

from . import rounds, server
from .clients import on_asyncio, ours
from .clients.kinds import Create
from .figures import Row
from .server import Endpoint

NAME = "overhead"
CLIENTS = (on_asyncio.PLAIN_AIOHTTP, ours.ASYNC_CLIENT)
AT_A_TIME = (1, 32, 128, 512)
_CALLS, _AT_LEAST_EACH = 400, 2
_CALLS_ONE_BY_ONE = 20
_CALLS_IN_ALL = 90_000
_TURNS_ONE_BY_ONE = 1500


def case(number: int) -> str:
    """How it is called in the tables."""
    return f"{number} at a time, in turn"


async def _one_by_one(create: Create) -> rounds.Figures:
    """A few calls, one after the other: the median of a call's time, and the CPU of one."""
    times = []
    cpu = time.process_time()
    for _ in range(_CALLS_ONE_BY_ONE):
        began = time.perf_counter()
        await create()
        times.append(time.perf_counter() - began)
    cpu = time.process_time() - cpu
    return {"p50 µs": statistics.median(times) * 1e6, "CPU µs": cpu / len(times) * 1e6}


def _each(number: int) -> int:
    """How many calls each of so many tasks makes in a turn."""
    return max(_AT_LEAST_EACH, _CALLS // number)


async def in_tasks(create: Create, number: int, each: int) -> None:
    """So many calls in each of so many tasks."""

    async def task() -> None:
        for _ in range(each):
            await create()

    await asyncio.gather(*(task() for _ in range(number)))


async def _at_a_time(create: Create, number: int) -> rounds.Figures:
    """A few calls in each of so many tasks."""
    each = _each(number)
    cpu, began = time.process_time(), time.perf_counter()
    await in_tasks(create, number, each)
    elapsed, cpu = time.perf_counter() - began, time.process_time() - cpu
    calls = number * each
    return {"creates/s": calls / elapsed, "CPU µs": cpu / calls * 1e6}


def _turn(create: Create, number: int) -> Awaitable[rounds.Figures]:
    return _one_by_one(create) if number == 1 else _at_a_time(create, number)


def _turns(number: int) -> int:
    return _TURNS_ONE_BY_ONE if number == 1 else _CALLS_IN_ALL // (number * _each(number))


async def _in_turn(endpoint: Endpoint, number: int, turns: int) -> list[dict[str, rounds.Figures]]:
    """What the clients took in each turn, by their names."""
    async with AsyncExitStack() as stack:
        creates = {
            client.name: await stack.enter_async_context(client.open(endpoint, number))
            for client in CLIENTS
        }
        for create in creates.values():
            await _at_a_time(create, number)
        gc.collect()
        return [
            {
                name: await _turn(creates[name], number)
                for _, name in rounds.order({NAME: creates}, turn)
            }
            for turn in range(turns)
        ]


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    measured: list[Row] = []
    with server.running() as endpoints:
        for number in (1, 32) if quick else AT_A_TIME:
            most = 2 if quick else _turns(number)
            turns = asyncio.run(_in_turn(endpoints[server.PLAIN], number, most))
            for client in CLIENTS:
                figures = [turn[client.name] for turn in turns]
                measured += rounds.rows(NAME, case(number), client.name, figures)
    return measured
