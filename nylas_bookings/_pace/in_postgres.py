"""What processes that share a pace have in common, when they keep it in PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from attrs import asdict
from psycopg import AsyncConnection, Error, OperationalError

from ..errors import NotSent
from .learning import Known
from .pace import BURST_SECONDS

_TIMEOUT: Final = 5
_LOCK: Final = 0x4E796C50

# What is here is worth nothing after a crash of the server, and so is not written ahead.
_TABLE: Final = """
CREATE SCHEMA IF NOT EXISTS nylas_bookings;
CREATE UNLOGGED TABLE IF NOT EXISTS nylas_bookings.paces (
    name text PRIMARY KEY,
    next_turn timestamptz NOT NULL DEFAULT '-infinity',
    learned text,
    learned_at timestamptz
)
"""
_EXISTS: Final = "SELECT to_regclass('nylas_bookings.paces') IS NOT NULL"
_NEW: Final = "INSERT INTO nylas_bookings.paces (name) VALUES (%s) ON CONFLICT DO NOTHING"
_TIME: Final = "SELECT extract(epoch FROM clock_timestamp())"
# GCRA, with the turn reserved: the next one comes an interval after this one, and a few may be
# taken at once after a silence. The clock is the server's alone.
_TURN: Final = """
UPDATE nylas_bookings.paces SET next_turn = greatest(
    next_turn, clock_timestamp() - %(burst)s * interval '1 second'
) + %(interval)s * interval '1 second' WHERE name = %(name)s
RETURNING extract(epoch FROM next_turn - clock_timestamp()) - %(interval)s
"""
_KNOWN: Final = """
SELECT CASE WHEN learned_at > now() - interval '1 hour' THEN learned END
FROM nylas_bookings.paces WHERE name = %s FOR UPDATE
"""
_LEARNED: Final = """
UPDATE nylas_bookings.paces SET learned = %s, learned_at = clock_timestamp() WHERE name = %s
"""


class InPostgres:
    """A row: the turns, and what was learned."""

    def __init__(self, dsn: str, name: str) -> None:
        self._dsn = dsn
        self._name = name
        self._alone = asyncio.Lock()
        self._open: AsyncConnection | None = None

    async def time(self) -> float:
        """What time it is there."""
        async with self._connection() as connection:
            return float(await _value(connection, _TIME, ()))

    async def turn(self, per_second: float, clock: Callable[[], float]) -> bool:
        """Reserve the next turn, and wait until it comes."""
        interval = 1 / per_second
        burst = max(0.0, BURST_SECONDS - interval)
        asked = {"name": self._name, "interval": interval, "burst": burst}
        async with self._connection() as connection:
            wait = float(await _value(connection, _TURN, asked))
        if wait > 0:
            await asyncio.sleep(wait)
        return wait > 0

    async def change(self, learn: Callable[[Known], Known]) -> None:
        """Change what is known, while nobody else does."""
        async with self._connection() as connection, connection.transaction():
            told = await _value(connection, _KNOWN, (self._name,))
            known = Known(**json.loads(told)) if told else Known()
            learned = learn(known)
            if learned != known:
                await connection.execute(_LEARNED, (json.dumps(asdict(learned)), self._name))

    async def close(self) -> None:
        """Close the connection."""
        if self._open is not None:
            await self._open.close()

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """The connection, for one at a time; a new one, when the last was lost."""
        try:
            async with self._alone:
                if self._open is None or self._open.closed:
                    self._open = await self._connected()
                yield self._open
        except (OperationalError, OSError) as error:
            raise NotSent(f"PostgreSQL cannot be asked for a turn: {error}") from error
        except Error as error:
            # What is said of a connection string that cannot be read may show its password.
            kind = type(error).__name__
            raise NotSent(f"PostgreSQL cannot be asked for a turn ({kind})") from None

    async def _connected(self) -> AsyncConnection:
        connection = await AsyncConnection.connect(
            self._dsn, autocommit=True, connect_timeout=_TIMEOUT
        )
        if not await _value(connection, _EXISTS, ()):
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                await connection.execute(_TABLE)
        await connection.execute(_NEW, (self._name,))
        return connection


async def _value(connection: AsyncConnection, query: Any, values: Any) -> Any:
    found = await (await connection.execute(query, values)).fetchone()
    return None if found is None else found[0]
