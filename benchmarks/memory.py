"""What is held in memory: by bookings, by connections, and by calls that wait."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from functools import partial

import orjson

from . import create, processes, server, waiting_calls
from .clients import ours
from .clients.on_threads import OFFICIAL
from .figures import Row
from .rounds import Figures, Work, interleaved
from .server import Endpoint

NAME = "memory"
OURS, DICTS = "nylas_bookings", "dicts of orjson"


def case(number: int) -> str:
    """Name the case in the tables."""
    return f"{number:,} bookings"


def _ours(endpoint: Endpoint, number: int) -> list[object]:
    async def hold() -> list[object]:
        async with ours.ASYNC_CLIENT.open(endpoint, 1) as call:
            return [await call() for _ in range(number)]

    return asyncio.run(hold())


def _official(endpoint: Endpoint, number: int) -> list[object]:
    with OFFICIAL.open(endpoint, 1) as call:
        return [call() for _ in range(number)]


def _dicts(endpoint: Endpoint, number: int) -> list[object]:
    return [orjson.loads(create.ANSWER)["data"] for _ in range(number)]


def _held(
    make: Callable[[Endpoint, int], list[object]], endpoint: Endpoint, number: int
) -> Figures:
    """Measure the memory that the bookings hold, once everything is imported."""
    make(endpoint, 100)
    gc.collect()
    before = processes.memory()
    bookings = make(endpoint, number)
    gc.collect()
    held = processes.memory() - before
    return {"held MB": held * number / len(bookings)}


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    number = 200 if quick else 10_000
    subjects: dict[str, Callable[[Endpoint, int], list[object]]] = {OURS: _ours, DICTS: _dicts}
    if OFFICIAL.is_installed():
        subjects = {OFFICIAL.name: _official, **subjects}
    with server.running() as endpoints:
        works: dict[str, Work] = {
            name: partial(processes.in_child, _held, make, endpoints[server.PLAIN], number)
            for name, make in subjects.items()
        }
        every = {case(number): works, **waiting_calls.works(endpoints, quick=quick)}
        return interleaved(NAME, every, 1 if quick else 3)
