"""Slots: how many rows may be on their way, and how many more be made ready meanwhile."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from .rows import Row

_WEIGHT: Final = 0.1
"""What a new time counts against those before it."""

_SPARE: Final = 2.0
"""How many times the rows that are needed on average are made ready: they come in groups."""


class Slots:
    """Room for the calls of so many rows, and for rows that wait for nothing but a call's end.

    A row has to be on disk as `sending` before it is sent. So that no slot is empty meanwhile, a
    few rows are brought that far ahead: as few as the times tell, since what is marked when the
    process is killed has to be settled, sent or not. Without a journal there are none, nor where
    one row is to be seen to after the other.

    Args:
        number: How many calls there may be at a time.

    Attributes:
        rows: How many rows have to be seen to at a time, so that no slot is empty.
    """

    def __init__(self, number: int) -> None:
        self.rows: int = number
        self._number = number
        self._marking = self._calling = 0.0
        self._free = asyncio.Semaphore(number)
        self._taken: set[Row] = set()
        self._prepared: set[Row] = set()
        self._waiters: deque[asyncio.Future[None]] = deque()

    async def begin(self, row: Row) -> None:
        """Wait until the row may be sent."""
        if row not in self._taken:
            await self._free.acquire()
            self._taken.add(row)

    async def prepare(self, row: Row) -> None:
        """Wait until one more row may be marked.

        A batch in one process has no more workers than that. Workers on a database do: they carry
        out several chunks with the same slots.
        """
        if row in self._prepared:
            return
        while len(self._prepared) >= self.rows:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                self._waiters.remove(waiter)
                # It may have been woken already, in place of the next one.
                self._wake()
                raise
            self._waiters.remove(waiter)
        self._prepared.add(row)
        self._wake()

    def leave(self, row: Row) -> None:
        """The row needs its slot no longer; if it has none, nothing happens."""
        if row in self._taken:
            self._taken.remove(row)
            self._free.release()
        self._prepared.discard(row)
        self._wake()

    def _wake(self) -> None:
        """Let the row that has waited longest be marked, if there is room."""
        if self._waiters and len(self._prepared) < self.rows and not self._waiters[0].done():
            self._waiters[0].set_result(None)

    def took(self, marking: float, calling: float) -> None:
        """How many seconds it took to mark a row, and to call."""
        self._marking += _WEIGHT * (marking - self._marking)
        self._calling += _WEIGHT * (calling - self._calling)
        if self._calling:
            ahead = round(_SPARE * self._number * self._marking / self._calling)
            self.rows = self._number + min(ahead, self._number // 2)
