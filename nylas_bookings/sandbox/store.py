"""The sandbox's memory: one SQLite database, whose transactions hold whole bookings."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
import weakref
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from .identifiers import Identifiers
from .row_cache import RowCache

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL,
    provider TEXT NOT NULL, access_token TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE IF NOT EXISTS calendars (
    grant_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, timezone TEXT NOT NULL,
    is_primary INTEGER NOT NULL, read_only INTEGER NOT NULL, PRIMARY KEY (grant_id, id)
) STRICT;
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, ical_uid TEXT NOT NULL, grant_id TEXT NOT NULL, calendar_id TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, busy INTEGER NOT NULL,
    repeats INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS events_of_calendar ON events (grant_id, calendar_id, "end", start);
CREATE INDEX IF NOT EXISTS longest_event ON events (grant_id, "end" - start);
CREATE INDEX IF NOT EXISTS copies_of_event ON events (ical_uid);
CREATE INDEX IF NOT EXISTS series_of_calendar ON events (grant_id, calendar_id) WHERE repeats;
CREATE TABLE IF NOT EXISTS configurations (
    id TEXT PRIMARY KEY, grant_id TEXT NOT NULL, slug TEXT UNIQUE, document TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, configuration_id TEXT NOT NULL, ends INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS bookings (
    id TEXT PRIMARY KEY, configuration_id TEXT NOT NULL, event_id TEXT NOT NULL,
    status TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, salt TEXT NOT NULL,
    hosts TEXT NOT NULL, created INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS bookings_of_configuration ON bookings (configuration_id, hosts);
CREATE TABLE IF NOT EXISTS history (
    booking_id TEXT NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS group_events (
    id TEXT PRIMARY KEY, configuration_id TEXT NOT NULL, grant_id TEXT NOT NULL,
    calendar_id TEXT NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS webhooks (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, webhook_id TEXT NOT NULL, notification_id TEXT NOT NULL,
    booking_id TEXT NOT NULL, document TEXT NOT NULL, state TEXT NOT NULL, due REAL NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0, claim TEXT, claimed_until REAL
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE INDEX IF NOT EXISTS deliveries_of_booking ON deliveries (booking_id, webhook_id);
CREATE TABLE IF NOT EXISTS attempts (
    delivery_id INTEGER NOT NULL, webhook_id TEXT NOT NULL, number INTEGER NOT NULL,
    at REAL NOT NULL, status INTEGER, failure TEXT, elapsed REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS attempts_of_delivery ON attempts (delivery_id);
CREATE INDEX IF NOT EXISTS attempts_of_webhook ON attempts (webhook_id, at);
CREATE TABLE IF NOT EXISTS reminders (
    booking_id TEXT NOT NULL, at INTEGER NOT NULL, sent INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS reminders_due ON reminders (sent, at);
CREATE INDEX IF NOT EXISTS reminders_of_booking ON reminders (booking_id);
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, recipient TEXT NOT NULL, kind TEXT NOT NULL,
    booking_id TEXT, subject TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL,
    due REAL NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, failure TEXT, claim TEXT,
    claimed_until REAL
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (state, due);
"""

_VERSION: Final = zlib.crc32(_SCHEMA.encode()) & 0x7FFFFFFF
"""Another one as soon as anything is laid out in another way."""

_PATIENCE: Final = 30.0
"""How many seconds to wait for another process to be done with the file."""

_TABLES: Final = tuple(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", _SCHEMA))


class Store:
    """The database. One lock lets one thread in at a time, as SQLite would.

    Attributes:
        version: How many transactions this process has carried out.
    """

    def __init__(self, path: str | Path | None, identifiers: Identifiers) -> None:
        self.identifiers = identifiers
        self.lock: AbstractContextManager[bool] = threading.RLock()
        self.version: int = 0
        self._afterwards: dict[Callable[[], None], None] = {}
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=_PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        self._connection.row_factory = sqlite3.Row
        # One cursor for all statements, because making one takes a tenth of a short statement.
        # Every query is fetched to its end: a pending one would keep its snapshot of the file.
        self._cursor = self._connection.cursor()
        self._is_shared = path is not None
        self._written_by_others = 0
        self._cache = RowCache()
        try:
            _refuse_others(self._connection)
            if path is not None:
                _write_ahead(self._connection)
            self._connection.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT"
            )
        except BaseException:
            self._connection.close()
            raise
        _stores.add(self)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything in the block happens, or nothing of it. May be nested."""
        with self.lock:
            if self._connection.in_transaction:
                yield
                return
            self._cursor.execute("BEGIN IMMEDIATE")
            try:
                if self._is_shared:
                    self._forget_if_changed_by_others()
                yield
                self._cursor.execute("COMMIT")
            except BaseException:
                self._afterwards.clear()
                self._cache.clear()
                self._connection.rollback()
                raise
            self.version += 1
            work, self._afterwards = self._afterwards, {}
        for step in work:
            step()

    def afterwards(self, step: Callable[[], None]) -> None:
        """Do something, once, when the transaction has happened; nothing, if it does not."""
        self._afterwards[step] = None

    def run(self, sql: str, *values: Any) -> int:
        """Change something; says how many rows it concerned."""
        with self.lock:
            self._cache.notice(sql)
            return self._cursor.execute(sql, values).rowcount

    def run_all(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Change something once for each row of values."""
        with self.lock:
            self._cache.notice(sql)
            self._cursor.executemany(sql, rows)

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """What a query finds."""
        with self.lock:
            return self._read(sql, values)

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row that a query finds."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def cached_rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Run a query that reads grants, configurations or webhooks alone; once, until they change.

        Outside a transaction the query always runs: another process may write at any time.
        """
        with self.lock:
            if not self._connection.in_transaction:
                return self._read(sql, values)
            return self._cache.get(sql, values, self._read)

    def cached_row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row of such a query."""
        found = self.cached_rows(sql, *values)
        return found[0] if found else None

    def moves(self) -> tuple[int, int]:
        """Not the same after a transaction of this process, or of another one with this file."""
        (others,) = self.rows("PRAGMA data_version")
        return self.version, others[0]

    def clear(self) -> None:
        """Forget everything."""
        with self.transaction():
            for table in _TABLES:
                self.run(f"DELETE FROM {table}")

    def close(self) -> None:
        """Close the database."""
        with self.lock:
            self._connection.close()

    def _read(self, sql: str, values: Sequence[Any]) -> list[sqlite3.Row]:
        return self._cursor.execute(sql, values).fetchall()

    def _forget_if_changed_by_others(self) -> None:
        """Drop the cached rows when another process has written to the file."""
        (others,) = self.rows("PRAGMA data_version")
        if others[0] != self._written_by_others:
            self._written_by_others = others[0]
            self._cache.clear()


_stores: Final[weakref.WeakSet[Store]] = weakref.WeakSet()
_held_for_a_fork: Final[list[AbstractContextManager[bool]]] = []


def _before_fork() -> None:
    # A child has only the thread that forks. A lock that another thread held at that moment, or a
    # mutex of SQLite, would stay locked in it for good.
    for store in list(_stores):
        store.lock.__enter__()
        _held_for_a_fork.append(store.lock)


def _after_fork() -> None:
    while _held_for_a_fork:
        _held_for_a_fork.pop().__exit__(None, None, None)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork
    )


def _refuse_others(connection: sqlite3.Connection) -> None:
    """Leave alone what is not ours, or is laid out in another way."""
    looked = "SELECT (SELECT count(*) FROM sqlite_master), user_version FROM pragma_user_version"
    tables, version = connection.execute(looked).fetchone()
    if tables and version != _VERSION:
        raise ValueError("the file is of another program, or another version: take a new one")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Survive the death of the process; only a power cut could take the last commits."""
    latest = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # Of processes that open a new file at once one switches it over, and for that SQLite
            # lets the others not wait.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > latest:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous = NORMAL")


def dumps(document: Any) -> str:
    """A document as the database keeps it."""
    return orjson.dumps(document).decode()


def loads(text: str) -> Any:
    """A document from the database."""
    return orjson.loads(text)


def marks(values: Sequence[object]) -> str:
    """As many question marks as there are values."""
    return ",".join("?" * len(values))
