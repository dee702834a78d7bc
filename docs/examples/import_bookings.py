"""Imports a CSV file of bookings, is killed by a bad network, goes on, and books nobody twice.

    pip install 'nylas-bookings[sandbox]'
    python docs/examples/import_bookings.py

It runs against a sandbox whose answers get lost now and then. For the real API, give the client a
credential, and the settler an API key and the grant of the organizer.
"""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from nylas_bookings import AsyncClient, Guest, NewBooking, Pace, PublicConfiguration
from nylas_bookings.batch import CalendarSettler, Created, Result
from nylas_bookings.sandbox import Fault, Sandbox

MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
FILE = "id,start,end,name,email\n" + "".join(
    f"{day}-{hour},2027-03-{day:02}T{hour:02}:00Z,2027-03-{day:02}T{hour:02}:30Z,"
    f"Guest {day}-{hour},guest-{day}-{hour}@example.com\n"
    for day in range(1, 6)
    for hour in range(9, 17)
)


def rows(file: io.TextIOBase) -> Iterator[NewBooking]:
    """The rows of the file, as the bookings that they ask for."""
    for row in csv.DictReader(file):
        yield NewBooking(
            key=row["id"],
            start_time=datetime.fromisoformat(row["start"]),
            end_time=datetime.fromisoformat(row["end"]),
            guest=Guest(name=row["name"], email=row["email"]),
        )


def show(result: Result) -> None:
    """Tell what did not become a booking."""
    if not isinstance(result, Created):
        print(f"{result.key}: {result.error}")


async def run(sandbox: Sandbox, journal: Path) -> None:
    """One run of the import; the journal knows what earlier ones have done."""
    async with AsyncClient(PublicConfiguration(sandbox.public), api_url=sandbox.url) as nylas:
        report = await nylas.bookings.create_many(
            rows(io.StringIO(FILE)),
            concurrency=8,
            pace=Pace(per_second=200),
            journal=journal,
            settle=CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.2, pause=0.1),
            on_result=show,
        )
    print(f"{report.created} created, {report.failed} failed, {report.unknown} unknown")


def main() -> None:
    """Import, twice: the second run has nothing left to do."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(now=MONDAY, seed=1) as sandbox,
    ):
        sandbox.faults.add("create", Fault.drop_after(), times=3)
        for _ in range(2):
            asyncio.run(run(sandbox, Path(folder) / "import.sqlite3"))
        print(f"{len(sandbox.bookings())} bookings, and nobody twice")


if __name__ == "__main__":
    main()
