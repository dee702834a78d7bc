"""The bridge: takes calls from any thread to the loop, and brings back what comes of them."""

from __future__ import annotations

import asyncio
import contextvars
import os
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar

from .. import _termination
from ..errors import BookingsError, InvalidRequest
from . import loop_thread
from .caller import CALLER, Caller
from .job import Job
from .loop_thread import Connections, LoopThread

Params = ParamSpec("Params")
Result = TypeVar("Result")

_CLEAN_SECONDS: Final = 10.0
"""How long an interrupted call that works with its caller's thread has to come to a clean end."""

_INTERRUPTED: Final = "The call was interrupted. It may have taken effect."


class Bridge:
    """Takes calls from any thread to the loop, and brings back what they return or raise.

    The thread starts with the first call, and ends with `close`, when the bridge is collected, or
    when the interpreter exits. Both methods may be called by signal handlers, finalizers and hooks,
    at any moment of each other.

    Args:
        connections: What the calls leave open on the loop; lives as long as the loop's thread.
    """

    def __init__(self, connections: Connections | None = None) -> None:
        self._use(LoopThread(connections))
        _bridges.add(self)

    def _use(self, thread: LoopThread) -> None:
        self._thread = thread
        # A finalizer must not wait. At the end of the process all threads are stopped together.
        self._stop = weakref.finalize(self, thread.request_stop)
        self._stop.atexit = False

    def call(
        self,
        function: Callable[Params, Coroutine[Any, Any, Result]],
        /,
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        """Return what the coroutine function returns; Ctrl-C cancels it."""
        try:
            _refuse_inside_loop()
            thread = self._thread
            job = Job(function, args, kwargs, contextvars.copy_context())
            try:
                thread.submit(job)
                while not job.wait():
                    pass
            except BaseException as interruption:
                # Nothing of the call itself is raised here: it comes with the result.
                thread.take_back(job)
                _add_note(interruption)
                raise
            return job.result()
        except BookingsError as error:
            _name(error, function)
            raise

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
        try:
            _refuse_inside_loop()
            thread, context = self._thread, contextvars.copy_context()
            caller = Caller(thread.call)
            context.run(CALLER.set, caller)
            job = Job(function, args, kwargs, context, caller.leave)
            with _termination.held_back(_terminate):
                _serve(thread, job, caller)
            return job.result()
        except BookingsError as error:
            _name(error, function)
            raise

    def close(self) -> None:
        """End the loop and all that runs on it. Closing again is fine."""
        self._thread.stop()

    def after_fork(self) -> None:
        """In the child, where the thread is not: begin again, unless there may be connections."""
        self._stop.detach()
        self._use(self._thread.copy_after_fork())


_bridges: weakref.WeakSet[Bridge] = weakref.WeakSet()


def _after_fork() -> None:
    loop_thread.forget_threads()
    for bridge in list(_bridges):
        bridge.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _serve(thread: LoopThread, job: Job[Any], caller: Caller) -> None:
    try:
        thread.submit(job)
        caller.serve()
    except BaseException as interruption:
        thread.take_back(job, 0.0)
        if not job.has_ended:
            caller.serve(_CLEAN_SECONDS)
        _add_note(interruption)
        raise


def _terminate() -> None:
    raise SystemExit(143)


def _add_note(interruption: BaseException) -> None:
    # A signal handler may raise the same exception each time.
    if _INTERRUPTED not in getattr(interruption, "__notes__", ()):
        interruption.add_note(_INTERRUPTED)


def _name(error: BookingsError, function: Callable[..., object]) -> None:
    """Say in an error that has no operation yet which one was called.

    It is called as the operations table does: by the file of the resource, and the method.
    """
    if error.operation is None:
        resource = function.__module__.rpartition(".")[2]
        error.operation = f"{resource}.{function.__name__}"


def _refuse_inside_loop() -> None:
    # The public function raises where there is no loop, which is the case for every good call.
    inside = asyncio._get_running_loop()  # noqa: SLF001
    # A finalizer may run in the loop's thread while the loop does not.
    if not _in_notebook() if inside is not None else loop_thread.is_service_thread():
        raise InvalidRequest(loop_thread.INSIDE_LOOP)


def _in_notebook() -> bool:
    """Whether this is a cell of a notebook: its loop waits for the cell, whatever the cell does."""
    shell = sys.modules.get("IPython")
    return (
        shell is not None
        and threading.current_thread() is threading.main_thread()
        and shell.get_ipython() is not None
    )
