"""The file of a journal: opened by one process at a time, and refused when it is not one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from ..errors import BatchError
from . import commit_record, owners, place, write_ahead
from .commit_record import CommitRecord
from .shared_locks import SharedLocks
from .tables import APPLICATION_ID, SCHEMA, UPGRADES, VERSION, WRITING

fcntl: Any
try:
    import fcntl
except ImportError:  # pragma: no cover - not on Windows, where SQLite's own lock has to do
    fcntl = None

_OLDEST: Final = (3, 37)

_WITH_PLACE: Final = 2
"""The first version that counts its commits, and knows where it is."""

_OPEN: Final[dict[object, object]] = {}
"""What this process has open, by name and by file. Closing any handle of a file takes SQLite's
locks of it away, so that a file that is open here must not even be tried."""

_HEADER: Final = b"SQLite format 3\x00"


class JournalFile:
    """An open journal: the connection, and the locks that keep other processes out.

    Args:
        path: Where it is, or shall be.
        api: For which API its batch is; None, for whichever it is.
        moved: Whether somebody has said that the file it was copied from is not used any more.

    Attributes:
        commits: The number of the last commit that is on disk.
    """

    def __init__(self, path: Path, api: str | None, *, moved: bool = False) -> None:
        self.path = path
        if sqlite3.sqlite_version_info < _OLDEST:
            raise BatchError(
                f"SQLite {sqlite3.sqlite_version} is too old for a journal: 3.37 it is"
            )
        with explained(path), contextlib.ExitStack() as opened:
            opened.callback(_forget, self)
            _reserve(path, self)
            self._lock = _locked(path)
            opened.callback(os.close, self._lock)
            _reserve(path, self)
            identity = _check(path, api, moved=moved) or uuid.uuid4().hex
            self.connection: sqlite3.Connection = _connected(path)
            opened.callback(self.connection.close)
            write_ahead.begin(self.connection)
            self.commits: int = _commits(self.connection)
            self._record = CommitRecord(path, identity)
            opened.callback(self._record.close, remove=False)
            self._record.write(self.commits)
            # Before there is anything in the `-wal`, which is refused without it.
            self._record.sync()
            _prepare(self.connection, path, api, identity)
            self.connection.executescript(WRITING)
            write_ahead.fold(self.connection)
            self._locks = SharedLocks(self._lock, path)
            self._files = write_ahead.OpenFiles(path)
            opened.pop_all()

    def committed(self, number: int) -> None:
        """Note that a commit is on disk; raises `BatchError`, if the next run would not find it."""
        self._record.write(number)
        self.commits = number
        self._files.check()

    def close(self) -> None:
        """Close it, and let others in."""
        self._locks.release()
        write_ahead.end(self.connection)
        self.connection.close()
        self._record.close(remove=not write_ahead.wal_of(self.path).exists())
        self._locks.close()
        os.close(self._lock)
        _forget(self)


def _reserve(path: Path, file: JournalFile) -> None:
    """Refuse a journal that is open in this process; under any name, once the file is there."""
    keys: list[object] = [str(path.resolve())]
    with contextlib.suppress(FileNotFoundError):
        found = path.stat()
        keys.append((found.st_dev, found.st_ino))
    for key in keys:
        if _OPEN.setdefault(key, file) is not file:
            raise _in_use(path)


def _forget(file: JournalFile) -> None:
    for key in [key for key, holder in list(_OPEN.items()) if holder is file]:
        del _OPEN[key]


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


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
    if fcntl is None:  # pragma: no cover - Windows
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    return connection


def _check(path: Path, api: str | None, *, moved: bool) -> str | None:
    """Refuse a file that is no good journal of that API; what tells it from others, if it is old.

    The connection is one that only reads: SQLite would make one file of a damaged `-wal` otherwise.
    """
    with closing(_connected_to_read(path)) as connection:
        version = _version(connection, path)
        if version is None and api is None:
            raise BatchError(f"{path.name} is not a journal: it is empty")
        if version is None:
            return None
        _refuse_incomplete(connection, path, version)
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise BatchError(f"the journal {path.name} is damaged ({verdict})")
        _refuse_other_api(connection, path, api)
        owners.refuse_shared_bookings(connection, path)
        if version < _WITH_PLACE:
            return None
        place.refuse_copy(connection, path, moved=moved)
        (identity,) = connection.execute("SELECT identity FROM batch").fetchone()
        return str(identity)


def _version(connection: sqlite3.Connection, path: Path) -> int | None:
    """The version of a journal, None for an empty file; refuses what is no journal."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not tables and not version and application in (0, APPLICATION_ID):
        return None
    if application != APPLICATION_ID:
        raise BatchError(f"{path.name} is not a journal: it is another program's SQLite file")
    if version > VERSION:
        raise BatchError(f"the journal {path.name} is of a newer version of nylas-bookings")
    return int(version)


def _refuse_incomplete(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Refuse a journal that does not have all that was ever committed to it."""
    # Read first: while a batch is running, there is a next commit at any moment.
    recorded = commit_record.read(path)
    write_ahead.refuse_without(connection, path)
    if version < _WITH_PLACE:
        return
    identity, commits = connection.execute("SELECT identity, commits FROM batch").fetchone()
    if recorded is None or recorded.identity != identity:
        write_ahead.refuse_unrecorded(path)
    elif commits < recorded.commits:
        raise BatchError(
            f"the journal {path.name} is damaged: it has lost its last "
            f"{recorded.commits - commits} commits, and with them rows that may have been sent; "
            "nothing was changed in it"
        )


def _commits(connection: sqlite3.Connection) -> int:
    """The number of the last commit; 0 in a journal that counts none yet."""
    columns = connection.execute("SELECT name FROM pragma_table_info('batch')").fetchall()
    if ("commits",) not in columns:
        return 0
    (commits,) = connection.execute("SELECT commits FROM batch").fetchone()
    return int(commits)


def _prepare(connection: sqlite3.Connection, path: Path, api: str | None, identity: str) -> None:
    """Make the tables of a new journal, or count another run."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        known = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if not known:
            for statement in filter(str.strip, SCHEMA.split(";\n")):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO batch (id, api, runs, complete, more_in_wal) VALUES (1, ?, 0, 0, 0)",
                (api,),
            )
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        else:
            _upgrade(connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        owners.prepare(connection)
        connection.execute("UPDATE batch SET runs = runs + 1, identity = ?", (identity,))
        place.record(connection, path)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _upgrade(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number in range(version, VERSION):
        for statement in UPGRADES[number]:
            connection.execute(statement)


def _refuse_other_api(connection: sqlite3.Connection, path: Path, api: str | None) -> None:
    (of,) = connection.execute("SELECT api FROM batch").fetchone()
    if api not in (None, of):
        raise BatchError(f"the journal {path.name} is of a batch for {of}, not for {api}")


def reading(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, and leaves nothing beside the file."""
    connection = _connected_to_read(path)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        _refuse_incomplete(connection, path, version)
    except BaseException:
        connection.close()
        raise
    return connection


def _connected_to_read(path: Path) -> sqlite3.Connection:
    alone = "&immutable=1" if write_ahead.is_apart(path) else ""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{alone}", uri=True)


def adopt_journal(journal: str | Path) -> None:
    """Accept a journal where it is now: no other copy of it will ever be gone on with.

    A journal knows where it was used last. When it was copied, `create_many` refuses it, since a
    row that both copies send is booked twice.

    Args:
        journal: The journal; no batch must be running with it.
    """
    path = Path(journal)
    if not path.exists():
        raise BatchError(f"there is no journal {path.name}")
    JournalFile(path, None, moved=True).close()
