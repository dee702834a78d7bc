"""Files to import: half-hours on working days from Monday, 4 January 2027."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
HALF = timedelta(minutes=30)


def starts(number: int) -> Iterator[datetime]:
    """When the slots of the sandbox begin."""
    day = MONDAY
    while True:
        for half in range(16):
            if number == 0:
                return
            number -= 1
            yield day + half * HALF
        day += timedelta(days=3 if day.weekday() == 4 else 1)


def csv_file(path: Path, number: int) -> Path:
    """A CSV file that asks for so many bookings."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("key", "start_time", "end_time", "name", "email"))
        for n, start in enumerate(starts(number)):
            times = (start.isoformat(), (start + HALF).isoformat())
            rows.writerow((f"row-{n}", *times, f"Guest {n}", f"guest{n}@example.com"))
    return path


def jsonl_file(path: Path, number: int) -> Path:
    """A file of JSON lines that asks for so many bookings, without keys."""
    with path.open("w") as file:
        for n, start in enumerate(starts(number)):
            guest = {"name": f"Guest {n}", "email": f"guest{n}@example.com"}
            times = {
                "start_time": int(start.timestamp()),
                "end_time": int((start + HALF).timestamp()),
            }
            file.write(json.dumps({**times, "guest": guest}) + "\n")
    return path
