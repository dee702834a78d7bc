"""Where a journal is: a copy of it must not be gone on with beside the journal itself."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from attrs import frozen

from ..errors import BatchError

_MACHINE_IDS: Final = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))

_FIND: Final = "SELECT machine, path, inode FROM batch"
_RECORD: Final = "UPDATE batch SET (machine, path, inode) = (?, ?, ?)"
_IS_DONE: Final = (
    "SELECT complete AND NOT EXISTS (SELECT 1 FROM rows WHERE state != 'created') FROM batch"
)


@frozen
class Place:
    """Where the file of a journal is.

    Attributes:
        machine: The id of the machine; empty, where machines have none.
        path: The absolute path.
        inode: The number of the file, which a copy does not share.
    """

    machine: str
    path: str
    inode: int

    @classmethod
    def of(cls, journal: Path) -> Place:
        """The place of a file."""
        # SQLite knows only integers with a sign.
        inode = journal.stat().st_ino & (1 << 63) - 1
        return cls(_machine(), str(journal.resolve()), inode)

    def is_same_file(self, other: Place) -> bool:
        """Whether both are one file, which may have been renamed meanwhile."""
        return self.inode == other.inode and self.is_same_machine(other)

    def is_same_machine(self, other: Place) -> bool:
        """Whether both are on one machine, as far as machines can be told apart."""
        return self.machine == other.machine or not (self.machine and other.machine)


def refuse_copy(connection: sqlite3.Connection, journal: Path, *, moved: bool) -> None:
    """Refuse a journal that was copied, if there is anything left to be done.

    Args:
        connection: An open journal of the current format.
        journal: Where it is.
        moved: Whether somebody has said that the file it was copied from is not used any more.
    """
    recorded = Place(*connection.execute(_FIND).fetchone())
    here = Place.of(journal)
    if recorded.is_same_file(here) or connection.execute(_IS_DONE).fetchone()[0]:
        return
    if recorded.is_same_machine(here) and _is_there(recorded):
        raise BatchError(
            f"the journal {journal.name} is a copy of {recorded.path}, which is still there: both "
            "would send the rows that are left. Go on with one of them, and delete the other"
        )
    if not moved:
        raise BatchError(
            f"the journal {journal.name} is a copy: it was last used as {recorded.path}"
            f"{_on_machine(recorded, here)}. If no other copy of it is ever gone on with, say so "
            "with nylas_bookings.batch.adopt_journal, or --moved"
        )


def record(connection: sqlite3.Connection, journal: Path) -> None:
    """Write down where a journal is."""
    here = Place.of(journal)
    connection.execute(_RECORD, (here.machine, here.path, here.inode))


def _is_there(place: Place) -> bool:
    with contextlib.suppress(OSError):
        return Place.of(Path(place.path)).inode == place.inode
    return False


def _on_machine(recorded: Place, here: Place) -> str:
    return "" if recorded.is_same_machine(here) else ", on another machine"


def _machine() -> str:
    for path in _MACHINE_IDS:
        with contextlib.suppress(OSError):
            return path.read_text("ascii", "replace").strip()
    return ""
