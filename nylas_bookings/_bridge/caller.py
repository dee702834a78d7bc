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
