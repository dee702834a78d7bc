"""Rows for the same guests and slot: they are seen to one after the other, and told apart."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from .rows import Row


class Twins:
    """Lets only one row for the same guests and slot in: a calendar could not tell two apart."""

    def __init__(self) -> None:
        self._active: dict[Any, deque[asyncio.Future[None]]] = {}

    async def enter(self, row: Row) -> None:
        """Wait until no other such row is being seen to."""
        identity = row.identity()
        waiting = self._active.get(identity)
        if waiting is None:
            self._active[identity] = deque()
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(row)
            raise

    def leave(self, row: Row) -> None:
        """Let the next one in."""
        identity = row.identity()
        waiting = self._active[identity]
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._active[identity]
