"""The journal of a chunk: on disk before a row is sent, and one worker's alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from attrs import evolve

from nylas_bookings import NewBooking, errors, workers
from nylas_bookings.batch import Evidence, Unknown
from nylas_bookings.batch.rows import Rival, Row
from nylas_bookings.models import Booking, Organizer
from nylas_bookings.workers.journal import Busy, Open, PostgresJournal

from ..batch.asking import many, wanted
from .asking import ask

BOOKING = Booking(
    booking_id="b-1", event_id="e-1", title="Meeting", organizer=Organizer(), status="booked"
)
STATES = "SELECT number, state, attempts FROM rows ORDER BY number"


@pytest.fixture
async def journal(database: str) -> AsyncIterator[PostgresJournal]:
    """The journal of a chunk of five rows."""
    await workers.submit(many(8), dsn=database, name="import", chunk=5)
    opened = await PostgresJournal.opened(database, "import", 0, dead_after=30.0)
    yield opened
    await opened._connection.close()


async def test_sending_is_on_disk(journal: PostgresJournal, database: str) -> None:
    """When a row may be sent, everybody else can read that it is."""
    row = journal.rows[1]
    row.sending()
    await journal.sending(row)
    assert ask(database, STATES)[1] == (2, "sending", 1)


async def test_many_at_once(journal: PostgresJournal, database: str) -> None:
    """Rows that come at the same time are written together, each with what it is."""
    for row in journal.rows:
        row.sending()
    await asyncio.gather(*(journal.sending(row) for row in journal.rows))
    assert {state for _, state, _ in ask(database, STATES)[:5]} == {"sending"}
    for row in journal.rows[:4]:
        await journal.record(row, row.created(evolve(BOOKING, booking_id=f"b-{row.number}")))
    row = journal.rows[4]
    row.not_sent()
    await journal.unsent(row)
    assert not await journal.belongs_to_another("b-9", row)
    assert ask(database, STATES)[:5] == [(n, "created", 1) for n in range(1, 5)] + [
        (5, "planned", 0)
    ]


async def test_whose_booking_it_is(journal: PostgresJournal, database: str) -> None:
    """A booking that another row has made, of any batch, is known as its own."""
    first, second = journal.rows[:2]
    await journal.record(first, first.created(BOOKING))
    assert await journal.belongs_to_another("b-1", second)
    assert not await journal.belongs_to_another("b-1", first)
    await workers.submit(many(1), dsn=database, name="other")
    other = await PostgresJournal.opened(database, "other", 0, dead_after=30.0)
    assert await other.belongs_to_another("b-1", other.rows[0])
    await other.finish(complete=True)


async def _other(database: str, *requests: NewBooking) -> PostgresJournal:
    """Open the journal of another batch with these rows."""
    await workers.submit(requests or many(1), dsn=database, name="other")
    return await PostgresJournal.opened(database, "other", 0, dead_after=30.0)


async def test_a_response_with_another_rows_booking(
    journal: PostgresJournal, database: str
) -> None:
    """Rows that are told the same booking, in one commit or in two batches: one of them has it."""
    other = await _other(database)
    first, second, third = journal.rows[:3]
    for row in (first, second, third):
        row.sending()
        await journal.sending(row)
        row.sent(1, in_doubt=False)
    await journal.record(first, first.created(BOOKING))
    await journal.record(second, second.created(BOOKING))
    await journal.record(third, third.created(evolve(BOOKING, booking_id="b-2")))
    await journal.finish(complete=True)
    for booking_id in ("b-1", "b-3"):
        await other.record(
            other.rows[0], other.rows[0].created(evolve(BOOKING, booking_id=booking_id))
        )
        await other._commits.written()
    await other.finish(complete=True)
    assert ask(
        database,
        "SELECT batch, number, state, booking_id, doubts FROM rows "
        "WHERE state != 'planned' ORDER BY batch, number",
    ) == [
        ("import", 1, "created", "b-1", 0),
        ("import", 2, "unknown", None, 1),
        ("import", 3, "created", "b-2", 0),
        ("other", 1, "created", "b-3", 0),
    ]
    _, unknown, _ = await workers.report("import", dsn=database)
    assert isinstance(unknown, Unknown)
    assert "another row" in str(unknown.error)
    assert unknown.evidence is not None
    assert unknown.evidence.bookings == ("b-1",)


async def test_one_of_several_claims(journal: PostgresJournal, database: str) -> None:
    """A booking is of the row that claims it first, in whichever batch the others are."""
    other = await _other(database)
    first, second = journal.rows[:2]
    claims = await asyncio.gather(journal.claim("b-1", first), other.claim("b-1", other.rows[0]))
    assert sorted(claims) == [False, True]
    owner = (journal, first) if claims[0] else (other, other.rows[0])
    assert await owner[0].claim("b-1", owner[1])
    assert not await journal.claim("b-1", second)
    await other.finish(complete=True)


async def test_a_claim_without_a_database(journal: PostgresJournal, database: str) -> None:
    """A claim that cannot be made is an error, and no answer."""
    ask(database, "ALTER TABLE rows RENAME TO gone")
    with pytest.raises(errors.BatchError, match="migrate"):
        await journal.claim("b-1", journal.rows[0])


async def test_who_is_a_rival(journal: PostgresJournal, database: str) -> None:
    """A rival is on its way or unknown, at the same times, in whichever batch and chunk it is."""
    mine, later = journal.rows[:2]
    other = await _other(database, wanted(0), wanted(0, key="failed"), wanted(0, key="unsent"))
    rival, failed, _ = other.rows
    for row in (mine, later):
        row.sending()
        await journal.sending(row)
    rival.sending()
    await other.sending(rival)
    await other.record(failed, failed.failed(errors.Conflict("no", status=409)))
    await other._commits.written()
    (found,) = await journal.rivals(mine)
    assert found == Rival(frozenset({"guest0@example.com"}), rival.sent_at)
    await other.record(rival, rival.unknown(errors.NoAnswer("lost")))
    await other._commits.written()
    assert len(await journal.rivals(mine)) == 1
    await other.record(rival, rival.created(BOOKING))
    await other._commits.written()
    assert not await journal.rivals(mine)
    await other.finish(complete=True)


async def test_one_at_a_time(journal: PostgresJournal, database: str) -> None:
    """A chunk that a worker has open cannot be opened by another, and can be when it is closed."""
    with pytest.raises(Busy):
        await PostgresJournal.opened(database, "import", 0, dead_after=30.0)
    await (await PostgresJournal.opened(database, "import", 1, dead_after=30.0)).finish(
        complete=True
    )
    await journal.finish(complete=True)
    await (await PostgresJournal.opened(database, "import", 0, dead_after=30.0)).finish(
        complete=True
    )


async def test_a_lost_connection(journal: PostgresJournal, database: str) -> None:
    """A worker that has lost the chunk cannot mark a row as sent, and so does not send it."""
    ask(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid != pg_backend_pid()",
    )
    first, second = journal.rows[:2]
    with pytest.raises(errors.BatchError, match="the database cannot be used"):
        await journal.sending(first)
    with pytest.raises(errors.BatchError, match="the database cannot be used"):
        await journal.sending(second)
    assert {state for _, state, _ in ask(database, STATES)} == {"planned"}
    with pytest.raises(errors.BatchError):
        await journal.finish(complete=True)


async def test_what_is_left(database: str) -> None:
    """Rows without a result that lasts are counted; opened again, only those not booked come."""
    await workers.submit(many(4), dsn=database, name="import")
    journal = await PostgresJournal.opened(database, "import", 0, dead_after=30.0)
    assert journal.left == 4
    one, two, three, _ = journal.rows
    await journal.record(one, one.created(BOOKING))
    await journal.record(two, two.failed(errors.NotSent("no connection")))
    await journal.record(three, three.failed(errors.Conflict("no", status=409)))
    assert journal.left == 2
    counts = await journal.finish(complete=True)
    assert (counts.created, counts.failed, counts.planned) == (1, 2, 1)
    again = await PostgresJournal.opened(database, "import", 0, dead_after=30.0)
    found = [await again.find(row) for row in again.rows]
    assert [(k.number, k.state, k.may_repeat) for k in found if k] == [
        (2, "failed", True),
        (3, "failed", False),
        (4, "planned", False),
    ]
    assert again.left == 2
    assert [result.key for result in again.results()] == ["#1", "#2", "#3"]
    await again.finish(complete=True)


async def test_what_was_seen_is_kept(journal: PostgresJournal, database: str) -> None:
    """What is known of a row comes back whole: what was sent, what of it is in doubt, what seen."""
    row = journal.rows[0]
    row.sending()
    row.sent(3, in_doubt=False)
    row.sending()
    evidence = Evidence(says="nothing is there", looks=3, events=("e-1",), slot_offered=False)
    await journal.record(row, row.unknown(errors.NoAnswer("lost"), evidence))
    await journal.finish(complete=True)
    again = await PostgresJournal.opened(database, "import", 0, dead_after=30.0)
    known = await again.find(again.rows[0])
    assert known is not None
    assert (known.state, known.sends, known.doubts) == ("unknown", 4, 1)
    assert (known.sent_at, known.evidence) == (row.sent_at, evidence)
    await again.finish(complete=True)


async def test_what_is_on_its_way_may_be_booked(journal: PostgresJournal, database: str) -> None:
    """While a row is on its way, or when its worker has died, a report tells it as unknown."""
    row = journal.rows[0]
    row.sending()
    await journal.sending(row)
    report = await workers.report("import", dsn=database)
    assert (report.unknown, report.left, len(report)) == (1, 7, len(list(report)))


async def test_rows_come_with_the_batch(journal: PostgresJournal) -> None:
    """No row is added to a chunk by whoever carries it out."""
    with pytest.raises(errors.BatchError, match="'#9' is not in the batch"):
        await journal.plan(Row(9, 9, "#9", wanted(9), b"{}"))


async def test_stopped_in_the_middle(journal: PostgresJournal) -> None:
    """A chunk that is stopped hands out nothing more, and is not complete."""
    rows = Open(journal.rows)
    assert await rows.next() is journal.rows[0]
    assert not rows.complete
    rows.stop()
    assert await rows.next() is None
    assert not rows.complete
    await rows.close()
