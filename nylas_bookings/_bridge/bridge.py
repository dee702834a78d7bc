"""The bridge: takes calls from any thread to the loop, and brings back what comes of them."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar

from .. import _termination
from ..errors import BookingsError, InvalidRequest
from .caller import CALLER, Caller
from .loop_thread import Job, LoopThread

Params = ParamSpec("Params")
Result = TypeVar("Result")

_CLEAN_SECONDS: Final = 10.0
"""How long an interrupted call that works with its caller's thread has to come to a clean end."""


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
        self._running: LoopThread | None = None
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
            job = Job(function(*args, **kwargs))
            return self._waited(running, job)

    def _waited(self, running: LoopThread, job: Job[Result]) -> Result:
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
        running: LoopThread,
        function: Callable[Params, Coroutine[Any, Any, Result]],
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        caller = Caller()
        token = CALLER.set(caller)
        job = Job(function(*args, **kwargs), caller.leave)
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

    def _thread(self) -> LoopThread:
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
                running = LoopThread(self._connections)
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
