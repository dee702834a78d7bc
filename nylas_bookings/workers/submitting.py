"""Submitting a batch: its rows into the database, and a job for each chunk of them."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterable, Iterable
from typing import Any, Final

from procrastinate import App
from psycopg import AsyncConnection

from ..batch.belonging import Belonging, twice
from ..batch.rows import Row
from ..batch.source import Source
from ..errors import BatchError, InvalidRequest
from ..models.bookings import NewBooking
from .database import connected, explained, lines, locked
from .lines import PLANNED, fingerprint_of, line_of
from .queue import app, enqueue

_BEGIN: Final = "INSERT INTO batches (name) VALUES (%s) ON CONFLICT DO NOTHING"
_STATE: Final = """
SELECT complete, (SELECT count(*) FROM rows WHERE batch = name),
    (SELECT coalesce(max(number), 0) FROM rows WHERE batch = name)
FROM batches WHERE name = %s
"""
_FIND: Final = "SELECT number, fingerprint FROM rows WHERE batch = %s AND key = %s"
_TAKEN: Final = "SELECT key FROM rows WHERE batch = %s AND key = ANY(%s) LIMIT 1"
_TYPES: Final = (
    "bigint",
    "bigint",
    "text",
    "text",
    "text",
    "bigint",
    "bigint",
    "text",
    "text",
    "text",
)
# Rows for the same guests and slot are in one chunk: a calendar cannot tell them apart, so that one
# worker has to see to one after the other.
_INSERT: Final = (
    f"INSERT INTO rows (batch, state, attempts, {', '.join(PLANNED)}) "  # noqa: S608 - names of ours
    "SELECT %s, 'planned', 0, number, coalesce((SELECT min(twin.chunk) FROM rows AS twin "
    "WHERE twin.batch = %s AND (twin.guests, twin.start_time, twin.end_time) = "
    "(new.guests, new.start_time, new.end_time)), chunk), "
    f"{', '.join(PLANNED[2:])} FROM unnest({', '.join(f'%s::{kind}[]' for kind in _TYPES)}) "
    f"AS new ({', '.join(PLANNED)}) RETURNING chunk"
)
_COMPLETE: Final = "UPDATE batches SET complete = true WHERE name = %s"


async def submit(
    requests: Iterable[NewBooking] | AsyncIterable[NewBooking],
    *,
    dsn: str,
    name: str | None = None,
    chunk: int = 200,
) -> str:
    """Put a batch into the database, for workers to carry it out; they may begin at once.

    Under the same name, the same input can be submitted again: what is there already stays as it
    is, and what is missing is added. So a submission that was stopped can be gone on with.

    Args:
        requests: What shall be booked: any iterable (or `AsyncIterable`), never in memory as a
            whole. A row may name a `PublicConfiguration` or a `PublicPage` as its `auth`; no
            credential is written into the database.
        dsn: The URL of the database, or `key=value` pairs, as libpq takes them.
        name: What to call it; a name is made up if none is given.
        chunk: How many rows a worker takes at a time.

    Returns:
        The name.
    """
    if type(chunk) is not int or chunk < 1:
        raise InvalidRequest("chunk is a number from 1")
    name = str(uuid.uuid4()) if name is None else name
    source = Source(requests, None)
    try:
        async with await connected(dsn) as connection, app(dsn).open_async() as queue:
            submission = await _begun(connection, queue, name, chunk)
            while (row := await source.next()) is not None:
                await submission.take(row)
            await submission.end()
    finally:
        await source.close()
    return name


async def _begun(
    connection: AsyncConnection[Any], queue: App, name: str, chunk: int
) -> _Submission:
    if not await locked(connection, name):
        raise BatchError(f"the batch {name!r} is being submitted by somebody else")
    with explained():
        await connection.execute(_BEGIN, (name,))
    ((complete, rows, last),) = await lines(connection, _STATE, (name,))
    return _Submission(
        connection, queue, name, chunk, Belonging(rows, last, complete=complete), last
    )


class _Submission:
    """Compares rows with those that are there, and adds the others chunk by chunk."""

    def __init__(
        self,
        connection: AsyncConnection[Any],
        queue: App,
        name: str,
        size: int,
        belonging: Belonging,
        last: int,
    ) -> None:
        self._connection = connection
        self._queue = queue
        self._name = name
        self._size = size
        self._belonging = belonging
        self._last = last
        self._lines: list[tuple[Any, ...]] = []
        self._keys: set[str] = set()

    async def take(self, row: Row) -> None:
        """The row is part of the batch."""
        if row.key in self._keys:
            raise twice(row.key)
        if not self._belonging.is_new and await self._is_there(row):
            return
        self._last += 1
        row.number = self._last
        self._lines.append(line_of(row, (row.number - 1) // self._size))
        self._keys.add(row.key)
        if row.number % self._size == 0:
            await self._write()

    async def end(self) -> None:
        """There are no other rows."""
        await self._write()
        self._belonging.check()
        with explained():
            await self._connection.execute(_COMPLETE, (self._name,))

    async def _is_there(self, row: Row) -> bool:
        found = await lines(self._connection, _FIND, (self._name, row.key))
        for number, known_as in found:
            same = known_as == fingerprint_of(row)
            self._belonging.meet(number, row.key, same=same)
            return True
        self._belonging.refuse_new(row.key)
        return False

    async def _write(self) -> None:
        """Rows and jobs, all of them or none."""
        if not self._lines:
            return
        for (key,) in await lines(self._connection, _TAKEN, (self._name, list(self._keys))):
            raise twice(key)
        columns = [list(column) for column in zip(*self._lines, strict=True)]
        async with self._connection.transaction():
            chunks = await lines(self._connection, _INSERT, (self._name, self._name, *columns))
            await enqueue(self._queue, self._connection, self._name, {c for (c,) in chunks})
        self._lines.clear()
        self._keys.clear()
