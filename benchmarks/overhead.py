"""What our layers cost: plain aiohttp and ours in turn, a few calls each, on one event loop.

The two are within a few percent of each other. Between the turns of `calls` a machine drifts more
than that; here they are milliseconds apart, hundreds of times.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from contextlib import AsyncExitStack

from . import rounds, server
from .clients import on_asyncio, ours
from .clients.kinds import Create
from .figures import Row
from .server import Endpoint

NAME, CASE = "overhead", "plain, in turn"
CLIENTS = (on_asyncio.PLAIN_AIOHTTP, ours.ASYNC_CLIENT)
_CALLS, _WARM_UP = 20, 200
_CONNECTIONS = 100
"""As many as both have when nobody says how many."""


async def _turn(create: Create) -> rounds.Figures:
    """A few calls, one after the other: the median of a call's time, and the CPU of one."""
    times = []
    cpu = time.process_time()
    for _ in range(_CALLS):
        began = time.perf_counter()
        await create()
        times.append(time.perf_counter() - began)
    cpu = time.process_time() - cpu
    return {"p50 µs": statistics.median(times) * 1e6, "CPU µs": cpu / _CALLS * 1e6}


async def _turns(endpoint: Endpoint, number: int) -> dict[str, list[rounds.Figures]]:
    figures: dict[str, list[rounds.Figures]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        creates = {
            client.name: await stack.enter_async_context(client.open(endpoint, _CONNECTIONS))
            for client in CLIENTS
        }
        for create in creates.values():
            for _ in range(_WARM_UP):
                await create()
        for turn in range(number):
            for _, name in rounds.order({CASE: creates}, turn):
                figures[name].append(await _turn(creates[name]))
    return figures


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    with server.running() as endpoints:
        figures = asyncio.run(_turns(endpoints[server.PLAIN], 3 if quick else 1500))
    return [
        Row(
            benchmark=NAME,
            case=CASE,
            subject=client.name,
            measure=measure,
            values=tuple(turn[measure] for turn in figures[client.name]),
        )
        for client in CLIENTS
        for measure in ("p50 µs", "CPU µs")
    ]
