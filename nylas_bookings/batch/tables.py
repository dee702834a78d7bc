"""The tables of a journal, and the statements that write and read them."""

from __future__ import annotations

from typing import Final

from .stored import FACTS

APPLICATION_ID: Final = 0x4E796C42
VERSION: Final = 1

SCHEMA: Final = """
CREATE TABLE batch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    api TEXT NOT NULL,
    runs INTEGER NOT NULL,
    complete INTEGER NOT NULL
) STRICT;
CREATE TABLE rows (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'created', 'failed', 'unknown')),
    attempts INTEGER NOT NULL,
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
CREATE INDEX rows_by_booking ON rows (booking_id) WHERE booking_id IS NOT NULL;
CREATE VIEW readable AS
SELECT number, key, state, attempts, datetime(sent_at, 'unixepoch') AS sent, guest,
    datetime(start_time, 'unixepoch') AS starts, booking_id,
    json_extract(error, '$.message') AS error, json_extract(evidence, '$.says') AS evidence
FROM rows;
"""

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
    return ", ".join(f"json_extract(value, '$[{n}]')" for n in range(first, first + count))


# One statement for many rows: Python's lock is let go once for all of them, and the thread of the
# event loop does not have to hand it over for each.
INSERT: Final = (
    f"INSERT OR IGNORE INTO rows ({', '.join(PLANNED + FACTS)}) "  # noqa: S608 - names of ours
    f"SELECT {_extracted(len(PLANNED) + len(FACTS))} FROM json_each(?)"
)
UPDATE: Final = (
    f"UPDATE rows SET ({', '.join(FACTS)}) = ({_extracted(len(FACTS), 1)}) "  # noqa: S608 - as above
    "FROM json_each(?) WHERE number = json_extract(value, '$[0]')"
)
TAKEN: Final = (
    "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?) "
    "WHERE NOT EXISTS (SELECT 1 FROM rows WHERE rows.number = json_extract(value, '$[0]') "
    "AND rows.key = json_extract(value, '$[1]'))"
)
"""The rows that were not inserted, because another one has their key."""

FIND: Final = (
    "SELECT json_group_array(json_array(key, number, state, attempts, sent_at, fingerprint, "
    "error)) FROM rows WHERE key IN (SELECT value FROM json_each(?))"
)
OWNER: Final = "SELECT 1 FROM rows WHERE booking_id = ? AND number != ? LIMIT 1"
COUNT: Final = "SELECT state, count(*) FROM rows GROUP BY state"
RESULTS: Final = (
    f"SELECT number, key, request, booking_timezone, {', '.join(FACTS)} FROM rows "  # noqa: S608
    "WHERE state != 'planned' AND number > ? ORDER BY number LIMIT 500"
)
