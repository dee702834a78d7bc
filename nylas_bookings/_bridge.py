"""Runs coroutines for blocking callers, on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import contextvars
import os
import queue
import sys
import threading
import time
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Final, Generic, ParamSpec, TypeVar

from . import _termination
from .errors import BookingsError, InvalidRequest, NoAnswer, NotSent

Params = ParamSpec("Params")
Result = TypeVar("Result")

_STOP_SECONDS: Final = 2.0
"""How long closing waits for the loop to end what it is doing."""

_CANCEL_SECONDS: Final = 0.3
"""How long an interrupted call waits for its coroutine to end."""

_CLEAN_SECONDS: Final = 10.0
"""How long an interrupted call that works with its caller's thread has to come to a clean end."""

# On Windows a wait without an end cannot be interrupted by Ctrl-C, so it is made of short ones.
_WAIT_SECONDS: Final = 0.1 if sys.platform == "win32" else -1.0


class Bridge:
    """Takes calls from any thread to the loop, and brings back what they return or raise.

    The thread starts with the first call, and ends with `close`, when the bridge is collected, or
    when the interpreter exits.

    Args:
        connections: What the calls leave open on the loop; lives as long as the loop's thread.
    """

    def __init__(self, connections: object = None) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        self._running: _LoopThread | None = None
        self._closed = False
        self._stop: weakref.finalize[..., Bridge] | None = None
        self._left_behind = False
        _bridges.add(self)

    def call(
        self,
        function: Callable[Params, Coroutine[Any, Any, Result]],
        /,
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        """What the coroutine function returns; Ctrl-C cancels it."""
        with _Named(function):
            running = self._thread()
            job = _Job(function(*args, **kwargs))
            return self._waited(running, job)

    def _waited(self, running: _LoopThread, job: _Job[Result]) -> Result:
        try:
            running.submit(job)
            while not job.wait():
                pass
        except InvalidRequest:
            raise
        except BaseException as interruption:
            running.take_back(job)
            interruption.add_note("The call was interrupted. It may have taken effect.")
            raise
        return job.result()

    def host(
        self,
        function: Callable[Params, Coroutine[Any, Any, Result]],
        /,
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        """The same, for a coroutine function that has `CALLER` do things in this thread.

        Ctrl-C and SIGTERM cancel it, and wait for a clean end.
        """
        with _Named(function):
            running = self._thread()
            return self._served(running, function, *args, **kwargs)

    def _served(
        self,
        running: _LoopThread,
        function: Callable[Params, Coroutine[Any, Any, Result]],
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        caller = Caller()
        token = CALLER.set(caller)
        job = _Job(function(*args, **kwargs), caller.leave)
        CALLER.reset(token)
        with _termination.held_back(_terminate):
            running.submit(job)
            try:
                caller.serve()
            except BaseException as interruption:
                running.take_back(job, 0.0)
                caller.serve(_CLEAN_SECONDS)
                interruption.add_note("The call was interrupted. It may have taken effect.")
                raise
        return job.result()

    def close(self) -> None:
        """End the loop and all that runs on it. Closing again is fine."""
        self._closed = True
        if self._stop is not None:
            self._stop()

    def _thread(self) -> _LoopThread:
        _refuse_inside_loop()
        if self._running is None or self._closed:
            self._start()
        assert self._running is not None
        return self._running

    def _start(self) -> None:
        with self._lock:
            if self._left_behind:
                raise InvalidRequest(
                    "this client was used before the process forked, and its connections belong to "
                    "the parent: make a new Client in the child"
                )
            if self._running is None and not self._closed:
                running = _LoopThread(self._connections)
                self._stop = weakref.finalize(self, running.stop)
                self._running = running
        if self._closed:
            self.close()
            raise InvalidRequest("this client is closed")

    def after_fork(self) -> None:
        """In the child: the thread is not here, and whoever held the lock is not either."""
        self._lock = threading.Lock()
        if self._running is not None:
            self._left_behind = True
            self._running = None
        if self._stop is not None:
            self._stop.detach()


_bridges: weakref.WeakSet[Bridge] = weakref.WeakSet()


def _after_fork() -> None:
    for bridge in list(_bridges):
        bridge.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class _LoopThread:
    """A daemon thread with an event loop, which anyio runs until it is told to stop."""

    def __init__(self, connections: object) -> None:
        # In a forked child the frames of this thread are never cleared, so what they hold is never
        # collected. Collecting connections there would take them out of the parent's selector.
        self._connections = connections
        self._lock = threading.Lock()
        self._stopped = False
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

    def submit(self, job: _Job[Any]) -> None:
        """Have the loop start a job. Whatever is submitted is started, or refused here."""
        with self._lock:
            if self._stopped:
                job.discard()
                raise InvalidRequest("this client is closed")
            self._loop.call_soon_threadsafe(job.start)

    def take_back(self, job: _Job[Any], seconds: float = _CANCEL_SECONDS) -> None:
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

    async def _serve(self, started: Future[asyncio.AbstractEventLoop]) -> None:
        self._stop_asked = asyncio.Event()
        started.set_result(asyncio.get_running_loop())
        await self._stop_asked.wait()


class _Job(Generic[Result]):
    """One coroutine on its way to the loop and back. A lock is the cheapest thing to wait on."""

    __slots__ = ("_context", "_coroutine", "_ended", "_task", "_tell")

    def __init__(
        self, coroutine: Coroutine[Any, Any, Result], tell: Callable[[], None] | None = None
    ) -> None:
        self._coroutine = coroutine
        self._tell = tell
        self._context = contextvars.copy_context()
        self._task: asyncio.Task[Result] | None = None
        self._ended = threading.Lock()
        self._ended.acquire()

    def start(self) -> None:
        """In the loop: run the coroutine, as a task that sees the caller's context variables."""
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._coroutine, context=self._context)
        self._task.add_done_callback(self._end)

    def cancel(self) -> None:
        """In the loop: the caller does not wait for the result any more."""
        if self._task is None:
            self.discard()
        else:
            self._task.cancel()

    def discard(self) -> None:
        """End it before it was started."""
        self._coroutine.close()
        self._end(None)

    def wait(self, seconds: float = _WAIT_SECONDS) -> bool:
        """In the caller's thread: whether the coroutine has ended within that time."""
        return self._ended.acquire(timeout=seconds)

    def result(self) -> Result:
        """What the coroutine returned; raises what it raised."""
        task, self._task = self._task, None
        try:
            if task is None or task.cancelled():
                raise NoAnswer("the client was closed in the middle of the call")
            return task.result()
        finally:
            # The error's traceback holds this frame, which must not hold the error.
            del task

    def _end(self, _: object) -> None:
        self._ended.release()
        if self._tell is not None:
            self._tell()


class Caller:
    """The thread of a blocking caller, as its coroutine sees it: it can do things there."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    async def run(self, function: Callable[[], Result]) -> Result:
        """What the function returns or raises, called in the caller's thread."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._work.put(lambda: _carry_out(function, future, loop))
        return await future

    def leave(self) -> None:
        """From the loop: there is nothing more to do."""
        self._work.put(None)

    def serve(self, seconds: float | None = None) -> None:
        """In the caller's thread: do what comes, until there is nothing more or the time is up."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                work = self._work.get(timeout=left)
            except queue.Empty:
                return
            if work is None:
                return
            work()


CALLER: Final[contextvars.ContextVar[Caller | None]] = contextvars.ContextVar(
    "nylas_bookings caller", default=None
)
"""The caller of the coroutine that runs, if it is a blocking one that serves."""


def _carry_out(
    function: Callable[[], Result], future: asyncio.Future[Result], loop: asyncio.AbstractEventLoop
) -> None:
    try:
        result = function()
    except Exception as error:  # noqa: BLE001 - it is raised where the function was handed over
        loop.call_soon_threadsafe(_settle, future, None, error)
    else:
        loop.call_soon_threadsafe(_settle, future, result, None)


def _settle(future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _terminate() -> None:
    raise SystemExit(143)


class _Named:
    """Says in an error that has no operation yet which one was called.

    It is called as the operations table does: by the file of the resource, and the method.
    """

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BookingsError) and error.operation is None:
            resource = self._function.__module__.rpartition(".")[2]
            error.operation = f"{resource}.{self._function.__name__}"


def _refuse_inside_loop() -> None:
    # The public function raises where there is no loop, which is the case for every good call.
    inside = asyncio._get_running_loop()  # noqa: SLF001
    if inside is not None and not _in_notebook():
        raise InvalidRequest(
            "a blocking Client was called inside a running event loop, which it would hold up: "
            "use AsyncClient and await, or hand the call to asyncio.to_thread"
        )


def _in_notebook() -> bool:
    """Whether this is a cell of a notebook: its loop waits for the cell, whatever the cell does."""
    shell = sys.modules.get("IPython")
    return (
        shell is not None
        and threading.current_thread() is threading.main_thread()
        and shell.get_ipython() is not None
    )
