"""Turns of whole batches: `create_many`, and `asyncio.gather` on plain aiohttp."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from nylas_bookings import AsyncClient, PublicConfiguration

from .. import create
from ..clients.kinds import Create
from ..clients.on_asyncio import PLAIN_AIOHTTP
from ..rounds import Figures
from ..server import Endpoint
from .harness import Contender, Loop, Stopwatch, Turn, enter

GATHER, CREATE_MANY = "gather on aiohttp", "create_many"
WITH_JOURNAL = "create_many, with a journal"


def gather(endpoint: Endpoint, rows: int, connections: int) -> Contender:
    """Start all calls at once on plain aiohttp, whose connector limits how many are in flight."""
    return Contender(GATHER, partial(_open_gather, endpoint, rows, connections))


@contextmanager
def _open_gather(endpoint: Endpoint, rows: int, connections: int, loop: Loop) -> Iterator[Turn]:
    with enter(loop, PLAIN_AIOHTTP.open(endpoint, connections)) as call:
        yield lambda: loop.run_until_complete(_gather_all(call, rows))


async def _gather_all(call: Create, rows: int) -> Figures:
    watch = Stopwatch()
    await asyncio.gather(*(call() for _ in range(rows)))
    return watch.per_call(rows)


def create_many(endpoint: Endpoint, rows: int, concurrency: int) -> Contender:
    """Create a batch without a journal."""
    return Contender(CREATE_MANY, partial(_open_batch, endpoint, rows, concurrency, journal=False))


def create_many_with_journal(endpoint: Endpoint, rows: int, concurrency: int) -> Contender:
    """Create a batch with a new journal each time."""
    return Contender(WITH_JOURNAL, partial(_open_batch, endpoint, rows, concurrency, journal=True))


@contextmanager
def _open_batch(
    endpoint: Endpoint, rows: int, concurrency: int, loop: Loop, *, journal: bool
) -> Iterator[Turn]:
    auth = PublicConfiguration(create.CONFIGURATION)
    client = AsyncClient(auth, api_url=endpoint.url, connections=concurrency)
    with enter(loop, client) as nylas, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite3" if journal else None
        yield lambda: loop.run_until_complete(_run_batch(nylas, rows, concurrency, path))


async def _run_batch(
    nylas: AsyncClient, rows: int, concurrency: int, journal: Path | None
) -> Figures:
    watch = Stopwatch()
    report = await nylas.bookings.create_many(
        create.new_bookings(rows), concurrency=concurrency, journal=journal
    )
    figures = watch.per_call(rows)
    assert report.created == rows, report
    if journal is not None:
        # The journal knows all of its rows: with the same file the next batch would do nothing.
        for file in journal.parent.iterdir():
            file.unlink()
    return figures
