"""A batch that is stopped between two steps of a row: what was not on its way is not unknown."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Pace, Retry, errors
from nylas_bookings.batch import Created
from nylas_bookings.batch.journal_file import JournalFile
from nylas_bookings.batch.rows import Row
from nylas_bookings.batch.sqlite_journal import SqliteJournal
from nylas_bookings.sandbox import Fault, Sandbox

from ..waiting import soon
from .asking import client, many, wanted
from .test_journal import states


class Held(SqliteJournal):
    """A journal that holds a row back when it is marked, or looked for."""

    def __init__(self, path: Path, nylas: AsyncClient, key: str = "", where: str = "") -> None:
        super().__init__(JournalFile(path, "https://api.us.nylas.com"), nylas._transport.auth)
        self._held = (key, where)
        self.reached = asyncio.Event()
        self.marked = asyncio.Event()

    async def _hold(self, row: Row, where: str) -> None:
        if (row.key, where) == self._held:
            self.reached.set()
            await asyncio.Event().wait()

    async def find(self, row: Row) -> Any:
        """What is known of the row."""
        await self._hold(row, "find")
        return await super().find(row)

    async def sending(self, row: Row) -> None:
        """The mark is on disk, but nobody hears of it."""
        await super().sending(row)
        self.marked.set()
        await self._hold(row, "sending")


async def _cancelled_at(sandbox: Sandbox, journal: Path, key: str, where: str) -> None:
    nylas = client(sandbox)
    held = Held(journal, nylas, key, where)
    batch = asyncio.create_task(nylas.bookings.create_many(many(2), concurrency=4, journal=held))
    await held.reached.wait()
    await soon(lambda: len(sandbox.bookings()) == 1)
    await asyncio.sleep(0.05)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch


async def test_marked_and_not_sent(sandbox: Sandbox, journal: Path) -> None:
    """A row whose mark was on disk when the batch was cancelled, but not told, was not sent."""
    await _cancelled_at(sandbox, journal, "#2", "sending")
    assert states(journal) == ["created", "planned"]
    report = await client(sandbox).bookings.create_many(many(2), journal=journal)
    assert [(type(result), result.attempts) for result in report] == [(Created, 1)] * 2


async def test_read_and_not_planned(sandbox: Sandbox, journal: Path) -> None:
    """A row that was read, but not planned, when the batch was cancelled is added later."""
    await _cancelled_at(sandbox, journal, "#2", "find")
    assert states(journal) == ["created"]
    report = await client(sandbox).bookings.create_many(many(2), journal=journal)
    assert report.created == 2


async def test_held_back_from_the_start(sandbox: Sandbox, journal: Path) -> None:
    """A row that waits from the start, because the API has asked its asker to, was not sent."""
    sandbox.faults.add("create", Fault.status(429, 30.0))
    nylas = client(sandbox, retry=Retry(attempts=1, deadline=None))
    asked = wanted(5)
    with pytest.raises(errors.RateLimited):
        await nylas.bookings.create(
            start_time=asked.start_time, end_time=asked.end_time, guest=asked.guest
        )
    held = Held(journal, nylas)
    batch = asyncio.create_task(nylas.bookings.create_many(many(1), journal=held))
    await held.marked.wait()
    await asyncio.sleep(0.05)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert states(journal) == ["planned"]


@pytest.mark.parametrize(("paced", "state"), [(False, "failed"), (True, "planned")])
async def test_held_back_and_not_sent(
    sandbox: Sandbox, journal: Path, paced: bool, state: str
) -> None:
    """A refused row that waits for its next turn when the batch is cancelled is not on its way."""
    sandbox.faults.add("create", Fault.status(429, 30.0))
    nylas = client(sandbox, retry=Retry(attempts=1, deadline=None))
    pace = Pace(per_second=1000) if paced else None
    batch = asyncio.create_task(nylas.bookings.create_many(many(1), journal=journal, pace=pace))
    await soon(lambda: len(sandbox.requests()) == 1)
    await asyncio.sleep(0.1)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert states(journal) == [state]
    report = await client(sandbox).bookings.create_many(many(1), journal=journal)
    assert [(type(result), result.attempts) for result in report] == [(Created, 2)]
