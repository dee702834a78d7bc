"""A journal in one SQLite file, from which a batch goes on after whatever has stopped it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from ..auth import Auth, asks_for
from ..models.bookings import Booking
from . import stored, tables
from .belonging import Belonging
from .journal import Counts, Known
from .journal_file import JournalFile, explained, reading
from .results import Result
from .rows import Rival, Row, fingerprint, slot_of
from .writer import Writer


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
            (complete,) = connection.execute("SELECT complete FROM batch").fetchone()
            ((rows, last),) = connection.execute(
                "SELECT count(*), coalesce(max(number), 0) FROM rows"
            ).fetchall()
        self._next = last + 1
        self._belonging = Belonging(rows, last, complete=bool(complete))
        self._writer = Writer(file)

    async def find(self, row: Row) -> Known | None:
        """What an earlier run says of the row; refuses a row that it contradicts."""
        if self._belonging.is_new:
            return None
        found = await self._writer.found(row.key)
        if found is None:
            self._belonging.refuse_new(row.key)
            return None
        _, known_as, *facts = found
        known = Known.of(*facts)
        as_asked = fingerprint(row, self._configuration(row))
        self._belonging.meet(known.number, row.key, same=known_as == as_asked)
        return known

    async def plan(self, row: Row) -> None:
        """The row is part of the batch."""
        row.number, self._next = self._next, self._next + 1
        configuration = self._configuration(row)
        wanted = row.request
        columns: list[Any] = [
            row.number,
            row.key,
            fingerprint(row, configuration),
            configuration,
            wanted.guest.email,
            *slot_of(wanted),
            row.body.decode(),
            wanted.booking_timezone,
        ]
        self._writer.insert(row.number, columns + stored.planned(row))

    async def sending(self, row: Row) -> None:
        """Mark the row as about to be sent. Nobody can take it over: the file is locked."""
        refused = await self._writer.updated(row.number, stored.sending(row))
        assert refused is None

    async def unsent(self, row: Row) -> None:
        """The row is to be sent, as if it never had been."""
        self._writer.update(row.number, stored.planned(row))

    async def record(self, row: Row, result: Result) -> None:
        """What became of the row."""
        self._writer.update(row.number, stored.facts(row, result))

    def record_created(self, row: Row, booking: Booking) -> None:
        """The row was created just now."""
        self._writer.update(row.number, stored.created(row, booking))

    async def belongs_to_another(self, booking_id: str, row: Row) -> bool:
        """Whether another row of the batch has made that booking."""
        return bool(await self._writer.owned_by_another(booking_id, row.number))

    async def claim(self, booking_id: str, row: Row) -> bool:
        """Note that the row has made a booking; False if another row has it."""
        return bool(await self._writer.claimed(booking_id, row.number))

    async def rivals(self, row: Row) -> Sequence[Rival]:
        """The other rows for the same slot of which nobody knows what they have made."""
        found = await self._writer.rivals(slot_of(row.request), row.number)
        return [Rival.of(body, sent_at) for body, sent_at in found]

    @property
    def contested(self) -> Collection[str]:
        """The keys of rows that were recorded as created, and of which another has the booking."""
        return self._writer.owners.contested

    async def finish(self, *, complete: bool) -> Counts:
        """The run is over: everything is on disk, and nothing is written any more."""
        try:
            await self._writer.stop()
            with explained(self._file.path):
                if complete and not self._belonging.missing:
                    self._file.connection.execute("UPDATE batch SET complete = 1")
                counted = dict(self._file.connection.execute(tables.COUNT).fetchall())
        finally:
            with explained(self._file.path):
                self._file.close()
        if complete:
            self._belonging.check()
        return Counts(**counted)

    def results(self) -> Iterator[Result]:
        """The results of the batch, in the order of its rows."""
        return results_in(self._file.path)

    def _configuration(self, row: Row) -> str:
        return asks_for(row.request.auth or self._auth)


def results_in(path: Path) -> Iterator[Result]:
    """The results in a journal that nobody writes to."""
    with explained(path), closing(reading(path)) as connection:
        yield from stored.results(
            lambda last: connection.execute(tables.RESULTS, (last,)).fetchall()
        )
