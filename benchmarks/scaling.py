"""Whether a call takes equally long however many there are: in flight, in all, bookings kept."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Final

from attrs import frozen

from nylas_bookings import AsyncClient, PublicConfiguration, Request, Response

from . import create, long_run, sandbox_bookings, server
from .clients import ours
from .figures import Row
from .rounds import Figures, Work, interleaved
from .server import Endpoint
from .turns.creates import concurrent
from .turns.harness import Case, measure

NAME = "scaling"
MEASURE = "call µs"
_SECONDS = 30


@frozen
class Scale:
    """A quantity that grows.

    Attributes:
        case: Its name in the tables.
        sizes: The sizes that are measured.
        quick_sizes: The sizes of a quick run.
    """

    case: str
    sizes: tuple[int, ...]
    quick_sizes: tuple[int, ...]

    def choose(self, *, quick: bool) -> tuple[int, ...]:
        """Return the sizes to measure."""
        return self.quick_sizes if quick else self.sizes

    def works(self, work: partial[Figures], *, quick: bool) -> dict[str, Work]:
        """Return the work at each size."""
        return {f"{size:,}": partial(work, size) for size in self.choose(quick=quick)}


WAITING = Scale("concurrent calls, 32 connections", (32, 128, 512, 2_048), (32, 128))
CONNECTIONS = Scale("concurrent calls, a connection each", (8, 32, 128, 512), (8, 32))
JOURNAL = Scale("bookings in the journal", (1_000, 10_000, 50_000), (100, 200))
SANDBOX = Scale("bookings in the sandbox", (100, 1_000, 10_000), (10, 50))
SCALES = (WAITING, CONNECTIONS, JOURNAL, SANDBOX)


def _concurrent(endpoint: Endpoint, scale: Scale, connections: int | None, *, quick: bool) -> Case:
    contenders = [
        concurrent(ours.ASYNC_CLIENT, endpoint, number, connections=connections, name=f"{number:,}")
        for number in scale.choose(quick=quick)
    ]
    return Case(name=scale.case, contenders=contenders, seconds=_SECONDS)


_NUMBERS: Final = itertools.count()


async def _respond(request: Request) -> Response:
    return Response(200, create.ANSWER_HEADERS, create.answer(next(_NUMBERS)))


def _in_the_journal(number: int) -> Figures:
    """Measure a row of a batch with a journal and without a network."""

    async def load(journal: Path) -> float:
        auth = PublicConfiguration(create.CONFIGURATION)
        async with AsyncClient(auth, send=_respond) as nylas:
            began = time.perf_counter()
            await nylas.bookings.create_many(create.new_bookings(number), journal=journal)
            return (time.perf_counter() - began) / number * 1e6

    with tempfile.TemporaryDirectory() as folder:
        return {MEASURE: asyncio.run(load(Path(folder) / "journal.sqlite3"))}


def _in_the_sandbox(number: int) -> Figures:
    """Measure a create in a sandbox that has that many bookings."""

    async def load() -> float:
        async with sandbox_bookings.opened() as opened:
            await opened.create(number)
            return await opened.create(200)

    return {MEASURE: asyncio.run(load())}


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    works = {
        JOURNAL.case: JOURNAL.works(partial(_in_the_journal), quick=quick),
        SANDBOX.case: SANDBOX.works(partial(_in_the_sandbox), quick=quick),
    }
    with server.running() as endpoints:
        plain = endpoints[server.PLAIN]
        cases = (
            _concurrent(plain, WAITING, 32, quick=quick),
            _concurrent(plain, CONNECTIONS, None, quick=quick),
        )
        rows = [row for one in cases for row in measure(NAME, one, quick=quick)]
        rows += long_run.measure(NAME, plain, quick=quick)
    return [*rows, *interleaved(NAME, works, 1 if quick else 5)]
