"""The thread of a blocking caller, as a coroutine on the loop can use it."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

Result = TypeVar("Result")


class Caller:
    """The thread of a blocking caller, as its coroutine sees it: it can do things there.

    Args:
        call_in_loop: Has the coroutine's loop call a function.
    """

    def __init__(self, call_in_loop: Callable[[Callable[[], None]], None]) -> None:
        self._call_in_loop = call_in_loop
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    async def run(self, function: Callable[[], Result]) -> Result:
        """What the function returns or raises, called in the caller's thread."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._work.put(lambda: self._carry_out(function, future))
        return await future

    def _carry_out(self, function: Callable[[], Result], future: asyncio.Future[Result]) -> None:
        failure: Exception | None = None
        result: Result | None = None
        try:
            result = function()
        except Exception as error:  # noqa: BLE001 - it is raised where the function was handed over
            failure = error
        self._call_in_loop(lambda: _settle(future, result, failure))

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


def _settle(future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
