"""The `-wal` file beside a journal: kept short while a batch runs, and missed when it is gone."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Final

from ..errors import BatchError
from . import commit_record

_MOST_PAGES: Final = 4000
"""How many pages the `-wal` may have, about, before they are put into the journal."""

_PAGE: Final = 4096

_FORMAT: Final = 18
_WITH_WAL: Final = b"\2"
"""Where in the file its format is, and which one has a `-wal`: https://sqlite.org/fileformat2.html"""

_MORE: Final = "UPDATE batch SET more_in_wal = 1"
_NO_MORE: Final = "UPDATE batch SET more_in_wal = 0 WHERE more_in_wal"


class WriteAhead:
    """What a writer tells of its commits. Each of them is in the `-wal` first."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._pages = 0

    def grew(self, lines: int, size: int) -> None:
        """So many lines were committed, of so many bytes."""
        # For each line at most a page of the table and one of its index, and what does not fit in.
        self._pages += 1 + 2 * lines + size // _PAGE
        if self._pages >= _MOST_PAGES:
            fold(self._connection)
            self._pages = 0


def begin(connection: sqlite3.Connection) -> None:
    """From here on, all is in the `-wal` first."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # SQLite would do it by itself, and leave a file that seems to be whole when it is alone.
    connection.execute("PRAGMA wal_autocheckpoint = 0")


def fold(connection: sqlite3.Connection) -> None:
    """Put all pages of the `-wal` into the journal.

    Read alone, the journal says from then on that there is more in its `-wal`; what comes next in
    the `-wal` is that nothing is missing. So whoever closes the two properly, and thereby makes one
    file of them, makes a file that is whole; and a file that was torn from its `-wal` says so.
    """
    connection.execute(_MORE)
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    connection.execute(_NO_MORE)


class OpenFiles:
    """The two files that a connection writes to, which must stay where they are.

    Args:
        journal: The journal, which has a `-wal`.
    """

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._paths = (os.fspath(journal), os.fspath(wal_of(journal)))
        self._opened = [_file_at(path) for path in self._paths]

    def check(self) -> None:
        """Raise `BatchError` if another file is there now, or none: a later run would read that."""
        if [_file_at(path) for path in self._paths] != self._opened:
            raise BatchError(
                f"the journal {self._journal.name}, or its -wal, was removed or exchanged while "
                "the batch was running; nothing more is sent"
            )


def _file_at(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - with each commit; a Path takes three times as long
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def end(connection: sqlite3.Connection) -> None:
    """Leave one file, which anybody can read wherever it is."""
    # When somebody is looking at it, or the disk is full, it is two files until the next run.
    with contextlib.suppress(sqlite3.DatabaseError):
        connection.execute(_NO_MORE)
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()


def refuse_without(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a journal whose `-wal` is not beside it, though it has what the journal has not."""
    (more,) = connection.execute("SELECT more_in_wal FROM batch").fetchone()
    beside = wal_of(path)
    # An empty one was made by whoever has opened the journal alone.
    if more and not (beside.exists() and beside.stat().st_size):
        raise BatchError(
            f"the journal {path.name} is not whole: its process was stopped, and {beside.name}, "
            "which has its latest rows, is not beside it"
        )


def refuse_unrecorded(path: Path) -> None:
    """Refuse a journal with a `-wal`, but without the record of what that has to have."""
    beside = wal_of(path)
    if beside.exists() and beside.stat().st_size:
        raise BatchError(
            f"the journal {path.name} cannot be checked: its process was stopped, and "
            f"{commit_record.record_of(path).name}, which says how many commits {beside.name} has "
            "to have, is not beside it"
        )


def is_apart(path: Path) -> bool:
    """Whether a journal would have a `-wal`, and has none: SQLite would make one for a reader."""
    if wal_of(path).exists():
        return False
    # What cannot be read at all, SQLite says itself.
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(_FORMAT + 1)[_FORMAT:] == _WITH_WAL
    return False


def wal_of(path: Path) -> Path:
    """The `-wal` of a journal."""
    return path.with_name(f"{path.name}-wal")
