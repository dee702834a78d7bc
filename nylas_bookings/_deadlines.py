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

_CLOSING_TURNS: Final = 10
"""How many turns of the event loop a task has to end what it holds. Most need one or two."""


class Deadlines:
    """The deadlines of the tasks that wait for something on one event loop; one for each task.

    Attributes:
        is_closed: Whether all of them were ended.
    """

    __slots__ = ("_clock", "_loop", "_over", "_rings_at", "_timer", "_waiting", "is_closed")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # asyncio's own loops count by this clock too, in one more call.
        is_standard = getattr(type(loop), "time", None) is asyncio.BaseEventLoop.time
        self._clock = time.monotonic if is_standard else loop.time
        self._waiting: dict[Task, tuple[float, int]] = {}
        self._over: dict[Task, int] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = _NEVER
        self.is_closed = False

    def begin(self, seconds: float | None) -> Task:
        """Cancel the current task after so many seconds, unless `end` comes first."""
        task = asyncio.current_task(self._loop)
        assert task is not None
        if seconds is None:
            self._waiting[task] = (_NEVER, task.cancelling())
        else:
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

    async def close(self) -> None:
        """Cancel all tasks that wait, as if their time was over, and let them end."""
        self.is_closed = True
        self._cancel_until(_NEVER)
        for _ in range(_CLOSING_TURNS):
            if self._over:
                await asyncio.sleep(0)

    def _set_timer(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = when
        self._timer = self._loop.call_at(when, self._ring)

    def _ring(self) -> None:
        """Cancel the tasks whose time is over, and set the timer for the next."""
        self._cancel_until(self._loop.time())
        self._timer, self._rings_at = None, _NEVER
        earliest = min((ends for ends, _ in self._waiting.values()), default=_NEVER)
        if earliest < _NEVER:
            self._set_timer(earliest)

    def _cancel_until(self, moment: float) -> None:
        """Cancel the tasks whose deadline is not after a moment."""
        for task, (ends, cancelling) in list(self._waiting.items()):
            if ends <= moment:
                del self._waiting[task]
                self._over[task] = cancelling
                task.cancel()
