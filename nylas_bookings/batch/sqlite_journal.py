"""A journal in one SQLite file, from which a batch goes on after whatever has stopped it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ..auth import Auth
from ..errors import BatchError
from . import stored, tables
from .journal import Counts, Known
from .journal_file import JournalFile, explained, reading
from .results import Result
from .rows import Row, asks_for, body_of, fingerprint
from .writer import Writer, twice


class SqliteJournal:
    """The journal of one batch, open for one run. Make it in the loop that it is used in.

    Args:
        file: The open file.
        auth: Who is asking, where a row does not say it.
    """

    def __init__(self, file: JournalFile, auth: Auth | None) -> None:
        self._auth = auth
        self._file = file
        connection = file.connection
        with explained(file.path):
            (self._complete,) = connection.execute("SELECT complete FROM batch").fetchone()
            ((self._rows, self._last),) = connection.execute(
                "SELECT count(*), coalesce(max(number), 0) FROM rows"
            ).fetchall()
        self._next = self._last + 1
        self._met = bytearray(self._last // 8 + 1)
        self._met_count = 0
        self._writer = Writer(connection, file.path)

    async def find(self, row: Row) -> Known | None:
        """What an earlier run says of the row; refuses a row that it contradicts."""
        if not self._rows and not self._complete:
            return None
        body, configuration = body_of(row), self._configuration(row)
        found = await self._writer.found(row.key)
        if found is None:
            self._refuse_another_input(row)
            return None
        _, number, state, sends, sent_at, known_as, error = found
        if number > self._last:
            raise twice(row.key)
        if known_as != fingerprint(row, body, configuration):
            raise BatchError(
                f"the journal is of another input: it has {row.key!r} (row {number}) with other "
                "content"
            )
        self._meet(number, row.key)
        return Known(number, state, sends, sent_at, error and stored.error_of(error))

    async def plan(self, row: Row) -> None:
        """The row is part of the batch."""
        row.number, self._next = self._next, self._next + 1
        body, configuration = body_of(row), self._configuration(row)
        wanted = row.request
        columns: list[Any] = [
            row.number,
            row.key,
            fingerprint(row, body, configuration),
            configuration,
            wanted.guest.email,
            int(wanted.start_time.timestamp()),
            int(wanted.end_time.timestamp()),
            body.decode(),
            wanted.booking_timezone,
        ]
        self._writer.insert(row.number, columns + stored.planned(row))

    async def sending(self, row: Row) -> None:
        """The row is about to be sent: on disk when this returns."""
        refused = await self._writer.updated(row.number, stored.sending(row))
        assert refused is None

    async def unsent(self, row: Row) -> None:
        """The row was not sent after all."""
        self._writer.update(row.number, stored.planned(row))

    async def record(self, row: Row, result: Result) -> None:
        """What became of the row."""
        self._writer.update(row.number, stored.facts(row, result, whole=False))

    async def belongs_to_another(self, booking_id: str, row: Row) -> bool:
        """Whether another row of the batch has made that booking."""
        return bool(await self._writer.owned_by_another(booking_id, row.number))

    async def finish(self, *, complete: bool) -> Counts:
        """The run is over: everything is on disk, and nothing is written any more."""
        try:
            await self._writer.stop()
            with explained(self._file.path):
                if complete and self._met_count == self._rows:
                    self._file.connection.execute("UPDATE batch SET complete = 1")
                counted = dict(self._file.connection.execute(tables.COUNT).fetchall())
        finally:
            with explained(self._file.path):
                self._file.close()
        if complete and self._met_count < self._rows:
            raise BatchError(
                f"the journal is of another input: it has {self._rows} rows from before, and this "
                f"input has only {self._met_count} of them"
            )
        return Counts(**counted)

    def results(self) -> Iterator[Result]:
        """The results of the batch, in the order of its rows."""
        return results_in(self._file.path)

    def _configuration(self, row: Row) -> str:
        return asks_for(row.request.auth or self._auth)

    def _refuse_another_input(self, row: Row) -> None:
        """The first rows of the input are the rows of the journal, in whatever order."""
        if self._met_count < self._rows:
            left = self._rows - self._met_count
            raise BatchError(
                f"the journal is of another input: {row.key!r} is not in it, and {left} of its "
                "rows have not come yet"
            )
        if self._complete:
            raise BatchError(
                f"the journal is of another input: {row.key!r} is not in it, and it has all rows "
                "of its own"
            )

    def _meet(self, number: int, key: str) -> None:
        byte, bit = divmod(number, 8)
        if self._met[byte] >> bit & 1:
            raise twice(key)
        self._met[byte] |= 1 << bit
        self._met_count += 1


def results_in(path: Path) -> Iterator[Result]:
    """The results in a journal that nobody writes to."""
    with explained(path), closing(reading(path)) as connection:
        last = -1
        while lines := _page(connection, last):
            for number, *columns in lines:
                yield stored.result_of(tuple(columns))
                last = number


def _page(connection: sqlite3.Connection, last: int) -> list[tuple[Any, ...]]:
    return connection.execute(tables.RESULTS, (last,)).fetchall()
