"""Slots: how many rows may be on their way, and how many more be made ready meanwhile."""

from __future__ import annotations

import asyncio
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
        most: How many rows there may be at a time.
    """

    def __init__(self, number: int) -> None:
        self.most: Final = number + number // 2
        self._number = number
        self._ahead = 0
        self._marking = self._calling = 0.0
        self._rooms = asyncio.Semaphore(number)
        self._calls = asyncio.Semaphore(number)
        self._entered: set[Row] = set()
        self._sending: set[Row] = set()

    async def enter(self, row: Row) -> None:
        """Wait until the row may be made ready."""
        if row not in self._entered:
            await self._rooms.acquire()
            self._entered.add(row)

    async def begin(self, row: Row) -> None:
        """Wait until the row may be sent."""
        if row not in self._sending:
            await self._calls.acquire()
            self._sending.add(row)

    def leave(self, row: Row) -> None:
        """The row needs its slot no longer; if it has none, nothing happens."""
        if row in self._sending:
            self._sending.remove(row)
            self._calls.release()
        if row in self._entered:
            self._entered.remove(row)
            self._make_room()

    def took(self, marking: float, calling: float) -> None:
        """How many seconds it took to mark a row, and to call."""
        self._marking += _WEIGHT * (marking - self._marking)
        self._calling += _WEIGHT * (calling - self._calling)

    def _make_room(self) -> None:
        """For the next row, and for one more or less of them, as is needed now."""
        needed = self._needed()
        if self._ahead > needed:
            self._ahead -= 1
            return
        self._rooms.release()
        if self._ahead < needed:
            self._ahead += 1
            self._rooms.release()

    def _needed(self) -> int:
        """How many rows have to be marked while the others are on their way."""
        if not self._calling:
            return 0
        needed = round(_SPARE * self._number * self._marking / self._calling)
        return min(needed, self.most - self._number)
