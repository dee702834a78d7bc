"""The sandbox: slots of a month, and creates in this process and over a socket to another one.

Creates are held against a call that plain aiohttp makes on a server that only answers, which tells
how fast the machine is today.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from functools import partial
from importlib.util import find_spec
from typing import Any

from nylas_bookings import ApiKey, AsyncClient, PublicConfiguration

from . import loads, processes, sandbox_bookings, sandbox_months, server
from .clients import on_asyncio
from .create import GUEST
from .figures import Row
from .rounds import Figures, Work, interleaved
from .server import Endpoint

NAME = "sandbox"
IN_PROCESS, OVER_A_SOCKET, CREATE = "create, in process", "creates, over a socket", "a create"
IN_FLIGHT = 32
YARDSTICK, CREATES = "aiohttp, no sandbox", f"{IN_FLIGHT} at a time"
_LENGTH = sandbox_bookings.MINUTES * 60


def _one_call(endpoint: Endpoint, seconds: float) -> Figures:
    return {"each µs": loads.one_by_one(on_asyncio.PLAIN_AIOHTTP, endpoint, seconds)["p50 µs"]}


def _calls_at_a_time(endpoint: Endpoint, seconds: float) -> Figures:
    figures = loads.many(on_asyncio.PLAIN_AIOHTTP, endpoint, IN_FLIGHT, seconds)
    return {"creates/s": figures["creates/s"]}


def _in_process(calls: int) -> Figures:
    async def create() -> float:
        async with sandbox_bookings.opened() as opened:
            await opened.create(20)
            return await opened.create(calls)

    return {"each µs": asyncio.run(create())}


async def _book_all(known: dict[str, Any], calls: int) -> float:
    async with AsyncClient(api_url=known["url"], connections=IN_FLIGHT) as nylas:
        wanted = sandbox_bookings.always_open(known["organizer_email"])
        key = ApiKey(known["api_key"])
        made = await nylas.configurations.create(known["grant_id"], wanted, auth=key)
        assert made.id is not None
        visitor, starts = PublicConfiguration(made.id), sandbox_bookings.starts()

        async def some(number: int) -> None:
            for _ in range(number):
                start = next(starts)
                await nylas.bookings.create(
                    start_time=start, end_time=start + _LENGTH, guest=GUEST, auth=visitor
                )

        await asyncio.gather(*(some(1) for _ in range(IN_FLIGHT)))
        began = time.perf_counter()
        await asyncio.gather(*(some(calls // IN_FLIGHT) for _ in range(IN_FLIGHT)))
        return calls / (time.perf_counter() - began)


def _over_a_socket(calls: int) -> Figures:
    """Creates a second in a sandbox that the command has started."""
    command = [sys.executable, "-m", "nylas_bookings", "sandbox", "--json"]
    with processes.first_line(command) as line:
        return {"creates/s": asyncio.run(_book_all(json.loads(line), calls))}


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    calls, seconds = (64, 0.05) if quick else (640, 0.25)
    with server.running() as endpoints:
        plain = endpoints[server.PLAIN]
        works: dict[str, dict[str, Work]] = {
            **sandbox_months.works(quick=quick),
            IN_PROCESS: {
                YARDSTICK: partial(_one_call, plain, seconds),
                CREATE: partial(_in_process, calls),
            },
        }
        if find_spec("cyclopts") is not None:
            works[OVER_A_SOCKET] = {
                YARDSTICK: partial(_calls_at_a_time, plain, seconds),
                CREATES: partial(_over_a_socket, calls),
            }
        return interleaved(NAME, works, 1 if quick else 11)
