"""Results without a journal: kept in blocks, in order, and each as it was said last."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from nylas_bookings import errors
from nylas_bookings.batch import blocks
from nylas_bookings.batch.blocks import Blocks
from nylas_bookings.batch.results import Evidence
from nylas_bookings.batch.rows import Row, row
from nylas_bookings.batch.scratch import Scratch
from nylas_bookings.models import Booking, Organizer

from .asking import wanted


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """A database without a file."""
    made = sqlite3.connect("", isolation_level=None)
    yield made
    made.close()


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 1000])
def test_lines_come_in_order(connection: sqlite3.Connection, count: int) -> None:
    """However lines come, and whatever is missing, they are read in the order of their numbers."""
    numbers = random.Random(count).sample(range(1, 2 * count + 2), count)
    lines = Blocks(connection)
    for number in numbers:
        lines.put(number, ["line", number])
    lines.flush()
    for _ in range(2):
        assert list(lines) == [["line", number] for number in sorted(numbers)]


def test_the_last_line_counts(connection: sqlite3.Connection) -> None:
    """A line takes the place of an earlier one, in the same block and in one before."""
    lines = Blocks(connection)
    for number in range(1, 121):
        lines.put(number, "first")
    for number in (2, 60, 119, 119):
        lines.put(number, "second")
    lines.put(119, "third")
    lines.flush()
    expected = {2: "second", 60: "second", 119: "third"}
    assert list(lines) == [expected.get(number, "first") for number in range(1, 121)]


def test_a_reader_holds_few_blocks(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that came late are read from their blocks, of which each is read once here."""
    lines = Blocks(connection)
    late = range(1, 2001, 20)
    for number in (*(n for n in range(1, 2001) if n not in late), *late):
        lines.put(number, number)
    lines.flush()
    read: list[int] = []
    loads = blocks.Blocks._read

    def watched(self: Blocks, block: int) -> Any:
        read.append(block)
        return loads(self, block)

    monkeypatch.setattr(Blocks, "_read", watched)
    assert list(lines) == list(range(1, 2001))
    assert len(read) == len(set(read)) == 40


def _booking(number: int) -> Booking:
    return Booking(
        booking_id=f"b-{number}",
        event_id="e",
        title="Jane's \ud83d\ude00 talk".encode("utf-16", "surrogatepass").decode("utf-16"),
        organizer=Organizer(email="host@example.com", is_organizer=True),
        status="a new word",
        description="d",
        booking_ref="r",
        location=None,
        request_id="q",
    )


def _row(number: int) -> Row:
    made = row(number, wanted(number, booking_timezone="UTC" if number % 2 else None))
    made.sending()
    made.sent(1, in_doubt=False)
    return made


async def test_a_result_is_as_it_was() -> None:
    """Results are read as they were recorded, but for what an error has besides its text."""
    scratch = Scratch(indexed=False)
    lost = errors.NoAnswer("lost")
    rows = [_row(number) for number in range(1, 5)]
    results = [
        rows[0].created(_booking(1)),
        rows[1].created(_booking(2), Evidence(says="found", looks=2, events=("e", "f"))),
        rows[2].failed(errors.NotFound("no", status=404, type="not_found", request_id="x")),
        rows[3].unknown(lost, Evidence(says="nothing", looks=3, slot_offered=True)),
    ]
    for made, result in zip(rows, results, strict=True):
        await scratch.record(made, result)
    created = _row(5)
    scratch.record_created(created, _booking(5))
    counts = await scratch.finish(complete=True)
    assert (counts.created, counts.failed, counts.unknown) == (3, 1, 1)
    read: list[Any] = list(scratch.results())
    # Two errors are never equal, so a result is compared without its own.
    assert read[:4] == results
    assert [result.elapsed for result in read[:4]] == [result.elapsed for result in results]
    refused = read[2].error
    assert (type(refused), refused.status, refused.message) == (errors.NotFound, 404, "no")
    assert read[4] == created.created(_booking(5))


async def test_whose_a_booking_is() -> None:
    """A booking belongs to the row that has made it, whether anybody was told of it or not."""
    scratch = Scratch(indexed=True)
    first, second, third = _row(1), _row(2), _row(3)
    scratch.record_created(first, _booking(1))
    await scratch.record(second, second.created(_booking(2)))
    for owner, other, booking in ((first, third, "b-1"), (second, third, "b-2")):
        assert await scratch.belongs_to_another(booking, other)
        assert not await scratch.belongs_to_another(booking, owner)
    assert not await scratch.belongs_to_another("b-3", first)
