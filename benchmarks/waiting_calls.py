"""What a connection and a call that waits hold in memory: ours, and plain aiohttp's."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, TypeAlias

from . import processes, server
from .clients import on_asyncio, ours
from .clients.kinds import Awaited, Create
from .rounds import Figures, Work
from .server import Endpoint

EACH, ALL = "each KB", "all MB"
AIOHTTP, OURS = on_asyncio.PLAIN_AIOHTTP.name, ours.ASYNC_CLIENT.name
CALLS = 10_000
_FEW_CONNECTIONS, _CONNECTIONS = 8, 500
_QUEUE_SECONDS, _CONNECT_SECONDS = server.SLOW_SECONDS / 2, server.HELD_SECONDS / 2
_CLIENTS = (on_asyncio.PLAIN_AIOHTTP, ours.ASYNC_CLIENT)
_Hold: TypeAlias = Callable[[Awaited, Endpoint, int], Coroutine[Any, Any, float]]


def idle_case(number: int) -> str:
    """Name the case of idle connections."""
    return f"{number:,} idle connections"


def queued_case(number: int) -> str:
    """Name the case of calls that wait for a connection."""
    return f"{number:,} calls that wait for a connection"


def sent_case(number: int) -> str:
    """Name the case of calls that wait for their response."""
    return f"{number:,} calls that wait for a response, with their connections"


def _current_memory() -> float:
    gc.collect()
    return processes.memory()


async def _hold_idle(client: Awaited, endpoint: Endpoint, number: int) -> float:
    """Leave that many connections open; returns the MB that they hold."""
    async with client.open(endpoint, 1) as create:
        await create()
    async with client.open(endpoint, number) as create:
        await create()
        before = _current_memory()
        await asyncio.gather(*(create() for _ in range(number)))
        return _current_memory() - before


async def _hold_queue(client: Awaited, endpoint: Endpoint, number: int) -> float:
    """Start that many calls on few connections; returns the MB that they hold."""
    async with client.open(endpoint, _FEW_CONNECTIONS) as create:
        await asyncio.gather(*(create() for _ in range(_FEW_CONNECTIONS)))
        return await _hold_calls(create, number, _QUEUE_SECONDS)


async def _hold_in_flight(client: Awaited, endpoint: Endpoint, number: int) -> float:
    """Send that many calls, each on a new connection; returns the MB that they hold together."""
    async with client.open(endpoint, number) as create:
        await create()
        return await _hold_calls(create, number, _CONNECT_SECONDS)


async def _hold_calls(create: Create, number: int, seconds: float) -> float:
    before = _current_memory()
    tasks = [asyncio.ensure_future(create()) for _ in range(number)]
    await asyncio.sleep(seconds)
    held = _current_memory() - before
    waiting = sum(not task.done() for task in tasks)
    assert waiting > 0.9 * number, f"only {waiting} of {number} calls were waiting"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return held


def _run(hold: _Hold, client: Awaited, endpoint: Endpoint, number: int) -> Figures:
    held = asyncio.run(hold(client, endpoint, number))
    return {EACH: held * 1024 / number, ALL: held}


def works(endpoints: Mapping[str, Endpoint], *, quick: bool) -> dict[str, dict[str, Work]]:
    """Return what there is to measure, by case and by subject; each in a process of its own."""
    connections, calls = (50, 500) if quick else (_CONNECTIONS, CALLS)
    cases: dict[str, tuple[_Hold, str, int]] = {
        idle_case(connections): (_hold_idle, server.PLAIN, connections),
        f"{idle_case(connections)}, {server.TLS}": (_hold_idle, server.TLS, connections),
        queued_case(calls): (_hold_queue, server.SLOW, calls),
        sent_case(connections): (_hold_in_flight, server.HELD, connections),
    }
    return {
        case: {
            client.name: partial(processes.in_child, _run, hold, client, endpoints[name], number)
            for client in _CLIENTS
        }
        for case, (hold, name, number) in cases.items()
        if name in endpoints
    }
