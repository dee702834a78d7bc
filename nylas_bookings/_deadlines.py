"""Deadlines for many waits at once, with one timer for all of them.

A timer for each call, as `asyncio.timeout` and aiohttp set one, costs more than any other part of
a call but the socket. Here a call costs two operations on a dict, and the timer rings when the
earliest deadline comes, which for calls that end in time is hardly ever.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final, TypeAlias

Task: TypeAlias = "asyncio.Task[Any]"

_NEVER: Final = float("inf")


class Deadlines:
    """The deadlines of the tasks that wait for something on one event loop; one for each task."""

    __slots__ = ("_clock", "_loop", "_over", "_rings_at", "_timer", "_waiting")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # asyncio's own loops count by this clock too, in one more call.
        is_standard = getattr(type(loop), "time", None) is asyncio.BaseEventLoop.time
        self._clock = time.monotonic if is_standard else loop.time
        self._waiting: dict[Task, tuple[float, int]] = {}
        self._over: dict[Task, int] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = _NEVER

    def begin(self, seconds: float | None) -> Task:
        """Cancel the current task after so many seconds, unless `end` comes first."""
        task = asyncio.current_task(self._loop)
        assert task is not None
        if seconds is not None:
            ends = self._clock() + seconds
            self._waiting[task] = (ends, task.cancelling())
            if ends < self._rings_at:
                self._set_timer(ends)
        return task

    def end(self, task: Task) -> None:
        """The task waits no longer."""
        self._waiting.pop(task, None)
        if self._over:
            self.has_cancelled(task)

    def has_cancelled(self, task: Task) -> bool:
        """Whether the `CancelledError` that the task got is its deadline's, and nobody else's.

        As `asyncio.timeout` does it: the request to cancel is taken back, and others count on.
        """
        cancelling = self._over.pop(task, None)
        return cancelling is not None and task.uncancel() <= cancelling

    def _set_timer(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = when
        self._timer = self._loop.call_at(when, self._ring)

    def _ring(self) -> None:
        """Cancel the tasks whose time is over, and set the timer for the next."""
        now = self._loop.time()
        for task, (ends, cancelling) in list(self._waiting.items()):
            if ends <= now:
                del self._waiting[task]
                self._over[task] = cancelling
                task.cancel()
        self._timer, self._rings_at = None, _NEVER
        earliest = min((ends for ends, _ in self._waiting.values()), default=_NEVER)
        if earliest < _NEVER:
            self._set_timer(earliest)
