"""One call on its way to the event loop and back."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final, Generic, TypeVar, cast

from ..errors import NoAnswer

Result = TypeVar("Result")

# On Windows a wait without an end cannot be interrupted by Ctrl-C, so it is made of short ones.
_WAIT_SECONDS: Final = 0.1 if sys.platform == "win32" else -1.0


class Job(Generic[Result]):
    """One coroutine on its way to the loop and back. A lock is the cheapest thing to wait on.

    The coroutine is created on the loop: a job that never gets there leaves none behind. Whoever
    `claim`s a job decides what becomes of it: the loop starts it, its caller gives it up, or
    somebody rejects it because the loop has ended.

    Args:
        function: The coroutine function.
        args: Its arguments.
        kwargs: Its named arguments.
        context: What it sees of the caller's context variables.
        notify: Called when the job has ended.
    """

    __slots__ = (
        "_args",
        "_context",
        "_ended",
        "_error",
        "_function",
        "_has_begun",
        "_has_ended",
        "_is_unclaimed",
        "_jobs",
        "_kwargs",
        "_mark_closed",
        "_notify",
        "_result",
        "_task",
    )

    def __init__(
        self,
        function: Callable[..., Coroutine[Any, Any, Result]],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        context: contextvars.Context,
        notify: Callable[[], None] | None = None,
    ) -> None:
        self._function = function
        self._args = args
        self._kwargs = kwargs
        self._context = context
        self._notify = notify
        self._jobs: set[Job[Any]] = set()
        self._task: asyncio.Task[None] | None = None
        self._has_begun = False
        self._has_ended = False
        self._result: Result | None = None
        self._error: BaseException | None = None
        # One item; to take it is a single step that no other thread and no signal can split.
        self._is_unclaimed = [True]
        self._ended = threading.Lock()
        self._ended.acquire()

    @property
    def has_ended(self) -> bool:
        """Whether there is a result, or an error."""
        return self._has_ended

    @property
    def is_batch(self) -> bool:
        """Whether its caller's thread works for it."""
        return self._notify is not None

    def claim(self) -> bool:
        """Take charge of the job; False when somebody else has."""
        try:
            return self._is_unclaimed.pop()
        except IndexError:
            return False

    def reject(self, error: BaseException) -> None:
        """End it with an error, unless somebody else is in charge of it."""
        if self.claim():
            self._error = error
            self._end()

    def start(self, jobs: set[Job[Any]], mark_closed: Callable[[], object]) -> None:
        """In the loop: run the coroutine, as a task that sees the caller's context variables.

        Args:
            jobs: Where the job is as long as it has not ended.
            mark_closed: Called before an exception ends the loop.
        """
        self._jobs, self._mark_closed = jobs, mark_closed
        jobs.add(self)
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._run(), context=self._context)

    async def _run(self) -> None:
        """Run the coroutine, and end in the same step; a callback would take another one."""
        self._has_begun = True
        try:
            self._result = await self._function(*self._args, **self._kwargs)
        except (SystemExit, KeyboardInterrupt) as error:
            # They end the loop, and its thread then ends this job.
            self._error = error
            self._mark_closed()
            raise
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller's thread
            self._error = error
        self._end()

    def cancel(self) -> asyncio.Task[None] | None:
        """In the loop: the caller does not wait for the result any more. Return what still runs."""
        task = self._task
        if task is None or task.done():
            return None
        task.cancel()
        if self._has_begun:
            return task
        # Its coroutine ends before its first line, and so cannot end the job.
        self.abort(asyncio.CancelledError())
        return None

    def abort(self, error: BaseException) -> None:
        """When its task does not run any more: end the job, with an error if it has none."""
        if self._error is None:
            self._error = error
        task = self._task
        if task is not None and task.done() and not task.cancelled():
            # What ended the loop is raised in the caller's thread: asyncio need not log it.
            task.exception()
        self._end()

    def abandon(self, error: BaseException) -> None:
        """In a forked child: end the job for a caller who has come along; its task stays behind."""
        self.claim()
        if not self._has_ended:
            self._error, self._has_ended = error, True
        # When the process forked, the loop's thread may have been in the middle of this.
        with contextlib.suppress(RuntimeError):
            self._ended.release()
        if self._notify is not None:
            self._notify()

    def wait(self, seconds: float = _WAIT_SECONDS) -> bool:
        """In the caller's thread: whether the coroutine has ended within that time."""
        return self._ended.acquire(timeout=seconds)

    def result(self) -> Result:
        """Return what the coroutine returned; raise what it raised."""
        error, self._error = self._error, None
        if error is None:
            return cast("Result", self._result)
        try:
            if isinstance(error, asyncio.CancelledError):
                raise NoAnswer("the client was closed in the middle of the call")
            raise error
        finally:
            # The error's traceback holds this frame, which must not hold the error.
            del error

    def _end(self) -> None:
        """Let the caller go on."""
        # Freed here, and not in the caller's thread: asyncio has callbacks for the end of a task,
        # in which an exception of a signal handler would be dropped.
        self._task = None
        self._has_ended = True
        self._ended.release()
        if self._notify is not None:
            self._notify()
        self._jobs.discard(self)
