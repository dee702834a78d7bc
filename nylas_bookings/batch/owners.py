"""Owners: which row of a journal has which booking. Each booking is one row's."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

import orjson

from ..errors import BatchError
from . import stored
from .stored import FACTS

_BOOKING: Final = 1 + FACTS.index("booking_id")
"""Where an update of a row, which begins with its number, has the booking."""

ONCE: Final = (
    "CREATE UNIQUE INDEX IF NOT EXISTS each_booking_once ON rows (booking_id) "
    "WHERE booking_id IS NOT NULL"
)
"""For journals that nobody writes to. Kept up row by row, it would cost a page for each."""

_TABLE: Final = (
    "CREATE TABLE owners (booking_id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID"
)
_FIRST: Final = (
    "SELECT booking_id, number FROM rows WHERE booking_id IS NOT NULL ORDER BY booking_id"
)
_LOAD: Final = "INSERT INTO owners VALUES (?, ?)"
_CLAIM: Final = (
    "INSERT OR IGNORE INTO owners SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') "
    "FROM json_each(?)"
)
_REFUSED: Final = (
    "SELECT json_extract(value, '$[1]') AS claimer FROM json_each(?) "
    "JOIN owners ON booking_id = json_extract(value, '$[0]') WHERE number != claimer"
)
_OWNER: Final = "SELECT number FROM owners WHERE booking_id = ?"
_NOTE: Final = "UPDATE rows SET booking_id = ? WHERE number = ?"
_KEY: Final = "SELECT key FROM rows WHERE number = ?"
_TWICE: Final = (
    "SELECT booking_id, min(key), max(key) FROM rows WHERE booking_id IS NOT NULL "
    "GROUP BY booking_id HAVING count(*) > 1 LIMIT 1"
)


class Owners:
    """Lets each booking be claimed by one row. It is used in the thread that writes the journal.

    It keeps a table of its own as long as the journal is open, in a database without a name, which
    SQLite puts into a temporary file where it is large. A row costs 2 µs so; in an index of the
    journal it would cost 7, for a page of the `-wal` each.

    Args:
        connection: The journal.

    Attributes:
        contested: The keys of rows that were to be written as created, and of which another has the
            booking.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._journal = connection
        self._table: sqlite3.Connection | None = None
        self.contested: set[str] = set()

    def contest(self, updates: dict[int, list[Any]]) -> None:
        """Claim the bookings of rows that are to be updated; what another row has is unknown.

        Args:
            updates: The new facts of the rows, each after its number. Those of rows without a right
                to their booking are changed.
        """
        claims = [
            (line[_BOOKING], number)
            for number, line in updates.items()
            if line[_BOOKING] is not None
        ]
        for number in self._claim(claims) if claims else ():
            updates[number] = [number, *stored.contested_facts(updates[number][1:])]
            ((key,),) = self._journal.execute(_KEY, (number,)).fetchall()
            self.contested.add(key)

    def is_anothers(self, booking_id: str, number: int) -> bool:
        """Whether another row has the booking."""
        owner = self._owners().execute(_OWNER, (booking_id,)).fetchone()
        return owner is not None and owner[0] != number

    def claim(self, booking_id: str, number: int) -> bool:
        """Give the booking to a row, on disk; False if another row has it."""
        if self._claim([(booking_id, number)]):
            return False
        self._journal.execute(_NOTE, (booking_id, number))
        return True

    def close(self) -> None:
        """Forget everything."""
        if self._table is not None:
            self._table.close()

    def _claim(self, claims: list[tuple[str, int]]) -> list[int]:
        """Claim bookings, each for a row, and return the rows that do not get them."""
        owners, text = self._owners(), orjson.dumps(claims).decode()
        if owners.execute(_CLAIM, (text,)).rowcount == len(claims):
            return []
        return [number for (number,) in owners.execute(_REFUSED, (text,))]

    def _owners(self) -> sqlite3.Connection:
        if self._table is None:
            self._table = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._table.execute("PRAGMA journal_mode = OFF")
            self._table.execute("PRAGMA synchronous = OFF")
            self._table.execute(_TABLE)
            self._table.execute("BEGIN")
            self._table.executemany(_LOAD, self._journal.execute(_FIRST))
            self._table.execute("COMMIT")
        return self._table


def prepare(connection: sqlite3.Connection) -> None:
    """Give a journal that has rows the index, within the transaction of the caller."""
    connection.execute("DROP INDEX IF EXISTS rows_by_booking")
    if connection.execute("SELECT 1 FROM rows LIMIT 1").fetchone() is not None:
        connection.execute(ONCE)


def refuse_shared_bookings(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a journal of an earlier version in which two rows have the same booking."""
    has_index = "SELECT 1 FROM sqlite_schema WHERE name = 'each_booking_once'"
    if connection.execute(has_index).fetchone() is not None:
        return
    for booking_id, first, last in connection.execute(_TWICE):
        raise BatchError(
            f"the journal {path.name} cannot be gone on with: an earlier version has given the "
            f"booking {booking_id} to two rows, {first!r} and {last!r}. Find out whose it is, and "
            "set the other row's state to 'unknown' and its booking_id to NULL"
        )
