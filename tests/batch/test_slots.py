"""Rows are made ready while others are on their way, as few as are needed, and no call too many."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from attrs import define, field

from nylas_bookings import Request, Response
from nylas_bookings.batch import BatchReport
from nylas_bookings.batch.journal import Known
from nylas_bookings.batch.rows import Row
from nylas_bookings.batch.scratch import Scratch
from nylas_bookings.sandbox import Sandbox

from . import virtual
from .asking import client, many

ROWS = 200


class SlowJournal(Scratch):
    """A journal that needs its time for a mark, and counts the rows that are marked."""

    def __init__(self, seconds: float) -> None:
        super().__init__(indexed=False)
        self.seconds = seconds
        self.marked = self.unsent_rows = 0

    async def find(self, row: Row) -> Known | None:
        """Nothing was there before."""
        return None

    async def sending(self, row: Row) -> None:
        """On disk after a while."""
        await asyncio.sleep(self.seconds)
        self.marked += 1

    async def unsent(self, row: Row) -> None:
        """Taken back."""
        self.unsent_rows += 1


@define
class Calls:
    """A sender whose calls take a while, and that counts those at a time."""

    sandbox: Sandbox
    seconds: float
    journal: SlowJournal
    begun: int = 0
    now: int = 0
    most: int = 0
    ahead: list[int] = field(factory=list)

    async def send(self, request: Request) -> Response:
        """Take a while."""
        self.begun += 1
        self.now += 1
        self.most = max(self.most, self.now)
        self.ahead.append(self.journal.marked - self.begun)
        await asyncio.sleep(self.seconds)
        self.now -= 1
        return await self.sandbox.send(request)


def _run(sandbox: Sandbox, marking: float, calling: float, at_once: int, **more: Any) -> Any:
    async def play(loop: virtual.VirtualLoop) -> tuple[BatchReport, Calls, float]:
        loop.sandboxes.append(sandbox)
        journal = SlowJournal(marking)
        calls = Calls(sandbox, calling, journal)
        nylas = virtual.on(loop, client(sandbox, send=calls.send))
        began = loop.time()
        report = await nylas.bookings.create_many(
            many(ROWS), journal=journal, concurrency=at_once, **more
        )
        return report, calls, loop.time() - began

    return virtual.run(play)


@pytest.mark.parametrize(
    ("marking", "calling"), [(0.003, 0.2), (0.003, 0.05), (0.005, 0.01), (0.0, 0.05)]
)
def test_marks_cost_no_slot(sandbox: Sandbox, marking: float, calling: float) -> None:
    """While calls are on their way the next rows are marked, so that the slots are never empty."""
    report, calls, took = _run(sandbox, marking, calling, 20)
    assert report.created == ROWS
    assert calls.most == 20
    # The first calls wait for their marks, and so do those before the times are known.
    assert took == pytest.approx(ROWS / 20 * calling + 2 * marking, rel=0.1, abs=0.001)


@pytest.mark.parametrize(
    ("marking", "calling", "most"), [(0.003, 0.2, 1), (0.003, 0.05, 3), (0.1, 0.01, 10), (0, 1, 0)]
)
def test_few_rows_are_ahead(sandbox: Sandbox, marking: float, calling: float, most: int) -> None:
    """No more rows are marked before there is a slot than the times make useful."""
    _, calls, _ = _run(sandbox, marking, calling, 20)
    assert max(calls.ahead[20:]) <= most


def test_one_after_the_other(sandbox: Sandbox) -> None:
    """With one row at a time nothing is ahead."""
    _, calls, took = _run(sandbox, 0.01, 0.05, 1)
    assert (calls.most, max(calls.ahead)) == (1, 0)
    assert took == pytest.approx(ROWS * 0.06, rel=0.01)


def test_what_is_ahead_is_taken_back(sandbox: Sandbox) -> None:
    """When the batch ends, rows that are marked and have no slot yet are not sent."""
    told: list[Any] = []

    def enough(result: Any) -> bool:
        told.append(result)
        return len(told) == 100

    report, calls, _ = _run(sandbox, 0.02, 0.01, 4, stop_on=enough)
    assert report.stopped
    assert calls.journal.unsent_rows > 0
    assert calls.journal.marked - calls.journal.unsent_rows == calls.begun == report.created
