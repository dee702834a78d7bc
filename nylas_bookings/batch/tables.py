"""The tables of a journal, and the statements that write and read them."""

from __future__ import annotations

from typing import Final

from .stored import FACTS

APPLICATION_ID: Final = 0x4E796C42
VERSION: Final = 2

# The state is compared one by one: SQLite would build a table of `IN (…)` anew for each row that is
# checked, which takes a fifth of the time that a row takes. Older journals have it so.
SCHEMA: Final = """
CREATE TABLE batch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    api TEXT NOT NULL,
    runs INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    more_in_wal INTEGER NOT NULL,
    identity TEXT,
    commits INTEGER NOT NULL DEFAULT 0,
    machine TEXT,
    path TEXT,
    inode INTEGER
) STRICT;
CREATE TABLE rows (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (
        state = 'created' OR state = 'sending' OR state = 'planned' OR state = 'failed'
        OR state = 'unknown'
    ),
    attempts INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    sent_at REAL,
    elapsed REAL,
    booking_id TEXT,
    configuration TEXT NOT NULL,
    guest TEXT NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER NOT NULL,
    booking_timezone TEXT,
    fingerprint TEXT NOT NULL,
    request TEXT NOT NULL,
    booking TEXT,
    error TEXT,
    evidence TEXT
) STRICT;
CREATE VIEW readable AS
SELECT number, key, state, attempts, datetime(sent_at, 'unixepoch') AS sent, guest,
    datetime(start_time, 'unixepoch') AS starts, booking_id,
    json_extract(error, '$.message') AS error, json_extract(evidence, '$.says') AS evidence
FROM rows;
"""

UPGRADES: Final = {
    1: (
        "ALTER TABLE batch ADD COLUMN identity TEXT",
        "ALTER TABLE batch ADD COLUMN commits INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE batch ADD COLUMN machine TEXT",
        "ALTER TABLE batch ADD COLUMN path TEXT",
        "ALTER TABLE batch ADD COLUMN inode INTEGER",
    ),
}
"""What brings a journal of each earlier format to the next one."""

PLANNED: Final = (
    "number",
    "key",
    "fingerprint",
    "configuration",
    "guest",
    "start_time",
    "end_time",
    "request",
    "booking_timezone",
)
"""The columns that a row has from the beginning."""


def _extracted(count: int, first: int = 0) -> str:
    return ", ".join(f"json_extract(new.line, '$[{n}]')" for n in range(first, first + count))


_KNOWN_BY: Final = "json_array_length(new.line)"
_NEW_LINE: Final = len(PLANNED) + len(FACTS)

# One statement for a whole commit. Python's lock is let go and taken again once for each statement,
# and where the event loop's thread is busy, it takes a millisecond or more to be had back: with a
# statement for each step, rows would wait several times as long for Python as for the disk.
WRITING: Final = f"""
CREATE TEMP VIEW lines AS SELECT NULL AS line;
CREATE TEMP TRIGGER write INSTEAD OF INSERT ON lines WHEN typeof(new.line) = 'text' BEGIN
    INSERT OR IGNORE INTO rows ({", ".join(PLANNED + FACTS)})
    SELECT {_extracted(_NEW_LINE)} WHERE {_KNOWN_BY} = {_NEW_LINE};
    UPDATE rows SET ({", ".join(FACTS)}) = ({_extracted(len(FACTS), 1)})
    WHERE number = json_extract(new.line, '$[0]') AND {_KNOWN_BY} != {_NEW_LINE};
END;
CREATE TEMP TRIGGER count INSTEAD OF INSERT ON lines WHEN typeof(new.line) = 'integer' BEGIN
    UPDATE batch SET commits = new.line;
END;
"""  # noqa: S608 - names of ours
"""What a connection needs to write: lines are inserted when they are whole, and update else.

A number is no line: it is that of the commit."""

WRITE: Final = "INSERT INTO lines SELECT value FROM json_each(?)"
TAKEN: Final = (
    "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?) "
    "WHERE NOT EXISTS (SELECT 1 FROM rows WHERE rows.number = json_extract(value, '$[0]') "
    "AND rows.key = json_extract(value, '$[1]'))"
)
"""The rows that were not inserted, because another one has their key."""

FIND: Final = (
    "SELECT json_group_array(json_array(key, fingerprint, number, state, attempts, doubts, "
    "sent_at, error, evidence)) FROM rows WHERE key IN (SELECT value FROM json_each(?))"
)
_UNRESOLVED: Final = "(state = 'sending' OR state = 'unknown')"
# Only for those who look for lost bookings; it has no more than the rows that are unresolved.
RIVALS_INDEX: Final = (
    f"CREATE INDEX IF NOT EXISTS rows_unresolved ON rows (start_time, end_time) WHERE {_UNRESOLVED}"
)
RIVALS: Final = (
    f"SELECT request, sent_at FROM rows WHERE {_UNRESOLVED} "  # noqa: S608 - names of ours
    "AND start_time = ? AND end_time = ? AND number != ?"
)
COUNT: Final = "SELECT state, count(*) FROM rows GROUP BY state"
RESULTS: Final = (
    f"SELECT number, key, request, booking_timezone, {', '.join(FACTS)} FROM rows "  # noqa: S608
    "WHERE state != 'planned' AND number > ? ORDER BY number LIMIT 500"
)
