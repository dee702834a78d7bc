"""Upgrading: a journal of an earlier version gets the tables of this one, or is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ..errors import BatchError
from .tables import MIGRATIONS, TWICE, VERSION


def refuse_shared_bookings(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a journal of an earlier version in which two rows have the same booking."""
    for booking_id, first, last in connection.execute(TWICE):
        raise BatchError(
            f"the journal {path.name} cannot be gone on with: an earlier version has given the "
            f"booking {booking_id} to two rows, {first!r} and {last!r}. Find out whose it is, and "
            "set the other row's state to 'unknown' and its booking_id to NULL"
        )


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring a journal to this version, within the transaction of the caller."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for later in range(version + 1, VERSION + 1):
        for statement in MIGRATIONS[later]:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")
