"""What a batch without a journal keeps: its results, out of the way and gone with the process."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator
from typing import Any, Final

from . import stored, tables
from .belonging import twice
from .journal import Counts, Known
from .results import Result
from .rows import Row

_AT_ONCE: Final = 200
_COLUMNS: Final = ("number", "key", "request", "booking_timezone", *stored.FACTS)
_TABLE: Final = f"CREATE TABLE rows ({', '.join(_COLUMNS)}, PRIMARY KEY (number))"
_INDEX: Final = "CREATE INDEX rows_by_booking ON rows (booking_id)"
_KEYS: Final = "CREATE TABLE keys (key TEXT PRIMARY KEY) WITHOUT ROWID"
_MEET: Final = "INSERT OR IGNORE INTO keys VALUES (?)"
_INSERT: Final = (
    f"INSERT OR REPLACE INTO rows ({', '.join(_COLUMNS)}) "  # noqa: S608 - names of ours
    f"VALUES ({', '.join('?' * len(_COLUMNS))})"
)


class Scratch:
    """In a database without a name, which SQLite keeps in memory as long as it is small.

    Args:
        indexed: Whether bookings will be looked for.
    """

    def __init__(self, *, indexed: bool) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(_TABLE)
        self._connection.execute(_KEYS)
        if indexed:
            self._connection.execute(_INDEX)
        weakref.finalize(self, self._connection.close)
        self._lines: list[list[Any]] = []

    async def find(self, row: Row) -> Known | None:
        """There was no earlier run; refuses a key that was there before."""
        if row.request.key is None:
            return None
        if not self._connection.execute(_MEET, (row.key,)).rowcount:
            raise twice(row.key)
        return None

    async def plan(self, row: Row) -> None:
        """Nothing: what is in memory goes with the process."""

    async def sending(self, row: Row) -> None:
        """Nothing, for the same reason."""

    async def unsent(self, row: Row) -> None:
        """Nothing, for the same reason."""

    async def record(self, row: Row, result: Result) -> None:
        """What became of the row."""
        facts = stored.facts(row, result, whole=True)
        request = row.request
        self._lines.append([row.number, row.key, row.body, request.booking_timezone, *facts])
        if len(self._lines) >= _AT_ONCE:
            self._write()

    async def belongs_to_another(self, booking_id: str, row: Row) -> bool:
        """Whether another row of the batch has made that booking."""
        self._write()
        found = self._connection.execute(tables.OWNER, (booking_id, row.number)).fetchone()
        return found is not None

    async def finish(self, *, complete: bool) -> Counts:
        """The run is over."""
        self._write()
        return Counts(**dict(self._connection.execute(tables.COUNT).fetchall()))

    def results(self) -> Iterator[Result]:
        """The results of the batch, in the order of its rows."""
        return stored.results(
            lambda last: self._connection.execute(tables.RESULTS, (last,)).fetchall()
        )

    def _write(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            self._connection.execute("BEGIN")
            self._connection.executemany(_INSERT, lines)
            self._connection.execute("COMMIT")
