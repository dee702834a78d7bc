"""When a journal is written: as many rows in a commit as there is no idle loop to wait with."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from nylas_bookings.batch import tables
from nylas_bookings.batch.commit_timer import CommitTimer
from nylas_bookings.batch.journal_file import JournalFile
from nylas_bookings.batch.sqlite_journal import SqliteJournal
from nylas_bookings.batch.writer import Writer
from nylas_bookings.sandbox import Sandbox

from .asking import client, many
from .test_journal import change, states


@define(eq=False)
class Timer:
    """A timer of the loop below."""

    when: float
    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        """Let it not go off."""
        self.cancelled = True


@define
class Loop:
    """An event loop whose timers go off when a test says so."""

    now: float = 0.0
    timers: list[Timer] = field(factory=list)

    def time(self) -> float:
        """What time it is."""
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Wait for the test."""
        self.timers.append(Timer(self.now + delay, callback))
        return self.timers[-1]

    def turn(self) -> None:
        """Let the next timer go off."""
        timer = self.timers.pop(0)
        self.now = timer.when
        if not timer.cancelled:
            timer.callback()


@pytest.fixture
def loop() -> Loop:
    """A loop that stands still."""
    return Loop()


@pytest.fixture
def wake() -> threading.Event:
    """What wakes the thread."""
    return threading.Event()


def _timer(loop: Any, wake: threading.Event) -> CommitTimer:
    return CommitTimer(loop, wake)


def _in_flight(timer: CommitTimer, wake: threading.Event, count: int) -> None:
    """So many rows that were marked and committed."""
    for number in range(count):
        timer.opened(number, number + 1)
    wake.clear()


@pytest.mark.parametrize("count", [1, 2, 7, 48])
def test_half_of_the_rows(loop: Loop, wake: threading.Event, count: int) -> None:
    """Rows are written when as many wait as are in flight."""
    timer = _timer(loop, wake)
    _in_flight(timer, wake, count)
    for waiting in range(1, count):
        timer.opened(count + waiting, waiting)
        assert not wake.is_set()
    timer.opened(2 * count, count)
    assert wake.is_set()


def test_a_result_ends_a_row(loop: Loop, wake: threading.Event) -> None:
    """A row that has its result is not in flight any more."""
    timer = _timer(loop, wake)
    _in_flight(timer, wake, 4)
    for number in range(3):
        timer.closed(number)
    timer.opened(10, 1)
    assert wake.is_set()


def test_nobody_waits_for_a_slow_api(loop: Loop, wake: threading.Event) -> None:
    """A row that is not followed by another at once is written alone."""
    timer = _timer(loop, wake)
    _in_flight(timer, wake, 32)
    timer.opened(40, 1)
    assert not wake.is_set()
    loop.turn()
    assert wake.is_set()
    assert loop.now < 0.001


def test_nobody_waits_for_long(loop: Loop, wake: threading.Event) -> None:
    """While rows come one after the other, the first waits for three milliseconds."""
    timer = _timer(loop, wake)
    _in_flight(timer, wake, 32)
    timer.opened(40, 1)
    waiting = 1
    while not wake.is_set():
        waiting += 1
        timer.opened(40 + waiting, waiting)
        loop.turn()
    assert 0.0025 < loop.now < 0.004
    assert waiting < 16


def test_a_timer_is_not_left(loop: Loop, wake: threading.Event) -> None:
    """What was written because many rows waited is not written once more by the timer."""
    timer = _timer(loop, wake)
    _in_flight(timer, wake, 2)
    timer.opened(10, 1)
    timer.opened(11, 2)
    wake.clear()
    loop.turn()
    assert not wake.is_set()
    assert loop.timers == []


async def test_rows_share_commits(
    sandbox: Sandbox, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are marked at a time are on disk together: far fewer commits than rows."""
    commits: list[int] = []
    write = Writer._write

    def watched(self: Writer, work: Any) -> Any:
        commits.append(len(work.waiting))
        return write(self, work)

    monkeypatch.setattr(Writer, "_write", watched)
    report = await client(sandbox).bookings.create_many(many(200), journal=journal, concurrency=20)
    assert report.created == sum(commits) == 200
    assert max(commits) > 5


async def test_the_thread_ends(journal: Path) -> None:
    """When a journal is finished, its thread has ended, and all that came up before is on disk."""
    opened = SqliteJournal(JournalFile(journal, "https://api.us.nylas.com"), None)
    thread = opened._writer._thread
    await opened.finish(complete=False)
    assert not thread.is_alive()


async def test_an_older_journal(sandbox: Sandbox, journal: Path) -> None:
    """A journal whose states were checked in another way goes on as it was begun."""
    words = "'planned', 'sending', 'created', 'failed', 'unknown'"
    before = f"state TEXT NOT NULL CHECK (state IN ({words}))"
    start, end = tables.SCHEMA.index("state TEXT"), tables.SCHEMA.index("attempts INTEGER")
    older = f"{tables.SCHEMA[:start]}{before},\n    {tables.SCHEMA[end:]}"
    start, end = older.index(",\n    identity TEXT"), older.index("\n) STRICT")
    older = older[:start] + older[end:]
    with closing(sqlite3.connect(journal)) as connection:
        connection.executescript(older)
        connection.execute("INSERT INTO batch VALUES (1, 'https://api.us.nylas.com', 0, 0, 0)")
        connection.execute(f"PRAGMA application_id = {tables.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    nylas = client(sandbox)
    first = await nylas.bookings.create_many(
        many(6), journal=journal, concurrency=1, stop_on=lambda result: result.key == "#3"
    )
    change(journal, "UPDATE rows SET state = 'sending', booking_id = NULL WHERE number = 2")
    second = await nylas.bookings.create_many(many(6), journal=journal)
    assert (first.created, second.created, second.unknown) == (3, 5, 1)
    assert states(journal) == ["created", "unknown", *["created"] * 4]
    assert len(sandbox.requests()) == 6


@pytest.mark.parametrize("state", ["", "done", "CREATED"])
def test_states_are_checked(journal: Path, state: str) -> None:
    """No row is in a state that there is not."""
    JournalFile(journal, "https://api.us.nylas.com").close()
    row = (
        f"(1, 'k', '{state}', 0, 0, NULL, NULL, NULL, '', '', 0, 0, NULL, '', '', NULL, NULL, NULL)"
    )
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        change(journal, f"INSERT INTO rows VALUES {row}")
