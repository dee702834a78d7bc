"""The file of a journal: opened by one process at a time, and refused when it is not one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ..errors import BatchError
from . import owners, write_ahead
from .tables import APPLICATION_ID, SCHEMA, VERSION, WRITING

fcntl: Any
try:
    import fcntl
except ImportError:  # pragma: no cover - not on Windows, where SQLite's own lock has to do
    fcntl = None

_OLDEST: Final = (3, 37)

_OPEN: Final[set[str]] = set()
"""What this process has open. Closing any handle of a file takes SQLite's locks of it away, so that
a file that is open here must not even be tried."""

_HEADER: Final = b"SQLite format 3\x00"


class JournalFile:
    """An open journal: the connection, and the lock that keeps other processes out."""

    def __init__(self, path: Path, api: str) -> None:
        self.path = path
        self._name = str(path.resolve())
        if sqlite3.sqlite_version_info < _OLDEST:
            raise BatchError(
                f"SQLite {sqlite3.sqlite_version} is too old for a journal: 3.37 it is"
            )
        if self._name in _OPEN:
            raise _in_use(path)
        with explained(path):
            self._lock = _locked(path)
            try:
                self.connection: sqlite3.Connection = _opened(path, api)
            except BaseException:
                os.close(self._lock)
                raise
        _OPEN.add(self._name)

    def close(self) -> None:
        """Close it, and let others in."""
        _OPEN.discard(self._name)
        write_ahead.end(self.connection)
        self.connection.close()
        os.close(self._lock)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """What SQLite and the file system say, as a `BatchError` that names the journal."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BatchError(f"the journal {path.name} {_why(error)}") from error
    except OSError as error:
        raise BatchError(f"the journal {path.name} cannot be used: {error.strerror}") from error


def _why(error: sqlite3.DatabaseError) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"is damaged ({error}); nothing was changed in it"
    if code == sqlite3.SQLITE_FULL:
        return (
            "cannot be written: the disk is full. What it holds is good: go on when there is room"
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "is in use by another process"
    return f"cannot be used ({error})"


def _locked(path: Path) -> int:
    """A handle of the file, which no other process can have while this one does."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _refuse_other_files(handle, path)
    except BlockingIOError:
        os.close(handle)
        raise _in_use(path) from None
    except BaseException:
        os.close(handle)
        raise
    return handle


def _in_use(path: Path) -> BatchError:
    return BatchError(f"the journal {path.name} is in use: another batch is running with it")


def _refuse_other_files(handle: int, path: Path) -> None:
    start = os.read(handle, len(_HEADER))
    if start and start != _HEADER:
        raise BatchError(f"{path.name} is not a journal: it is no SQLite file")


def _opened(path: Path, api: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
    try:
        if fcntl is None:  # pragma: no cover - Windows
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        _check(connection, path, api)
        write_ahead.begin(connection)
        _prepare(connection, api)
        connection.executescript(WRITING)
        write_ahead.fold(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path, api: str) -> None:
    """Refuse a file that is no good journal of that API, before anything is written."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not tables and not version and application in (0, APPLICATION_ID):
        return
    if application != APPLICATION_ID:
        raise BatchError(f"{path.name} is not a journal: it is another program's SQLite file")
    if version > VERSION:
        raise BatchError(f"the journal {path.name} is of a newer version of nylas-bookings")
    write_ahead.refuse_without(connection, path)
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise BatchError(f"the journal {path.name} is damaged ({verdict})")
    _refuse_other_api(connection, path, api)
    owners.refuse_shared_bookings(connection, path)


def _prepare(connection: sqlite3.Connection, api: str) -> None:
    """Make the tables of a new journal, or count another run."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        known = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if not known:
            for statement in filter(str.strip, SCHEMA.split(";\n")):
                connection.execute(statement)
            connection.execute("INSERT INTO batch VALUES (1, ?, 0, 0, 0)", (api,))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        owners.prepare(connection)
        connection.execute("UPDATE batch SET runs = runs + 1")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _refuse_other_api(connection: sqlite3.Connection, path: Path, api: str) -> None:
    (of,) = connection.execute("SELECT api FROM batch").fetchone()
    if of != api:
        raise BatchError(f"the journal {path.name} is of a batch for {of}, not for {api}")


def reading(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, and leaves nothing beside the file."""
    alone = "&immutable=1" if write_ahead.is_apart(path) else ""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{alone}", uri=True)
    try:
        write_ahead.refuse_without(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection
