"""The line: callers wait for their turn one after the other, and few are on their way at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

Turn: TypeAlias = Callable[[], Awaitable[None]]
"""Waits until whoever is first in the line may go."""


class Line:
    """The line of one event loop.

    Args:
        in_flight: How many are on their way at a time, at most.
    """

    __slots__ = ("_first", "_on_their_way", "loop")

    def __init__(self, in_flight: int | None) -> None:
        self.loop: asyncio.AbstractEventLoop = asyncio.get_running_loop()
        self._first = asyncio.Lock()
        self._on_their_way = None if in_flight is None else asyncio.Semaphore(in_flight)

    async def wait(self, turn: Turn) -> None:
        """Wait in the order of asking, and then for the turn. Cancelled, nobody else is held up."""
        if self._on_their_way is not None:
            await self._on_their_way.acquire()
        try:
            async with self._first:
                await turn()
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Let the next one in, when one has come back."""
        if self._on_their_way is not None:
            self._on_their_way.release()
