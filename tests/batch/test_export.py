"""A journal as JSON lines and as CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from nylas_bookings import Guest, errors
from nylas_bookings.batch import to_csv, to_jsonl
from nylas_bookings.sandbox import Sandbox

from .asking import client, wanted


@pytest.fixture
async def done(sandbox: Sandbox, journal: Path) -> Path:
    """A journal with one booking that was made, and one that was not."""
    odd = wanted(0, key='=1+1,"x"\n', guest=Guest(name="Zoë", email="+zoe@example.com"))
    await client(sandbox).bookings.create_many([odd, wanted(0)], journal=journal, concurrency=1)
    return journal


def test_jsonl(done: Path, sandbox: Sandbox) -> None:
    """A line for each row, with all that the journal has of it."""
    file = io.BytesIO()
    to_jsonl(done, file)
    created, failed = (json.loads(line) for line in file.getvalue().splitlines())
    assert created["booking"]["booking_id"] == created["booking_id"] == sandbox.bookings()[0]["id"]
    assert created["request"]["guest"] == {"name": "Zoë", "email": "+zoe@example.com"}
    assert (failed["state"], failed["error"]["class"]) == ("failed", "SlotUnavailable")


def test_csv(done: Path) -> None:
    """A line for each row, which any reader of CSV reads, and no spreadsheet computes."""
    file = io.StringIO(newline="")
    to_csv(done, file)
    created, failed = csv.DictReader(io.StringIO(file.getvalue(), newline=""))
    assert created["key"] == '\'=1+1,"x"\n'
    assert created["guest"] == "'+zoe@example.com"
    assert (created["state"], created["error"]) == ("created", "")
    assert failed["error"].startswith("The selected timeslot is unavailable")


def test_no_journal(tmp_path: Path) -> None:
    """What is not there cannot be exported."""
    with pytest.raises(errors.BatchError, match="cannot be used"):
        to_jsonl(tmp_path / "none", io.BytesIO())
