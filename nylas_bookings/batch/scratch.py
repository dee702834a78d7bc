"""What a batch without a journal keeps: its results, out of the way and gone with the process."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from itertools import starmap
from typing import Final

from ..models.bookings import Booking
from . import stored
from .belonging import twice
from .blocks import Blocks
from .journal import Counts, Known
from .results import Created, Failed, Result, Unknown
from .rows import Rival, Row, slot_of

_STATE_OF: Final = {Created: 1, Failed: 2, Unknown: 3}
"""Bytes that stand for what has become of a row."""

_KEYS: Final = "CREATE TABLE keys (key TEXT PRIMARY KEY) WITHOUT ROWID"
_MEET: Final = "INSERT OR IGNORE INTO keys VALUES (?)"

_OWNERS: Final = (
    "CREATE TABLE owners (booking_id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID"
)
_OWN: Final = "INSERT OR IGNORE INTO owners VALUES (?, ?)"
_OWNER: Final = "SELECT 1 FROM owners WHERE booking_id = ? AND number != ? LIMIT 1"


class Scratch:
    """In a database without a name, which SQLite keeps in memory as long as it is small.

    Args:
        indexed: Whether bookings will be looked for.

    Attributes:
        contested: The keys of rows that were recorded as created, and of which another has the
            booking.
    """

    def __init__(self, *, indexed: bool) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(_KEYS)
        self._indexed = indexed
        if indexed:
            self._connection.execute(_OWNERS)
        self._lines = Blocks(self._connection)
        self.contested: set[str] = set()
        self._met = 0
        self._unresolved: dict[tuple[int, int], dict[int, Rival]] = {}
        # What has become of each row, by number: one byte, where a dict would have a hundred.
        self._states = bytearray()
        weakref.finalize(self, self._connection.close)

    async def find(self, row: Row) -> Known | None:
        """Count a row of which nothing is known; refuse a key that was there before."""
        self.meet(row)
        return None

    def meet(self, row: Row) -> None:
        """Count a row; refuse a key that was there before."""
        self._met += 1
        if row.request.key is None:
            return
        if not self._connection.execute(_MEET, (row.key,)).rowcount:
            raise twice(row.key)

    async def plan(self, row: Row) -> None:
        """Nothing: what is in memory goes with the process."""

    async def sending(self, row: Row) -> None:
        """From now on nobody knows what the row has made."""
        if self._indexed:
            rivals = self._unresolved.setdefault(slot_of(row.request), {})
            rivals[row.number] = Rival.from_row(row)

    async def unsent(self, row: Row) -> None:
        """The row has made nothing."""
        self._resolve(row)

    async def record(self, row: Row, result: Result) -> None:
        """What became of the row."""
        if isinstance(result, Created) and not self._own(row, result.booking):
            result = self._contest(row, result.booking)
        self._keep(row, _STATE_OF[type(result)], stored.line_of(result))
        if not isinstance(result, Unknown):
            self._resolve(row)

    def record_created(self, row: Row, booking: Booking) -> None:
        """The row was created just now."""
        if not self._own(row, booking):
            contested = self._contest(row, booking)
            self._keep(row, _STATE_OF[Unknown], stored.line_of(contested))
            return
        self._keep(row, _STATE_OF[Created], stored.created_line(row, booking))
        self._resolve(row)

    def _keep(self, row: Row, state: int, line: object) -> None:
        number = row.number
        if number >= len(self._states):
            self._states.extend(bytes(number + 1))
        self._states[number] = state
        self._lines.put(number, (row.body.decode(), line))

    def _own(self, row: Row, booking: Booking) -> bool:
        """Whether the booking is the row's; where nobody looks for bookings, it is not asked."""
        return not self._indexed or self._claim(booking.booking_id, row)

    def _contest(self, row: Row, booking: Booking) -> Unknown:
        self.contested.add(row.key)
        return stored.contested(row, booking)

    def _claim(self, booking_id: str, row: Row) -> bool:
        self._connection.execute(_OWN, (booking_id, row.number))
        return self._connection.execute(_OWNER, (booking_id, row.number)).fetchone() is None

    def _resolve(self, row: Row) -> None:
        """It is known by now what the row has made."""
        if not self._indexed:
            return
        slot = slot_of(row.request)
        rivals = self._unresolved.get(slot, {})
        rivals.pop(row.number, None)
        if not rivals:
            self._unresolved.pop(slot, None)

    async def belongs_to_another(self, booking_id: str, row: Row) -> bool:
        """Whether another row of the batch has made that booking."""
        found = self._connection.execute(_OWNER, (booking_id, row.number)).fetchone()
        return found is not None

    async def claim(self, booking_id: str, row: Row) -> bool:
        """Note that the row has made a booking; False if another row has it."""
        return self._claim(booking_id, row)

    async def rivals(self, row: Row) -> Sequence[Rival]:
        """The other rows for the same slot of which nobody knows what they have made."""
        there = self._unresolved.get(slot_of(row.request), {})
        return [rival for number, rival in there.items() if number != row.number]

    async def finish(self, *, complete: bool) -> Counts:
        """The run is over."""
        self._lines.flush()
        created, failed, unknown = map(self._states.count, _STATE_OF.values())
        planned = self._met - created - failed - unknown
        return Counts(planned=planned, created=created, failed=failed, unknown=unknown)

    def results(self) -> Iterator[Result]:
        """The results of the batch, in the order of its rows."""
        return starmap(stored.result_in, self._lines)
