"""Every row that was read is in exactly one count, however the batch ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from nylas_bookings import Client, NewBooking, Pace, PublicConfiguration, Request, Response, errors
from nylas_bookings.batch import BatchReport, journal_file, running
from nylas_bookings.batch.journal_file import JournalFile
from nylas_bookings.batch.results import Result
from nylas_bookings.batch.writer import Writer
from nylas_bookings.sandbox import Sandbox

from .asking import ONCE, client, many, wanted

COUNT = 300


@define
class Input:
    """An input that counts the rows that were taken from it."""

    read: int = 0

    def __iter__(self) -> Iterator[NewBooking]:
        for request in many(COUNT):
            self.read += 1
            yield request

    async def arrive(self) -> AsyncIterator[NewBooking]:
        """Yield the same rows, one with each turn of the event loop."""
        for request in many(COUNT):
            await asyncio.sleep(0)
            self.read += 1
            yield request


def is_ninth(result: Result) -> bool:
    """Tell whether a result is that of the ninth row, which ends the batch."""
    return result.key == "#9"


def account(report: BatchReport, taken: int) -> None:
    """Check that each row that was read is counted once."""
    counted = report.created + report.failed + report.unknown + report.left
    assert (counted, len(list(report))) == (taken, counted - report.left)
    assert counted < COUNT
    if report.left:
        with pytest.raises(errors.BatchError, match=f"and {report.left} were not sent"):
            report.raise_for_failures()


@pytest.mark.parametrize("kind", ["flat", "paced", "journal"])
@pytest.mark.parametrize("source", ["plain", "asynchronous"])
async def test_stopped(sandbox: Sandbox, tmp_path: Path, source: str, kind: str) -> None:
    """A batch that a result ends reports the rows that it had read and did not send."""
    rows = Input()
    settings: dict[str, Any] = {
        "flat": {},
        "paced": {"pace": Pace(200.0)},
        "journal": {"journal": tmp_path / "j.sqlite3"},
    }[kind]

    async def send(request: Request) -> Response:
        # Other calls are in flight when the ninth one ends the batch.
        await asyncio.sleep(0.001)
        return await sandbox.send(request)

    report = await client(sandbox, send=send).bookings.create_many(
        rows if source == "plain" else rows.arrive(),
        stop_on=is_ninth,
        concurrency=8,
        **settings,
    )
    assert report.stopped
    account(report, rows.read)


@pytest.mark.parametrize("has_journal", [False, True])
def test_stopped_in_the_blocking_client(
    sandbox: Sandbox, tmp_path: Path, has_journal: bool
) -> None:
    """The blocking client reads ahead in the caller's thread; those rows are reported too."""
    rows, settings = Input(), {}
    if has_journal:
        settings["journal"] = tmp_path / "j.sqlite3"
    with Client(PublicConfiguration(sandbox.public), send=sandbox.send, retry=ONCE) as nylas:
        report = nylas.bookings.create_many(rows, stop_on=is_ninth, concurrency=8, **settings)
    assert report.stopped
    account(report, rows.read)


async def test_an_input_that_fails(sandbox: Sandbox, tmp_path: Path) -> None:
    """Rows that were read before the input failed are in the journal."""

    async def broken() -> AsyncIterator[NewBooking]:
        for number in range(20):
            yield wanted(number)
        raise ZeroDivisionError("the input is broken")

    path = tmp_path / "j.sqlite3"
    nylas = client(sandbox)
    with pytest.raises(ZeroDivisionError, match="the input is broken"):
        await nylas.bookings.create_many(broken(), journal=path, concurrency=2)
    report = await nylas.bookings.create_many(many(20), journal=path)
    assert (report.created, report.left) == (20, 0)
    assert len(sandbox.bookings()) == 20


async def test_a_journal_that_fails_unexpectedly(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of any kind in the journal's thread ends the batch; nobody waits for that thread."""
    write, writes = Writer._write, 0

    def fail(self: Writer, work: Any) -> Any:
        nonlocal writes
        writes += 1
        if writes > 2:
            raise ZeroDivisionError
        return write(self, work)

    monkeypatch.setattr(Writer, "_write", fail)
    path = tmp_path / "j.sqlite3"
    async with asyncio.timeout(10.0):
        with pytest.raises(errors.BatchError, match="failed unexpectedly") as caught:
            await client(sandbox).bookings.create_many(many(40), journal=path, concurrency=4)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    monkeypatch.undo()
    report = await client(sandbox).bookings.create_many(many(40), journal=path)
    assert report.created + report.unknown == 40
    assert len(sandbox.bookings()) <= 40


@pytest.mark.parametrize("when", ["before", "after"])
async def test_cancelled_while_a_journal_opens(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """A journal that opens after its batch was cancelled is closed, and can be used again."""
    loop, begun = asyncio.get_running_loop(), asyncio.Event()
    release = threading.Event()

    class Slow(JournalFile):
        def __init__(self, path: Path, api: str) -> None:
            if when == "after":
                super().__init__(path, api)
            loop.call_soon_threadsafe(begun.set)
            assert release.wait(10)
            if when == "before":
                super().__init__(path, api)

    monkeypatch.setattr(running, "JournalFile", Slow)
    path = tmp_path / "j.sqlite3"
    batch = asyncio.create_task(client(sandbox).bookings.create_many(many(3), journal=path))
    await begun.wait()
    batch.cancel()
    await asyncio.sleep(0)
    release.set()
    with pytest.raises(asyncio.CancelledError):
        await batch
    monkeypatch.undo()
    assert str(path.resolve()) not in journal_file._OPEN
    report = await client(sandbox).bookings.create_many(many(3), journal=path)
    assert report.created == 3
