"""The journal of a chunk: its rows in PostgreSQL, which nobody else works on meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation

from .._expiry import Expiry
from ..batch import stored
from ..batch.journal import Counts, Known
from ..batch.results import Failed, Result
from ..batch.rows import Rival, Row, slot_of
from ..errors import BatchError
from . import leases
from .commits import TAKEN_OVER, Commits
from .database import connected, explained, lines, locked, value
from .leases import Lease
from .lines import ROW, row_of
from .looking import results_in

_KNOWN: Final = "number, state, attempts, doubts, sent_at, error, evidence"
_OPEN: Final = (
    f"SELECT {ROW}, {_KNOWN} FROM rows WHERE batch = %s AND chunk = %s AND state != 'created' "  # noqa: S608 - names of ours
    "ORDER BY number"
)
_ROW: Final = ROW.count(",") + 1
_OWNER: Final = (
    "SELECT EXISTS (SELECT 1 FROM rows WHERE booking_id = %s AND (batch, number) != (%s, %s))"
)
_CLAIM: Final = (
    f"WITH fence AS ({leases.RENEW}) UPDATE rows SET booking_id = %(booking)s FROM fence "  # noqa: S608 - names of ours
    "WHERE (rows.batch, rows.number) = (%(batch)s, %(number)s)"
)
_RIVALS: Final = (
    "SELECT request, sent_at FROM rows WHERE state IN ('sending', 'unknown') "
    "AND (start_time, end_time) = (%s, %s) AND (batch, number) != (%s, %s)"
)
_COUNT: Final = "SELECT state, count(*) FROM rows WHERE batch = %s AND chunk = %s GROUP BY state"


class Busy(Exception):
    """Somebody else has the chunk."""


class PostgresJournal:
    """The journal of one chunk, open for one run of it. Make it with `opened`.

    Attributes:
        rows: The rows that are not known to be booked.
    """

    def __init__(
        self,
        connection: AsyncConnection[Any],
        dsn: str,
        lease: Lease,
        found: list[tuple[Any, ...]],
    ) -> None:
        self._connection = connection
        self._dsn = dsn
        self._batch = lease.batch
        self._chunk = lease.chunk
        self._lease = lease
        self._commits = Commits(connection, lease)
        self.rows: list[Row] = [row_of(columns[:_ROW]) for columns in found]
        self._known = {columns[0]: Known.of(*columns[_ROW:]) for columns in found}
        self._open = {
            known.number
            for known in self._known.values()
            if known.state != "failed" or known.may_repeat
        }

    @classmethod
    async def opened(
        cls, dsn: str, batch: str, chunk: int, *, dead_after: float
    ) -> PostgresJournal:
        """Open the journal of a chunk; raise `Busy` if somebody else has it.

        Args:
            dsn: The connection string.
            batch: The batch.
            chunk: The chunk.
            dead_after: After how many seconds without a sign of life a worker is taken for dead.
        """
        connection = await connected(dsn)
        try:
            lease = await _take(connection, batch, chunk, dead_after)
            found = await lines(connection, _OPEN, (batch, chunk))
            return cls(connection, dsn, lease, found)
        except BaseException:
            await connection.close()
            raise

    @property
    def contested(self) -> Collection[str]:
        """None: of a batch in the database, nobody is told anything before it is read."""
        return ()

    @property
    def left(self) -> int:
        """How many rows have no result that lasts."""
        return len(self._open)

    async def find(self, row: Row) -> Known | None:
        """What an earlier run says of the row."""
        return self._known[row.number]

    async def plan(self, row: Row) -> None:
        """Refused: all rows of a chunk are known since the batch was submitted."""
        raise BatchError(f"{row.key!r} is not in the batch {self._batch!r}")

    async def sending(self, row: Row) -> Expiry | None:
        """Mark the row as about to be sent, and return until when it may be."""
        self._commits.change(row.number, stored.sending(row))
        await self._commits.written()
        return self._commits.expiry

    async def unsent(self, row: Row) -> None:
        """The row is to be sent, as if it never had been."""
        self._commits.change(row.number, stored.planned(row))

    async def record(self, row: Row, result: Result) -> None:
        """What became of the row."""
        if isinstance(result, Failed) and stored.may_repeat(result.error):
            self._open.add(row.number)
        else:
            self._open.discard(row.number)
        self._commits.change(row.number, stored.facts(row, result))

    async def belongs_to_another(self, booking_id: str, row: Row) -> bool:
        """Whether another row, of this batch or any other, has made that booking."""
        await self._commits.written()
        owner = (booking_id, self._batch, row.number)
        return bool(await value(self._connection, _OWNER, owner))

    async def claim(self, booking_id: str, row: Row) -> bool:
        """Note that the row has made a booking; False if another row has it."""
        await self._commits.written()
        try:
            with explained():
                claim = {"booking": booking_id, "number": row.number}
                done = await self._connection.execute(_CLAIM, self._lease.parameters | claim)
        except BatchError as error:
            if isinstance(error.__cause__, UniqueViolation):
                return False
            raise
        if not done.rowcount:
            raise BatchError(TAKEN_OVER)
        return True

    async def rivals(self, row: Row) -> Sequence[Rival]:
        """The other rows for the same slot of which nobody knows what they have made.

        Those of all batches, whichever worker has them.
        """
        await self._commits.written()
        asked = (*slot_of(row.request), self._batch, row.number)
        found = await lines(self._connection, _RIVALS, asked)
        return [Rival.of(body, sent_at) for body, sent_at in found]

    async def finish(self, *, complete: bool) -> Counts:
        """The run is over: everything is on disk, and others may have the chunk."""
        try:
            await self._commits.written()
            await self._lease.release(self._connection)
            chunk = (self._batch, self._chunk)
            return Counts(**dict(await lines(self._connection, _COUNT, chunk)))
        finally:
            await self._connection.close()

    def results(self) -> Iterator[Result]:
        """The results of the whole batch, in the order of its rows."""
        return results_in(self._dsn, self._batch)


async def _take(
    connection: AsyncConnection[Any], batch: str, chunk: int, dead_after: float
) -> Lease:
    """Lock a chunk for as long as the connection lasts, and lease it."""
    if not await locked(connection, batch, chunk):
        raise Busy(f"chunk {chunk} of {batch} is being carried out")
    lease = await leases.acquire(connection, batch, chunk, dead_after)
    if lease is None:
        raise Busy(f"the lease of the worker that had chunk {chunk} of {batch} has not ended")
    return lease


class Open:
    """The rows of a chunk, one after the other."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = iter(rows)
        self._stopped = False
        self.complete: bool = False

    async def next(self) -> Row | None:
        """The next row, or None when there is none."""
        row = None if self._stopped else next(self._rows, None)
        self.complete = row is None and not self._stopped
        return row

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped = True

    async def close(self) -> None:
        """Nothing is held."""
