"""The database: connections that find our tables, and what goes wrong with them in our words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from psycopg import AsyncConnection, Error, OperationalError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InvalidSchemaName, UndefinedTable

from ..errors import BatchError

SCHEMA: Final = "nylas_bookings"
"""All tables are in a schema of our own, procrastinate's too: they meet nobody else's."""

# What is marked as sent has to be on disk. And a worker whose machine is gone has to be given up
# soon, because others wait for its chunk: by default that takes PostgreSQL two hours.
_SETTINGS: Final = {
    "search_path": SCHEMA,
    "synchronous_commit": "on",
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
_TIMEOUT: Final = 10
_LOCK: Final = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"


def addressed(dsn: str) -> str:
    """The connection string, with what our connections need."""
    with explained():
        given = conninfo_to_dict(dsn)
    settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    options = f"{given.get('options') or ''} {settings}".strip()
    name = given.get("application_name") or "nylas-bookings"
    return make_conninfo(dsn, options=options, application_name=name, connect_timeout=_TIMEOUT)


async def connected(dsn: str) -> AsyncConnection[Any]:
    """A connection of which each statement is a transaction."""
    address = addressed(dsn)
    with explained():
        return await AsyncConnection.connect(address, autocommit=True)


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """What PostgreSQL says, as a `BatchError`."""
    try:
        yield
    except (UndefinedTable, InvalidSchemaName) as error:
        raise BatchError(
            "the database does not have the tables of this version: run workers.migrate first"
        ) from error
    except OperationalError as error:
        raise BatchError(f"the database cannot be used: {error}") from error
    except Error as error:
        # A connection string that cannot be read is told in full, and may have a password.
        if error.sqlstate is None:
            raise BatchError(f"the database cannot be used ({type(error).__name__})") from None
        raise BatchError(f"the database cannot be used: {error}") from error


async def value(connection: AsyncConnection[Any], query: Any, values: Any = ()) -> Any:
    """The one value that a query finds, or None."""
    with explained():
        found = await (await connection.execute(query, values)).fetchone()
    return None if found is None else found[0]


async def locked(connection: AsyncConnection[Any], *named: object) -> bool:
    """Lock what is named so, for as long as the connection lasts; False if somebody else has."""
    name = " ".join(str(part) for part in ("nylas_bookings", *named))
    return bool(await value(connection, _LOCK, (name,)))


async def lines(connection: AsyncConnection[Any], query: Any, values: Any = ()) -> list[Any]:
    """All lines that a query finds."""
    with explained():
        return await (await connection.execute(query, values)).fetchall()
