"""Journals of every format that was ever written: opened, gone on with, and exported."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from attrs import evolve

from nylas_bookings import errors
from nylas_bookings.batch import Created, Failed, Unknown, adopt_journal, tables, to_csv, to_jsonl

from .sample_journals import COUNT, FOLDER, FORMATS, KILLED, STOPPED, Api, client, rows


def copied(name: str, tmp_path: Path) -> Path:
    """A copy of a sample, with the files beside it."""
    for path in FOLDER.glob(f"{name}.sqlite3*"):
        shutil.copy(path, tmp_path)
    return tmp_path / f"{name}.sqlite3"


def sample(name: str, tmp_path: Path) -> Path:
    """A copy of a sample that may be gone on with here."""
    journal = copied(name, tmp_path)
    adopt_journal(journal)
    return journal


def test_the_current_format_has_a_sample() -> None:
    """Whoever changes the format stores a sample of it."""
    assert f"v{tables.VERSION}" in FORMATS
    assert len(FORMATS) == tables.VERSION


@pytest.mark.parametrize("name", FORMATS)
async def test_a_stopped_batch_goes_on(name: str, tmp_path: Path) -> None:
    """What was never sent is sent, what has a result keeps it, and the next run sends nothing."""
    journal = sample(name, tmp_path)
    for asked in ([3, 8, 9], []):
        api = Api()
        report = await client(api).bookings.create_many(rows(), journal=journal)
        assert sorted(api.asked) == asked
        kinds = [type(result) for result in report]
        assert kinds == [Created] * 3 + [Failed, Unknown] + [Created] * 4
        assert report.left == 0
    unknown = next(result for result in report if isinstance(result, Unknown))
    assert (unknown.error.message, unknown.attempts) == ("the connection was lost", 1)


@pytest.mark.parametrize("name", FORMATS)
async def test_a_killed_batch_goes_on(name: str, tmp_path: Path) -> None:
    """What was on its way when the process was killed is unknown, and is not sent again."""
    journal, api = sample(f"{name}-killed", tmp_path), Api()
    report = await client(api).bookings.create_many(rows(), journal=journal)
    assert api.asked == [3]
    kinds = [type(result) for result in report]
    assert kinds == [Created] * 3 + [Failed, Unknown, Created] + [Unknown] * 3


@pytest.mark.parametrize("name", FORMATS)
async def test_another_input_is_refused(name: str, tmp_path: Path) -> None:
    """A sample knows its input by what the rows are."""
    journal, api = sample(name, tmp_path), Api()
    other = [evolve(row, booking_timezone="UTC") for row in rows()]
    with pytest.raises(errors.BatchError, match="the journal is of another input"):
        await client(api).bookings.create_many(other, journal=journal)
    assert api.asked == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("kind", "states"), [("", STOPPED), ("-killed", KILLED)])
def test_export(name: str, kind: str, states: list[str], tmp_path: Path) -> None:
    """Each row is a line of JSON and of CSV, and reading changes nothing."""
    journal = copied(f"{name}{kind}", tmp_path)
    before = journal.read_bytes()
    lines, text = io.BytesIO(), io.StringIO(newline="")
    to_jsonl(journal, lines)
    to_csv(journal, text)
    exported = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [row["state"] for row in exported] == states
    assert [row["request"]["guest"]["name"] for row in exported] == [
        f"Gäst {number}" for number in range(1, COUNT + 1)
    ]
    assert exported[0]["booking_id"] == "booking-1"
    assert exported[4]["error"]["message"] == "the connection was lost"
    text.seek(0)
    assert [row["state"] for row in csv.DictReader(text)] == states
    assert journal.read_bytes() == before
