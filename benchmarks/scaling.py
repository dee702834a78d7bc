"""Whether a call costs the same however many there are: in flight, connections, bookings kept."""

from __future__ import annotations

import asyncio
import tempfile
import time
from functools import partial
from pathlib import Path

from attrs import frozen

from nylas_bookings import AsyncClient, PublicConfiguration, Request, Response

from . import batch, create, loads, sandbox_bookings, server
from .clients import ours
from .figures import Row
from .rounds import Figures, Work, interleaved
from .server import Endpoint

NAME = "scaling"
MEASURE = "a call µs"


@frozen
class Scale:
    """Something that grows.

    Attributes:
        case: How it is called in the tables.
        sizes: How large it gets.
        quickly: How large it gets when there is no time.
    """

    case: str
    sizes: tuple[int, ...]
    quickly: tuple[int, ...]

    def works(self, work: partial[Figures], *, quick: bool) -> dict[str, Work]:
        """The work at each size."""
        return {f"{n:,}": partial(work, n) for n in (self.quickly if quick else self.sizes)}


WAITING = Scale("calls at a time, 32 connections", (32, 128, 512, 2_048), (32, 128))
CONNECTIONS = Scale("connections, all in use", (8, 32, 128, 512), (8, 32))
JOURNAL = Scale("bookings in the journal", (1_000, 10_000, 50_000), (100, 200))
SANDBOX = Scale("bookings in the sandbox", (100, 1_000, 10_000), (10, 50))
SCALES = (WAITING, CONNECTIONS, JOURNAL, SANDBOX)


def _in_flight(endpoint: Endpoint, seconds: float, connections: int | None, number: int) -> Figures:
    """CPU for a call, with so many in flight."""
    figures = loads.many(ours.ASYNC_CLIENT, endpoint, number, seconds, connections)
    return {MEASURE: figures["CPU µs"]}


async def _answer(request: Request) -> Response:
    return Response(200, create.ANSWER_HEADERS, create.ANSWER)


def _in_the_journal(number: int) -> Figures:
    """What a booking of a batch costs without a network, journal and all."""

    async def load(journal: Path) -> float:
        auth = PublicConfiguration(create.CONFIGURATION)
        async with AsyncClient(auth, send=_answer) as nylas:
            began = time.perf_counter()
            await nylas.bookings.create_many(batch.bookings(number), journal=journal)
            return (time.perf_counter() - began) / number * 1e6

    with tempfile.TemporaryDirectory() as folder:
        return {MEASURE: asyncio.run(load(Path(folder) / "journal.sqlite3"))}


def _in_the_sandbox(number: int) -> Figures:
    """What a create costs when there are so many bookings already."""

    async def load() -> float:
        async with sandbox_bookings.opened() as opened:
            await opened.create(number)
            return await opened.create(200)

    return {MEASURE: asyncio.run(load())}


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    seconds = 0.05 if quick else 0.5
    with server.running() as endpoints:
        load = partial(_in_flight, endpoints[server.PLAIN], seconds)
        kinds = {
            WAITING: partial(load, 32),
            CONNECTIONS: partial(load, None),
            JOURNAL: partial(_in_the_journal),
            SANDBOX: partial(_in_the_sandbox),
        }
        works = {scale.case: scale.works(kinds[scale], quick=quick) for scale in SCALES}
        return interleaved(NAME, works, 1 if quick else 5)
