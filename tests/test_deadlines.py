"""Deadlines: one timer for all waits, and the rules of `asyncio.timeout` for who cancelled whom."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import pytest

from nylas_bookings._deadlines import Deadlines


class Loop:
    """The part of an event loop that deadlines need, with a clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        """What the clock says."""
        return self.now

    def call_at(self, when: float, callback: Callable[[], None]) -> Loop:
        """Note a timer, in place of the one before."""
        self.timers = [(when, callback)]
        return self

    def cancel(self) -> None:
        """Forget the timer."""
        self.timers = []

    def move_to(self, now: float) -> None:
        """Let the time pass, and ring when a timer is due."""
        self.now = now
        due, self.timers = [ring for when, ring in self.timers if when <= now], []
        for ring in due:
            ring()


async def wait(deadlines: Deadlines, seconds: float | None) -> str:
    """Wait for ever, but for a deadline; says how it ended."""
    task = deadlines.begin(seconds)
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        if deadlines.has_cancelled(task):
            return "too late"
        raise
    finally:
        deadlines.end(task)
    return "never"


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    """A loop whose clock stands still."""
    monkeypatch.setattr(asyncio, "current_task", lambda _=None: _current())
    return Loop()


_current = asyncio.current_task


async def test_each_ends_at_its_time(loop: Loop) -> None:
    """The earliest deadline sets the timer, whatever the order in which the waits began."""
    deadlines = Deadlines(loop)
    waits = [asyncio.create_task(wait(deadlines, seconds)) for seconds in (30, 10, 20)]
    await asyncio.sleep(0)
    ended = []
    for now in (110, 120, 130):
        assert [when for when, _ in loop.timers] == [now]
        loop.move_to(now)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        ended.append([task.done() for task in waits])
    assert ended == [[False, True, False], [False, True, True], [True, True, True]]
    assert [await task for task in waits] == ["too late"] * 3
    assert loop.timers == []


async def test_a_wait_that_ended_is_forgotten(loop: Loop) -> None:
    """The timer of a wait that ended in time rings for nobody, and is set for the next one."""
    deadlines = Deadlines(loop)
    deadlines.end(deadlines.begin(10))
    later = asyncio.create_task(wait(deadlines, 30))
    await asyncio.sleep(0)
    loop.move_to(110)
    await asyncio.sleep(0)
    assert not later.done()
    assert [when for when, _ in loop.timers] == [130]
    later.cancel()
    with pytest.raises(asyncio.CancelledError):
        await later


async def test_closed(loop: Loop) -> None:
    """All that waits can be ended before its time, what has no limit too."""
    deadlines = Deadlines(loop)
    waits = [asyncio.create_task(wait(deadlines, seconds)) for seconds in (10, None)]
    await asyncio.sleep(0)
    await deadlines.close()
    assert deadlines.is_closed
    assert [task.done() for task in waits] == [True, True]
    assert [await task for task in waits] == ["too late"] * 2


async def test_no_limit(loop: Loop) -> None:
    """A wait without a limit sets no timer."""
    deadlines = Deadlines(loop)
    task = deadlines.begin(None)
    assert loop.timers == []
    deadlines.end(task)


async def test_a_cancellation_by_somebody_else_stays_one(loop: Loop) -> None:
    """Who cancels the task in the same moment as its deadline does gets a cancelled task."""
    deadlines = Deadlines(loop)
    task = asyncio.create_task(wait(deadlines, 10))
    await asyncio.sleep(0)
    task.cancel()
    loop.move_to(110)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_deadline_leaves_no_trace_on_its_task(loop: Loop) -> None:
    """The task can go on, and be cancelled, as if its deadline had never come."""
    deadlines = Deadlines(loop)

    async def twice() -> tuple[str, int]:
        said = await wait(deadlines, 10)
        return said, asyncio.current_task().cancelling()

    task = asyncio.create_task(twice())
    await asyncio.sleep(0)
    loop.move_to(110)
    assert await task == ("too late", 0)


async def test_a_cancellation_that_the_wait_never_saw_is_taken_back(loop: Loop) -> None:
    """Where something in between swallowed the cancellation, the task is not left with it."""
    deadlines = Deadlines(loop)

    async def swallows() -> int:
        task = deadlines.begin(10)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        deadlines.end(task)
        return task.cancelling()

    running = asyncio.create_task(swallows())
    await asyncio.sleep(0)
    loop.move_to(110)
    assert await running == 0
