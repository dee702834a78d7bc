"""A thread with an event loop, and the coroutines that are on their way to it and back."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Final, Generic, TypeVar, cast

from ..errors import InvalidRequest, NoAnswer, NotSent

Result = TypeVar("Result")

_STOP_SECONDS: Final = 2.0
"""How long closing waits for the loop to end what it is doing."""

_CANCEL_SECONDS: Final = 0.3
"""How long an interrupted call waits for its coroutine to end."""

# On Windows a wait without an end cannot be interrupted by Ctrl-C, so it is made of short ones.
_WAIT_SECONDS: Final = 0.1 if sys.platform == "win32" else -1.0


class LoopThread:
    """A daemon thread with an event loop, which anyio runs until it is told to stop."""

    def __init__(self, connections: object) -> None:
        # In a forked child the frames of this thread are never cleared, so what they hold is never
        # collected. Collecting connections there would take them out of the parent's selector.
        self._connections = connections
        self._lock = threading.Lock()
        self._stopped = False
        # Only the loop's thread uses it.
        self._jobs: set[Job[Any]] = set()
        started: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(started,), name="nylas_bookings", daemon=True
        )
        if not threading.main_thread().is_alive():
            # A thread that starts this late cannot be stopped in time; newer Pythons refuse it.
            raise NotSent("the interpreter is shutting down: it is too late for a first call")
        try:
            self._thread.start()
            self._loop = started.result()
        except (OSError, RuntimeError) as error:
            raise NotSent(f"no thread can be started for the calls ({error})") from error

    def submit(self, job: Job[Any]) -> None:
        """Have the loop start a job. Whatever is submitted is started, or refused here."""
        with self._lock:
            if self._stopped:
                job.discard()
                raise InvalidRequest("this client is closed")
            self._loop.call_soon_threadsafe(job.start, self._jobs)

    def take_back(self, job: Job[Any], seconds: float = _CANCEL_SECONDS) -> None:
        """Have the loop cancel a job, and give it a moment to end."""
        with self._lock:
            if self._stopped:
                return
            self._loop.call_soon_threadsafe(job.cancel)
        job.wait(seconds)

    def stop(self) -> None:
        """Cancel all jobs and end the thread. May be called from any thread, this one included."""
        with self._lock:
            if self._stopped:
                return
            self._stopped = True
            self._loop.call_soon_threadsafe(self._stop_asked.set)
        if threading.current_thread() is not self._thread:
            self._thread.join(_STOP_SECONDS)

    def _run(self, started: Future[asyncio.AbstractEventLoop]) -> None:
        try:
            import anyio

            anyio.run(self._serve, started)
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)
        finally:
            self._stopped = True
            # Those that were cancelled before their first step, and the one that ended the loop.
            for job in list(self._jobs):
                job.end()

    async def _serve(self, started: Future[asyncio.AbstractEventLoop]) -> None:
        self._stop_asked = asyncio.Event()
        started.set_result(asyncio.get_running_loop())
        await self._stop_asked.wait()


class Job(Generic[Result]):
    """One coroutine on its way to the loop and back. A lock is the cheapest thing to wait on."""

    __slots__ = ("_context", "_coroutine", "_ended", "_error", "_jobs", "_result", "_task", "_tell")

    def __init__(
        self, coroutine: Coroutine[Any, Any, Result], tell: Callable[[], None] | None = None
    ) -> None:
        self._coroutine = coroutine
        self._tell = tell
        self._context = contextvars.copy_context()
        self._jobs: set[Job[Any]] | None = None
        self._task: asyncio.Task[None] | None = None
        self._result: Result | None = None
        self._error: BaseException | None = asyncio.CancelledError()
        self._ended = threading.Lock()
        self._ended.acquire()

    def start(self, jobs: set[Job[Any]]) -> None:
        """In the loop: run the coroutine, as a task that sees the caller's context variables.

        Args:
            jobs: Where the job is as long as it has not ended.
        """
        self._jobs = jobs
        jobs.add(self)
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._run(), context=self._context)

    async def _run(self) -> None:
        """Run the coroutine, and end in the same step; a callback would take another one."""
        try:
            self._result = await self._coroutine
            self._error = None
        except (SystemExit, KeyboardInterrupt) as error:
            # They end the loop, and its thread then ends this job.
            self._error = error
            raise
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller's thread
            self._error = error
        self.end()

    def cancel(self) -> None:
        """In the loop: the caller does not wait for the result any more."""
        if self._task is None:
            self.discard()
        else:
            self._task.cancel()

    def discard(self) -> None:
        """End it before it was started."""
        self._coroutine.close()
        self.end()

    def wait(self, seconds: float = _WAIT_SECONDS) -> bool:
        """In the caller's thread: whether the coroutine has ended within that time."""
        return self._ended.acquire(timeout=seconds)

    def result(self) -> Result:
        """What the coroutine returned; raises what it raised."""
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

    def end(self) -> None:
        """Let the caller go on. The coroutine is closed, if it has not begun."""
        if self._jobs is not None:
            self._jobs.discard(self)
        if self._task is not None and self._task.done() and not self._task.cancelled():
            # What ended the loop is raised in the caller's thread: asyncio need not log it.
            self._task.exception()
        self._coroutine.close()
        self._ended.release()
        if self._tell is not None:
            self._tell()
