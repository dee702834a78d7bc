"""A row leaves only while its mark permits it: others may take rows over from this journal."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import cast

import pytest

from nylas_bookings import Request, Response, Retry, errors
from nylas_bookings._expiry import Expiry
from nylas_bookings.batch import running
from nylas_bookings.batch.journal import Known
from nylas_bookings.batch.results import Result
from nylas_bookings.batch.rows import Row
from nylas_bookings.batch.scratch import Scratch
from nylas_bookings.batch.slots import Slots
from nylas_bookings.sandbox import Sandbox

from .asking import client, many


class LeasedJournal(Scratch):
    """A journal whose marks permit a row for as long as a case says, 60 s if it says nothing."""

    def __init__(self, *seconds: float) -> None:
        super().__init__(indexed=False)
        self.seconds = deque(seconds)
        self.marks: list[str] = []
        self.is_lost = False

    async def find(self, row: Row) -> Known | None:
        """Nothing was there before."""
        return None

    async def sending(self, row: Row) -> Expiry | None:
        """Permit the row, unless the journal is lost."""
        if self.is_lost:
            raise errors.BatchError("another worker has the rows")
        self.marks.append(row.key)
        return Expiry.after(self.seconds.popleft() if self.seconds else 60.0)

    async def unsent(self, row: Row) -> None:
        """Take a mark back, unless the journal is lost."""
        if self.is_lost:
            raise errors.BatchError("another worker has the rows")

    async def record(self, row: Row, result: Result) -> None:
        """Record a result, unless the journal is lost."""
        if self.is_lost:
            raise errors.BatchError("another worker has the rows")
        await super().record(row, result)


class SlotsAhead(Slots):
    """Slots with one row ahead from the beginning."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.rows = number + 1


async def test_marked_again_before_it_leaves(sandbox: Sandbox) -> None:
    """A row whose mark is too old is marked again, and then sent once."""
    journal = LeasedJournal(-1.0, -1.0)
    report = await client(sandbox).bookings.create_many(many(1), journal=journal)
    assert report.created == 1
    assert journal.marks == ["#1"] * 3
    assert len(sandbox.requests()) == 1


async def test_too_late_in_the_sender(sandbox: Sandbox) -> None:
    """A call that the client sends again after the permission has ended is not sent."""
    journal = LeasedJournal(0.01)
    sends = 0

    async def send(request: Request) -> Response:
        nonlocal sends
        sends += 1
        await asyncio.sleep(0.02)
        return Response(429, {"Retry-After": "0"}, b'{"error": {"type": "x", "message": "x"}}')

    nylas = client(sandbox, send=send, retry=Retry(attempts=3))
    report = await nylas.bookings.create_many(many(1), journal=journal)
    (result,) = report
    assert sends == 1
    assert result.error.outcome is errors.Outcome.NOT_SENT
    assert "permission to send the request expired" in str(result.error)


async def test_a_lost_journal_sends_nothing(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once another worker has the rows, those that were marked and wait for a slot do not leave."""
    journal = LeasedJournal()
    sent: list[bytes | None] = []

    async def send(request: Request) -> Response:
        sent.append(request.body)
        await asyncio.sleep(0.05)
        journal.is_lost = True
        raise errors.NoAnswer("lost")

    nylas = client(sandbox, send=send)
    # One more row is marked than may be in flight, as it is when marks take long.
    monkeypatch.setattr(running, "Slots", SlotsAhead)
    with pytest.raises(errors.BatchError, match="another worker has the rows"):
        await nylas.bookings.create_many(many(8), journal=journal, concurrency=2)
    assert len(journal.marks) > len(sent) == 2


def a_row() -> Row:
    """Return what the slots take for a row: they only tell one from the other."""
    return cast("Row", object())


async def test_room_for_marks() -> None:
    """Rows are prepared in the order in which they came, never more than there is room for."""
    slots = Slots(2)
    rows = [a_row() for _ in range(5)]
    prepared: list[int] = []

    async def prepare(number: int) -> None:
        await slots.prepare(rows[number])
        prepared.append(number)

    tasks = [asyncio.create_task(prepare(number)) for number in range(5)]
    await asyncio.sleep(0.01)
    assert prepared == [0, 1]
    tasks[2].cancel()
    slots.leave(rows[0])
    await asyncio.sleep(0.01)
    assert prepared == [0, 1, 3]
    slots.leave(rows[3])
    tasks[4].cancel()
    slots.leave(rows[1])
    await asyncio.sleep(0.01)
    assert prepared == [0, 1, 3]
    await slots.prepare(rows[2])


async def test_a_wake_up_that_comes_too_late() -> None:
    """A row that is cancelled just as there is room for it leaves the room to the next one."""
    slots = Slots(1)
    one, two, three = a_row(), a_row(), a_row()
    await slots.prepare(one)
    second = asyncio.create_task(slots.prepare(two))
    third = asyncio.create_task(slots.prepare(three))
    await asyncio.sleep(0)
    slots.leave(one)
    second.cancel()
    async with asyncio.timeout(1.0):
        await third
    assert second.cancelled()
