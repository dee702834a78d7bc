"""The tables in PostgreSQL: ours and procrastinate's, made and brought up to date."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation

from ..errors import BatchError
from .database import SCHEMA, connected, explained, lines

_LOCK: Final = 0x4E796C4D
_MIGRATIONS: Final = "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)"

_FIRST: Final = """
CREATE TABLE batches (
    name text PRIMARY KEY,
    submitted_at timestamptz NOT NULL DEFAULT now(),
    complete boolean NOT NULL DEFAULT false,
    api text,
    configuration text
);
CREATE TABLE rows (
    batch text NOT NULL REFERENCES batches ON DELETE CASCADE,
    number bigint NOT NULL,
    chunk bigint NOT NULL,
    key text NOT NULL,
    state text NOT NULL
        CHECK (state IN ('planned', 'sending', 'created', 'failed', 'unknown')),
    attempts integer NOT NULL,
    doubts integer NOT NULL DEFAULT 0,
    sent_at double precision,
    elapsed double precision,
    booking_id text,
    auth text,
    guests text NOT NULL,
    start_time bigint NOT NULL,
    end_time bigint NOT NULL,
    booking_timezone text,
    fingerprint text NOT NULL,
    request text NOT NULL,
    booking text,
    error text,
    evidence text,
    PRIMARY KEY (batch, number),
    UNIQUE (batch, key)
);
CREATE INDEX rows_by_chunk ON rows (batch, chunk);
CREATE INDEX rows_by_guests ON rows (batch, guests, start_time, end_time);
CREATE INDEX rows_by_booking ON rows (booking_id) WHERE booking_id IS NOT NULL;
CREATE VIEW readable AS
SELECT batch, number, key, state, attempts, to_timestamp(sent_at) AS sent, guests,
    to_timestamp(start_time) AS starts, booking_id,
    error::json ->> 'message' AS error, evidence::json ->> 'says' AS evidence
FROM rows;
"""
_EACH_BOOKING_ONCE: Final = """
DROP INDEX rows_by_booking;
CREATE UNIQUE INDEX each_booking_once ON rows (booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX rows_unresolved ON rows (start_time, end_time) WHERE state IN ('sending', 'unknown');
"""
_LEASES: Final = """
CREATE TABLE chunks (
    batch text NOT NULL REFERENCES batches ON DELETE CASCADE,
    chunk bigint NOT NULL,
    epoch bigint NOT NULL,
    leased_until timestamptz NOT NULL,
    PRIMARY KEY (batch, chunk)
);
"""
_OURS: Final = {
    "0001 batches and rows": _FIRST,
    "0002 each booking once": _EACH_BOOKING_ONCE,
    "0003 leases": _LEASES,
}
"""By name, in the order in which they are to be run. What has been released is never changed."""

_QUEUE: Final = "procrastinate "


async def migrate(dsn: str) -> None:
    """Make the tables, or bring them up to date. Doing it again changes nothing.

    They are in the schema `nylas_bookings`, procrastinate's among them; nothing else is touched.

    Args:
        dsn: The URL of the database, or `key=value` pairs, as libpq takes them.
    """
    async with await connected(dsn) as connection:
        with explained():
            await connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
            await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            await connection.execute(_MIGRATIONS)
        done = {name for (name,) in await lines(connection, "SELECT name FROM migrations")}
        for name, statements in pending(done):
            await _carry_out(connection, name, statements)


def pending(done: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is still to be done: names and statements; nothing but a name for what is in another."""
    is_new = not any(name.startswith(_QUEUE) for name in done)
    if is_new:
        yield f"{_QUEUE}schema", SchemaManager.get_schema()
    for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        name = _QUEUE + path.stem
        if name not in done:
            # The whole schema, made a moment ago, has all of them.
            yield name, "" if is_new else path.read_text(encoding="utf-8")
    yield from ((name, statements) for name, statements in _OURS.items() if name not in done)


@contextlib.contextmanager
def _shared_bookings_explained() -> Iterator[None]:
    """Say what to do when an earlier version has given one booking to two rows."""
    try:
        yield
    except UniqueViolation as error:
        raise BatchError(
            "the tables cannot be brought up to date: an earlier version has given one booking to "
            f"two rows ({error.diag.message_detail}). Find out whose it is, and set the other "
            "row's state to 'unknown' and its booking_id to NULL"
        ) from error


async def _carry_out(connection: AsyncConnection[Any], name: str, statements: str) -> None:
    with explained(), _shared_bookings_explained():
        async with connection.transaction():
            if statements:
                await connection.execute(statements.encode())
            await connection.execute("INSERT INTO migrations VALUES (%s)", (name,))
