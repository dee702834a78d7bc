"""When the rows that wait for a commit of the journal are written: many at a time, and soon."""

from __future__ import annotations

import asyncio
import threading
from typing import Final

_LONGEST: Final = 0.003
_NEXT: Final = 0.0005
"""How many seconds to wait for more rows at most, and for the next one. A commit costs the same for
one row and for many."""


class CommitTimer:
    """Decides in the event loop when the thread writes what has come up.

    Half of all open rows in one commit and the other half in flight keep both the loop and the disk
    busy. While the loop is idle, or the API slow, the others are not waited for.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, wake: threading.Event) -> None:
        self._loop = loop
        self._wake = wake
        self._open: set[int] = set()
        self._waiting = self._seen = 0
        self._until = 0.0
        self._next_look: asyncio.TimerHandle | None = None

    def opened(self, number: int, waiting: int) -> None:
        """So many rows wait for a commit, with this one; it is open until it has a result."""
        self._open.add(number)
        self._waiting = waiting
        if 2 * waiting >= len(self._open):
            self._write()
        elif self._next_look is None and not self._wake.is_set():
            self._until = self._loop.time() + _LONGEST
            self._look_later()

    def closed(self, number: int) -> None:
        """The row has a result, or is not sent after all."""
        self._open.discard(number)

    def _look_later(self) -> None:
        self._seen = self._waiting
        self._next_look = self._loop.call_later(_NEXT, self._look)

    def _look(self) -> None:
        """Write, if no row has come since the last look, or the first has waited long enough."""
        if self._waiting > self._seen and self._loop.time() < self._until:
            self._look_later()
        else:
            self._write()

    def _write(self) -> None:
        if self._next_look is not None:
            self._next_look.cancel()
            self._next_look = None
        if not self._wake.is_set():
            self._wake.set()
