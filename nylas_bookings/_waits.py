"""The long waits of a client's calls, which end as soon as the client is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from .errors import NotSent


class Waits:
    """The waits of one client.

    Attributes:
        is_closed: Whether the client is closed, so that nobody may wait any more.
        pending: Those that have not ended.
    """

    __slots__ = ("is_closed", "pending")

    def __init__(self) -> None:
        self.is_closed: bool = False
        self.pending: set[Wait] = set()

    def within(self, seconds: float | None) -> Wait:
        """Let a block wait for at most so many seconds; `None` means no limit.

        Like `asyncio.timeout`, it raises `TimeoutError` when they are over. When the client is
        closed it raises `NotSent`: a call that waits has nothing on its way.
        """
        return Wait(self, seconds)

    def close(self) -> None:
        """End all waits, those of other event loops too."""
        self.is_closed = True
        for wait in list(self.pending):
            call_on(wait.loop, wait.end)


class Wait:
    """One wait, which ends in time, or when the client is closed."""

    __slots__ = ("_timeout", "_waits", "loop")

    def __init__(self, waits: Waits, seconds: float | None) -> None:
        self._waits = waits
        self._timeout = asyncio.timeout(seconds)
        self.loop: asyncio.AbstractEventLoop = asyncio.get_running_loop()

    async def __aenter__(self) -> None:
        if self._waits.is_closed:
            raise closed_in_the_middle()
        await self._timeout.__aenter__()
        self._waits.pending.add(self)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._waits.pending.discard(self)
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            if self._waits.is_closed:
                raise closed_in_the_middle() from None
            raise

    def end(self) -> None:
        """End the wait now."""
        if self in self._waits.pending:
            self._timeout.reschedule(self.loop.time())


def closed_in_the_middle() -> NotSent:
    """Return the error of a call that was waiting when its client was closed."""
    return NotSent("the client was closed in the middle of the call")


def call_on(loop: asyncio.AbstractEventLoop, function: Callable[[], object]) -> None:
    """Call a function in the thread of an event loop: now if it is this one, else soon."""
    if loop is asyncio.get_running_loop():
        function()
    elif not loop.is_closed():
        loop.call_soon_threadsafe(function)


class Closable(Protocol):
    """What is closed on the event loop that it is used on."""

    async def close(self) -> None:
        """Close it."""


class Connections:
    """What the calls of a client wait for and leave open, and nothing of the caller's.

    The loop of the blocking client holds it. If that held the client, nobody could drop it.
    """

    __slots__ = ("_http", "waits")

    def __init__(self, waits: Waits, http: Closable | None) -> None:
        self.waits = waits
        self._http = http

    async def close(self) -> None:
        """End the waits, and what is on its way, and close the connections."""
        self.waits.close()
        if self._http is not None:
            await self._http.close()
