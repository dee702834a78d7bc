"""A journal as JSON lines or as CSV, for people and for other programs."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final

import orjson

from .journal_file import explained, reading

_COLUMNS: Final = (
    "number",
    "key",
    "state",
    "attempts",
    "sent_at",
    "elapsed",
    "guest",
    "start_time",
    "end_time",
    "configuration",
    "booking_id",
)
_JSON: Final = ("request", "booking", "error", "evidence")


def to_jsonl(journal: str | Path, file: IO[bytes]) -> None:
    """Write a line of JSON for each row of a journal.

    Args:
        journal: The journal; no batch must be running with it.
        file: Where to, opened for bytes.
    """
    for row in _rows(Path(journal)):
        for name in _JSON:
            row[name] = None if row[name] is None else orjson.loads(row[name])
        file.write(orjson.dumps(row) + b"\n")


def to_csv(journal: str | Path, file: IO[str]) -> None:
    """Write a line for each row of a journal, with the names of the columns above them.

    A value that a spreadsheet would take for a formula has an apostrophe before it.

    Args:
        journal: The journal; no batch must be running with it.
        file: Where to, opened for text with `newline=""`.
    """
    writer = csv.writer(file)
    writer.writerow((*_COLUMNS, "error", "evidence"))
    for row in _rows(Path(journal)):
        error, evidence = (_said(row["error"], "message"), _said(row["evidence"], "says"))
        values = (*(row[name] for name in _COLUMNS), error, evidence)
        writer.writerow([_harmless(value) for value in values])


def _said(text: str | None, name: str) -> str:
    return "" if text is None else str(orjson.loads(text)[name])


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    names = (*_COLUMNS, *_JSON)
    with explained(path), closing(reading(path)) as connection:
        connection.row_factory = sqlite3.Row
        query = f"SELECT {', '.join(names)} FROM rows ORDER BY number"  # noqa: S608 - names of ours
        for row in connection.execute(query):
            yield dict(row)
