"""Group commits: everything that has come up while the last one was written goes into the next."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from psycopg import AsyncConnection

from ..batch.stored import FACTS
from ..errors import BatchError
from .database import explained

_TYPES: Final = ("text", "integer", "integer", "float8", "float8", "text", "text", "text", "text")
_CHANGE: Final = (
    f"UPDATE rows SET ({', '.join(FACTS)}) = ({', '.join(f'new.{name}' for name in FACTS)}) "  # noqa: S608 - names of ours
    f"FROM unnest(%s::bigint[], {', '.join(f'%s::{kind}[]' for kind in _TYPES)}) "
    f"AS new (number, {', '.join(FACTS)}) WHERE batch = %s AND rows.number = new.number"
)


class Commits:
    """Writes facts of rows. What breaks the connection breaks it for good."""

    def __init__(self, connection: AsyncConnection[Any], batch: str) -> None:
        self._connection = connection
        self._batch = batch
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
            columns = [list(column) for column in zip(*changed.values(), strict=True)]
            try:
                with explained():
                    await self._connection.execute(_CHANGE, (list(changed), *columns, self._batch))
            except BatchError as error:
                self._broken = error
