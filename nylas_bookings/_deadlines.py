"""Deadlines for many waits at once, with one timer for all of them.

A timer for each call, as `asyncio.timeout` and aiohttp set one, costs a call more than any other part
of it but the socket. Here a call costs two operations on a dict, and the timer fires when the
earliest deadline comes, which for calls that end in time is hardly ever.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any


class Deadlines:
    """The deadlines of the waits that are under way on one event loop."""

    __slots__ = ("_loop", "_rings_at", "_timer", "_waits")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waits: dict[Wait, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = float("inf")

    def within(self, seconds: float) -> Wait:
        """A `with` block that raises `TimeoutError` when it takes longer."""
        return Wait(self, self._loop.time() + seconds)

    def add(self, wait: Wait) -> None:
        """Watch a wait from now on."""
        self._waits[wait] = None
        if wait.ends < self._rings_at:
            self._set_timer(wait.ends)

    def discard(self, wait: Wait) -> None:
        """Watch a wait no longer."""
        self._waits.pop(wait, None)

    def _set_timer(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = when
        self._timer = self._loop.call_at(when, self._ring)

    def _ring(self) -> None:
        """End the waits whose time has come, and set the timer for the next."""
        now = self._loop.time()
        for wait in [wait for wait in self._waits if wait.ends <= now]:
            self.discard(wait)
            wait.end()
        self._timer, self._rings_at = None, float("inf")
        if self._waits:
            self._set_timer(min(wait.ends for wait in self._waits))


class Wait:
    """One wait of the current task; it ends as `asyncio.timeout` ends one."""

    __slots__ = ("_cancelling", "_deadlines", "_ended", "_task", "ends")

    def __init__(self, deadlines: Deadlines, ends: float) -> None:
        self._deadlines = deadlines
        self._ended = False
        self.ends = ends

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task: asyncio.Task[Any] = task
        self._cancelling = task.cancelling()
        self._deadlines.add(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._deadlines.discard(self)
        if self._ended and self._task.uncancel() <= self._cancelling:
            if kind is asyncio.CancelledError:
                raise TimeoutError from error

    def end(self) -> None:
        """The time is over: cancel what the task waits for."""
        self._ended = True
        self._task.cancel()
