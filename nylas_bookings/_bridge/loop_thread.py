"""A thread with an event loop, which runs the jobs that other threads submit.

Signal handlers run between any two instructions of the main thread, and finalizers between any two
of every thread. They may use the client, close it, fork, or raise. So nothing here holds a lock
while it runs, that of `threading.Thread.start` included, and no state of others is ever half
changed: what is handed over is handed over by one operation of a list or a deque, which is atomic.
"""

from __future__ import annotations

import _thread
import asyncio
import atexit
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol, TypeVar

from ..errors import BookingsError, InvalidRequest, NotSent
from .job import Job
from .waker import Waker, WakerByCallback

Item = TypeVar("Item")

_WakerClass: Final = WakerByCallback if sys.platform == "win32" else Waker

_STOP_SECONDS: Final = 2.0
"""How long closing, and the end of the process, wait for the loop to end what it is doing."""

_BATCH_SECONDS: Final = 1.0
"""How much of that a batch has to come to a clean end."""

_CANCEL_SECONDS: Final = 0.3
"""How long an interrupted call waits for its coroutine to end."""

_CLOSING_TURNS: Final = 10
"""How many turns of the loop calls have to end by themselves once their connections are closed."""

_CLOSED: Final = "this client is closed"


class Connections(Protocol):
    """What the calls leave open on the loop."""

    async def close(self) -> None:
        """Close it, and end the calls that use it or wait for it."""


class LoopThread:
    """A daemon thread with an event loop, which anyio runs until it is told to stop.

    It starts with the first job. A start that fails fails the jobs that wait for it, and the next
    job tries again.

    Args:
        connections: What is closed with the loop; lives as long as the thread. It must not refer to
            anything of the caller's, or a client that is dropped would never be collected.
        refusal: Why no job is accepted, if that is known from the beginning.
    """

    def __init__(self, connections: Connections | None, refusal: str | None = None) -> None:
        # In a forked child the frames of this thread are never cleared, so what they hold is never
        # collected. Collecting connections there would take them out of the parent's selector.
        self._connections = connections
        self._refusal = _CLOSED if refusal is None else refusal
        self._is_closed = refusal is not None
        # One item, which the thread takes that runs the loop. When starting fails it comes back.
        self._start_permit = [True]
        self._submitted: deque[Job[Any]] = deque()
        self._callbacks: deque[Callable[[], object]] = deque()
        self._waiting_for_end: list[_thread.LockType] = []
        self._has_ended = False
        # As soon as there is one, the loop runs.
        self._waker: Waker | WakerByCallback | None = None
        self._thread: threading.Thread | None = None
        # Only the loop's thread changes it.
        self._jobs: set[Job[Any]] = set()

    def submit(self, job: Job[Any]) -> None:
        """Have the loop start a job. A job that cannot be started is rejected, and so ends too."""
        if not self._is_closed:
            self._submitted.append(job)
            waker = self._waker
            if waker is not None:
                waker.wake()
            elif self._is_current():
                # A finalizer, in the thread that would have to start the loop for it.
                job.reject(InvalidRequest(INSIDE_LOOP))
            elif self._start_permit:
                self._launch(job)
        # Asked after it was submitted: a loop that ends is marked as closed first, and then rejects
        # what was submitted, so that one of the two finds the job.
        if self._is_closed:
            job.reject(self._refuse())

    def _refuse(self) -> InvalidRequest:
        return InvalidRequest(self._refusal)

    def call(self, callback: Callable[[], object]) -> None:
        """Have the loop call a function, if it has not ended."""
        self._callbacks.append(callback)
        self._wake()

    def _wake(self) -> None:
        waker = self._waker
        if waker is not None:
            waker.wake()

    def take_back(self, job: Job[Any], seconds: float = _CANCEL_SECONDS) -> None:
        """Cancel a job, and give it a moment to end."""
        job.reject(asyncio.CancelledError())
        if not (job.has_ended or self._has_ended):
            self.call(job.cancel)
            job.wait(seconds)

    def request_stop(self) -> None:
        """Have all jobs cancelled and the thread end, and do not wait for it."""
        self._is_closed = True
        self._wake()

    def stop(self) -> None:
        """Cancel all jobs and end the thread. May be called from any thread, this one included."""
        self.request_stop()
        self.wait_for_end(_STOP_SECONDS)

    def wait_for_end(self, seconds: float) -> None:
        """Wait until the thread has ended, unless it is the current one or does not run."""
        if self._is_current() or self._is_idle():
            return
        ended = _thread.allocate_lock()
        ended.acquire()
        self._waiting_for_end.append(ended)
        # Asked again, for the reason that `submit` gives.
        if self._is_idle() or not ended.acquire(timeout=seconds):
            return
        thread = self._thread
        if thread is not None:
            # It has nothing more to do than to leave the list of threads.
            thread.join(seconds)

    def copy_after_fork(self) -> LoopThread:
        """In a forked child, where the thread is not: return what takes its place.

        A job that waits is that of the thread that forked, in a signal handler for instance. It is
        rejected, and its coroutine is not touched: it holds connections of the parent.
        """
        if self._is_closed:
            copy = LoopThread(None, self._refusal)
        elif self._waker is not None:
            copy = LoopThread(None, FORKED)
        else:
            copy = LoopThread(self._connections)
        self._is_closed, self._refusal = True, FORKED
        for job in [*self._submitted, *self._jobs]:
            job.abandon(InvalidRequest(FORKED))
        return copy

    def _is_idle(self) -> bool:
        """Whether the thread has ended, or has not begun to start."""
        return self._has_ended or bool(self._start_permit)

    def _is_current(self) -> bool:
        return self._thread is not None and self._thread.ident == _thread.get_ident()

    def _launch(self, job: Job[Any]) -> None:
        """Start the thread that starts the loop's thread.

        `threading.Thread.start` holds locks, and a signal handler that breaks into it may need what
        it starts. In a thread of this kind no signal handler runs.
        """
        try:
            _thread.start_new_thread(self._start, ())
        except RuntimeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                # It comes from a signal handler.
                raise
            job.reject(_not_started(error))

    def _start(self) -> None:
        """In a thread of its own: start the loop's thread, unless another one was faster."""
        own = _thread.get_ident()
        _service_threads.add(own)
        try:
            if self._is_closed:
                # Closed after `submit` asked for the last time.
                self._reject_submitted(self._refuse)
            else:
                self._start_permit.pop()
                self._start_thread()
        except IndexError:
            pass
        finally:
            _service_threads.discard(own)

    def _start_thread(self) -> None:
        try:
            _refuse_at_exit()
            self._thread = threading.Thread(target=self._run, name="nylas_bookings", daemon=True)
            self._thread.start()
        except BaseException as error:  # noqa: BLE001 - it is raised in the callers' threads
            self._report_failed_start(error)

    def _report_failed_start(self, error: BaseException) -> None:
        self._thread = None
        # Before the jobs are rejected: one that comes later tries again.
        self._start_permit.append(True)
        self._reject_submitted(lambda: _not_started(error))
        self._release_waiting()

    def _reject_submitted(self, make_error: Callable[[], BaseException]) -> None:
        for job in _take_all(self._submitted.popleft):
            job.reject(make_error())

    def _release_waiting(self) -> None:
        for waiting in _take_all(self._waiting_for_end.pop):
            waiting.release()

    def _run(self) -> None:
        own = _thread.get_ident()
        _service_threads.add(own)
        try:
            import anyio

            anyio.run(self._serve)
        except SystemExit:
            # It is raised in the thread of the caller whose hook has raised it.
            pass
        except BaseException as error:
            if self._waker is None:
                self._report_failed_start(error)
                return
            raise
        finally:
            if self._waker is not None:
                self._waker.close()
                self._end()
            _service_threads.discard(own)

    async def _serve(self) -> None:
        self._stop_requested = asyncio.Event()
        self._waker = _WakerClass(self._take_up)
        _running.add(self)
        # Whoever submitted a job before this moment saw no loop that could be woken.
        self._take_up()
        await self._stop_requested.wait()
        await self._end_jobs()

    def _take_up(self) -> None:
        """In the loop: start what was submitted, and see whether to stop."""
        for job in _take_all(self._submitted.popleft):
            if self._is_closed:
                job.reject(self._refuse())
            elif job.claim():
                job.start(self._jobs, self._mark_closed)
        for callback in _take_all(self._callbacks.popleft):
            callback()
        if self._is_closed:
            self._stop_requested.set()

    def _mark_closed(self) -> None:
        """A job ends the loop."""
        self._is_closed = True

    async def _end_jobs(self) -> None:
        """Let the jobs end, each with an error that says what it was doing; anyio cancels others.

        Batches end first: to them a closed connection would mean that rows failed.
        """
        batches = {task for job in list(self._jobs) if job.is_batch and (task := job.cancel())}
        if batches:
            await asyncio.wait(batches, timeout=_BATCH_SECONDS)
        if self._connections is None:
            return
        await self._connections.close()
        for _ in range(_CLOSING_TURNS):
            if self._jobs:
                await asyncio.sleep(0)

    def _end(self) -> None:
        """The loop is closed: end what it has left behind."""
        self._is_closed = True
        self._reject_submitted(self._refuse)
        # Those that were cancelled before their first step, and the one that ended the loop.
        for job in list(self._jobs):
            job.abort(asyncio.CancelledError())
        self._has_ended = True
        _running.discard(self)
        self._release_waiting()


INSIDE_LOOP: Final = (
    "a blocking Client was called inside a running event loop, which it would hold up: "
    "use AsyncClient and await, or hand the call to asyncio.to_thread"
)

FORKED: Final = (
    "this client was used before the process forked, and its connections belong to the parent: "
    "make a new Client in the child"
)

_running: set[LoopThread] = set()
_service_threads: set[int] = set()


def is_service_thread() -> bool:
    """Whether the current thread runs a loop, or starts one: it must not wait for either."""
    return _thread.get_ident() in _service_threads


def forget_threads() -> None:
    """In a forked child: none of them is here."""
    _running.clear()
    _service_threads.clear()


@atexit.register
def _stop_all() -> None:
    """At the end of the process: end all loops, as daemon threads would be stopped anywhere."""
    threads = list(_running)
    for thread in threads:
        thread.request_stop()
    deadline = time.monotonic() + _STOP_SECONDS
    for thread in threads:
        thread.wait_for_end(max(0.0, deadline - time.monotonic()))


def _take_all(take: Callable[[], Item]) -> Iterator[Item]:
    """Take one item after the other until there is none, whoever else takes some."""
    while True:
        try:
            item = take()
        except IndexError:
            return
        yield item


def _refuse_at_exit() -> None:
    """Refuse a thread that could not be stopped in time, as Python itself does from 3.12 on."""
    if not threading.main_thread().is_alive():
        raise RuntimeError("can't create new thread at interpreter shutdown")


def _not_started(error: BaseException) -> BaseException:
    if not isinstance(error, OSError | RuntimeError) or isinstance(error, BookingsError):
        return error
    failure = NotSent(f"no thread can be started for the calls ({error})")
    failure.__cause__ = error
    return failure
