"""Group commits: everything that has come up while the last one was written goes into the next."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation

from .._expiry import Expiry
from ..batch.stored import FACTS, contested_facts
from ..errors import BatchError
from . import leases
from .database import explained
from .leases import Lease

_TYPES: Final = ("text", "integer", "integer", "float8", "float8", "text", "text", "text", "text")
_COLUMNS: Final = tuple(zip(("number", *FACTS), ("bigint", *_TYPES), strict=True))
# The lease is renewed and the rows are changed in one statement, and so only together.
_CHANGE: Final = (
    f"WITH fence AS ({leases.RENEW}) "  # noqa: S608 - names of ours
    f"UPDATE rows SET ({', '.join(FACTS)}) = ({', '.join(f'new.{name}' for name in FACTS)}) "
    f"FROM unnest({', '.join(f'%({name}_)s::{kind}[]' for name, kind in _COLUMNS)}) "
    f"AS new (number, {', '.join(FACTS)}), fence "
    "WHERE rows.batch = %(batch)s AND rows.number = new.number"
)
TAKEN_OVER: Final = "another worker has taken over the chunk: this one was paused for too long"
_OWNERS: Final = "SELECT booking_id, batch, number FROM rows WHERE booking_id = ANY(%s)"
_BOOKING: Final = FACTS.index("booking_id")


class Commits:
    """Writes facts of rows. What breaks the connection breaks it for good.

    Args:
        connection: The connection that holds the lock of the chunk.
        lease: The lease of the chunk. It is renewed with each commit; when it is lost, nothing is
            written any more.

    Attributes:
        expiry: Until when a row may be sent that the last commit has marked.
    """

    def __init__(self, connection: AsyncConnection[Any], lease: Lease) -> None:
        self._connection = connection
        self._lease = lease
        self.expiry: Expiry = lease.expiry()
        self._changed: dict[int, list[Any]] = {}
        self._writing = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        self._broken: BatchError | None = None

    def change(self, number: int, facts: list[Any]) -> None:
        """New facts of a row, in the next commit."""
        if self._broken is not None:
            raise self._broken
        self._changed[number] = facts
        self._soon()

    async def written(self) -> None:
        """Wait until all facts so far are on disk."""
        await asyncio.shield(self._soon())
        if self._broken is not None:
            raise self._broken

    def _soon(self) -> asyncio.Task[None]:
        if self._next is None:
            self._next = asyncio.create_task(self._commit())
        return self._next

    async def _commit(self) -> None:
        async with self._writing:
            self._next = None
            changed, self._changed = self._changed, {}
            if not changed or self._broken is not None:
                return
            try:
                with explained():
                    await self._write(changed)
            except BatchError as error:
                self._broken = error

    async def _write(self, changed: dict[int, list[Any]]) -> None:
        """Write facts. A row that was created is unknown, if another one has its booking."""
        while True:
            # Measured from before the statement: the database renews the lease later than this.
            expiry = self._lease.expiry()
            try:
                done = await self._connection.execute(_CHANGE, self._parameters(changed))
            except UniqueViolation:
                contested = await self._contested(changed)
            else:
                if done.rowcount != len(changed):
                    raise BatchError(TAKEN_OVER)
                self.expiry = expiry
                return
            # Whoever has the booking keeps it, so that each round leaves fewer to be written so.
            for number in contested:
                changed[number] = contested_facts(changed[number])

    def _parameters(self, changed: dict[int, list[Any]]) -> dict[str, Any]:
        columns = [list(changed), *map(list, zip(*changed.values(), strict=True))]
        named = {f"{name}_": column for (name, _), column in zip(_COLUMNS, columns, strict=True)}
        return self._lease.parameters | named

    async def _contested(self, changed: dict[int, list[Any]]) -> list[int]:
        """The rows whose booking another one has: in the table, or before them in this commit."""
        asked = {number: facts[_BOOKING] for number, facts in changed.items() if facts[_BOOKING]}
        found = await self._connection.execute(_OWNERS, (list(asked.values()),))
        owners = {booking: (batch, number) for booking, batch, number in await found.fetchall()}
        contested = []
        for number, booking in asked.items():
            if owners.setdefault(booking, (self._lease.batch, number)) != (
                self._lease.batch,
                number,
            ):
                contested.append(number)
        return contested
