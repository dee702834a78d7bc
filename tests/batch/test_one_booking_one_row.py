"""One booking, one row: in each journal, across runs, and whoever of the guests is a host too."""

from __future__ import annotations

import asyncio
import io
import itertools
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import orjson
import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, Guest, NewBooking, PublicConfiguration, Response, errors
from nylas_bookings.batch import CalendarSettler, Created, Unknown, to_csv
from nylas_bookings.batch.journal_file import JournalFile
from nylas_bookings.batch.rows import Row, row
from nylas_bookings.batch.scratch import Scratch
from nylas_bookings.batch.sqlite_journal import SqliteJournal
from nylas_bookings.models import Booking, Organizer
from nylas_bookings.sandbox import Sandbox

from ..wire_server import BOOKING
from . import virtual
from .asking import client, many, wanted
from .test_journal import change
from .test_settling import Trouble, settle
from .test_settling_many_hosts import in_turn

__all__ = ["in_turn"]

JANE = "jane@example.com"
AUTH = PublicConfiguration("cfg-1")
MADE = Booking(booking_id="b-1", event_id="e", organizer=Organizer(), title="t", status="booked")


def _echoing(*ids: str) -> AsyncClient:
    """Return a client of an API whose responses have these bookings, one after the other."""
    numbers = iter(ids)

    async def send(request: Any) -> Response:
        booking = {**BOOKING, "booking_id": next(numbers)}
        return Response(200, {}, orjson.dumps({"request_id": "req-1", "data": booking}))

    return AsyncClient(AUTH, send=send)


@pytest.mark.parametrize("heard", [False, True])
async def test_a_response_with_another_rows_booking(journal: Path, heard: bool) -> None:
    """Of two rows that are told the same booking, one has it, and of the other it is not known."""
    told: list[Any] = []
    report = await _echoing("b-1", "b-2", "b-1", "b-3").bookings.create_many(
        many(4), journal=journal, concurrency=1, on_result=told.append if heard else None
    )
    results = list(report)
    assert [type(result) for result in results] == [Created, Created, Unknown, Created]
    assert [type(result) for result in told] == ([Created] * 4 + [Unknown] if heard else [])
    assert not heard or told[-1] == results[2]
    assert (report.created, report.unknown, report.left) == (3, 1, 0)
    unknown = results[2]
    assert isinstance(unknown, Unknown)
    assert isinstance(unknown.error, errors.NoAnswer)
    assert "another row" in str(unknown.error)
    assert unknown.evidence is not None
    assert unknown.evidence.bookings == ("b-1",)
    again = await _echoing().bookings.create_many(many(4), journal=journal)
    assert (again.created, again.unknown) == (3, 1)


async def test_the_same_booking_in_one_commit(journal: Path) -> None:
    """Rows that are written together are told apart as well."""
    report = await _echoing(*["b-1"] * 20).bookings.create_many(many(20), journal=journal)
    assert (report.created, report.unknown) == (1, 19)


async def test_a_contested_row_is_looked_for(sandbox: Sandbox, journal: Path) -> None:
    """A later run finds out what the row has made whose response had another row's booking."""
    sent = itertools.count()
    first: list[Response] = []

    async def send(request: Any) -> Response:
        response = await sandbox.send(request)
        if request.method == "POST" and next(sent) < 2:
            first.append(response)
            return first[0]
        return response

    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.0, pause=0.0)
    report = await client(sandbox, send=send).bookings.create_many(
        many(2), journal=journal, concurrency=1
    )
    assert (report.created, report.unknown) == (1, 1)
    report = await client(sandbox).bookings.create_many(many(2), journal=journal, settle=settler)
    made = [result.booking.booking_id for result in report if isinstance(result, Created)]
    assert made == [booking["id"] for booking in sandbox.bookings()]
    assert len(made) == 2


def _rows(*keys: str) -> list[Row]:
    return [row(number, wanted(number, key=key)) for number, key in enumerate(keys, 1)]


@pytest.mark.parametrize("in_memory", [False, True])
async def test_one_of_several_claims(journal: Path, in_memory: bool) -> None:
    """A booking is of the row that claims it first, which may claim it again."""
    opened: Scratch | SqliteJournal
    if in_memory:
        opened = Scratch(indexed=True)
    else:
        opened = SqliteJournal(JournalFile(journal, "https://api.us.nylas.com"), AUTH)
    first, second, third = _rows("first", "second", "third")
    for one in (first, second, third):
        await opened.find(one)
        await opened.plan(one)
        one.sending()
        await opened.sending(one)
    assert await opened.claim("b-1", first)
    assert await opened.claim("b-1", first)
    assert not await opened.claim("b-1", second)
    assert await opened.belongs_to_another("b-1", second)
    assert not await opened.belongs_to_another("b-1", first)
    await opened.record(first, first.created(MADE))
    await opened.record(second, second.created(MADE))
    opened.record_created(third, MADE)
    counts = await opened.finish(complete=True)
    assert (counts.created, counts.unknown) == (1, 2)
    assert [type(result) for result in opened.results()] == [Created, Unknown, Unknown]


async def test_a_claim_outlives_its_process(journal: Path) -> None:
    """What a row has claimed is its own in the next run, though nothing else was written."""
    first, second = _rows("first", "second")
    opened = SqliteJournal(JournalFile(journal, "https://api.us.nylas.com"), AUTH)
    for one in (first, second):
        await opened.plan(one)
        one.sending()
        await opened.sending(one)
    assert await opened.claim("b-1", first)
    await opened.finish(complete=False)
    again = SqliteJournal(JournalFile(journal, "https://api.us.nylas.com"), AUTH)
    assert await again.belongs_to_another("b-1", second)
    assert not await again.claim("b-1", second)
    assert await again.claim("b-1", first)
    await again.finish(complete=False)


@pytest.mark.parametrize("in_memory", [False, True])
async def test_who_is_a_rival(journal: Path, in_memory: bool) -> None:
    """A rival is another row at the same times that is on its way, or of unknown outcome."""
    opened: Scratch | SqliteJournal
    if in_memory:
        opened = Scratch(indexed=True)
    else:
        opened = SqliteJournal(JournalFile(journal, "https://api.us.nylas.com"), AUTH)
    jane, bob = (
        Guest(name="Jane", email="JANE@example.com"),
        Guest(name="Bob", email="b@example.com"),
    )
    asked = [
        wanted(0, key="mine", guest=jane),
        wanted(0, key="sending", guest=jane, additional_guests=[bob]),
        wanted(0, key="created", guest=jane),
        wanted(0, key="failed", guest=jane),
        wanted(0, key="unsent", guest=jane),
        wanted(1, key="at other times", guest=jane),
        wanted(0, key="unknown", guest=bob),
    ]
    rows = [row(number, one) for number, one in enumerate(asked, 1)]
    for one in rows:
        await opened.find(one)
        await opened.plan(one)
        one.sending()
        await opened.sending(one)
    mine, sending, created, failed, unsent, _, unknown = rows
    await opened.record(created, created.created(MADE))
    await opened.record(failed, failed.failed(errors.Conflict("no", status=409)))
    await opened.record(unknown, unknown.unknown(errors.NoAnswer("lost")))
    await opened.unsent(unsent)
    rivals = await opened.rivals(mine)
    assert {rival.people for rival in rivals} == {
        frozenset({JANE, "b@example.com"}),
        frozenset({"b@example.com"}),
    }
    assert {rival.sent_at for rival in rivals} == {sending.sent_at, unknown.sent_at}
    await opened.record(sending, sending.created(evolve(MADE, booking_id="b-2")))
    opened.record_created(unknown, evolve(MADE, booking_id="b-3"))
    assert not await opened.rivals(mine)
    await opened.finish(complete=True)


def _named(key: str, **more: Any) -> NewBooking:
    return wanted(0, key=key, guest=Guest(name=key, email=JANE), **more)


def _check(sandbox: Sandbox, results: list[Any]) -> None:
    """Nobody is booked twice, and each row has the booking that it has made."""
    names = {booking["id"]: booking["document"]["guest"]["name"] for booking in sandbox.bookings()}
    assert len(set(names.values())) == len(names)
    for result in results:
        if isinstance(result, Created):
            assert names[result.booking.booking_id] == result.key


@pytest.mark.parametrize("minutes", [0, 10])
@pytest.mark.parametrize("fates", [["before"], ["after"]])
def test_a_row_of_an_earlier_run(
    sandbox: Sandbox, in_turn: PublicConfiguration, journal: Path, fates: list[Any], minutes: int
) -> None:
    """What a row of an earlier run may have made is not taken for another row's."""
    asked = [evolve(_named(key), auth=in_turn) for key in ("knee", "hip")]

    async def play(loop: virtual.VirtualLoop) -> None:
        loop.sandboxes.append(sandbox)
        trouble = Trouble(sandbox, loop, ["after"])

        async def send(request: Any) -> Response:
            if request.method == "POST" and b'"knee"' in request.body:
                raise errors.NotSent("no connection")
            return await trouble.send(request)

        nylas = virtual.on(loop, client(sandbox, send=send))
        report = await nylas.bookings.create_many(asked, journal=journal)
        assert (report.failed, report.unknown) == (1, 1)

    virtual.run(play)
    later = time.time() + 60 * minutes
    sandbox.clock.advance(minutes=minutes)
    with mock.patch("time.time", return_value=later):
        report, _ = settle(sandbox, [*fates], asked, journal=journal)
    results = list(report)
    _check(sandbox, results)
    if minutes and fates == ["before"]:
        assert isinstance(results[1], Created)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("fates", [["after", "before"], ["before", "after"], ["after", "after"]])
def test_a_host_among_the_guests(
    sandbox: Sandbox, in_turn: PublicConfiguration, fates: list[Any], swapped: bool
) -> None:
    """Two rows that differ in a host alone look the same in a calendar, and are kept apart."""
    organizer = Guest(name="Host", email=str(sandbox.organizer_email))
    asked = [_named("alone"), _named("with host", additional_guests=[organizer])]
    if swapped:
        asked.reverse()
    report, _ = settle(sandbox, [*fates], asked, auth=in_turn)
    _check(sandbox, list(report))


def _version_1(journal: Path, *booking_ids: str) -> None:
    """Make of a journal one of the first version, whose rows have these bookings."""
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("DROP INDEX each_booking_once")
        connection.execute("CREATE INDEX rows_by_booking ON rows (booking_id)")
        for number, booking_id in enumerate(booking_ids, 1):
            connection.execute(
                "UPDATE rows SET booking_id = ? WHERE number = ?", (booking_id, number)
            )


async def test_a_journal_of_the_first_version(journal: Path) -> None:
    """A journal without the rule gets it, and goes on; it can be exported before that, too."""
    await _echoing("b-1", "b-2").bookings.create_many(many(2), journal=journal)
    _version_1(journal, "b-1", "b-2")
    change(journal, "UPDATE batch SET complete = 0")
    to_csv(journal, io.StringIO())
    report = await _echoing("b-1").bookings.create_many(many(3), journal=journal)
    assert (report.created, report.unknown) == (2, 1)
    with pytest.raises(sqlite3.IntegrityError):
        change(journal, "UPDATE rows SET booking_id = 'b-1'")


def test_a_journal_with_a_booking_twice(journal: Path) -> None:
    """A journal in which two rows have one booking is refused, and says whose it is."""
    asyncio.run(_echoing("b-1", "b-2").bookings.create_many(many(2), journal=journal))
    _version_1(journal, "b-1", "b-1")
    before = journal.read_bytes()
    with pytest.raises(errors.BatchError, match="booking b-1 to two rows, '#1' and '#2'"):
        asyncio.run(_echoing().bookings.create_many(many(2), journal=journal))
    assert journal.read_bytes() == before
