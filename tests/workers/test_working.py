"""Workers in this process: what they make of a batch, and what they refuse."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from attrs import evolve

from nylas_bookings import (
    AsyncClient,
    Guest,
    PublicConfiguration,
    Request,
    Response,
    errors,
    workers,
)
from nylas_bookings.batch import CalendarSettler, Created, Failed, Unknown
from nylas_bookings.sandbox import Fault, Sandbox

from ..batch.asking import client, guests, many, wanted
from ..batch.test_settling_many_hosts import in_turn
from .asking import ask, check, work

__all__ = ["in_turn"]


async def test_a_batch(database: str, sandbox: Sandbox) -> None:
    """All rows are booked, and the report tells each of them, in the order of the input."""
    name = await workers.submit(many(25), dsn=database, chunk=4)
    report = await work(database, sandbox, name)
    check(sandbox, report, 25)
    assert [result.key for result in report] == [f"#{n + 1}" for n in range(25)]
    assert len(report) == report.created == 25
    result = next(iter(report))
    assert isinstance(result, Created)
    assert result.booking.booking_id in {row["id"] for row in sandbox.bookings()}
    assert (result.attempts, result.request.guest.name) == (1, "Guest 0")


async def test_while_nothing_is_done(database: str) -> None:
    """A batch that nobody works on is all left, and known under its name."""
    await workers.submit(many(7), dsn=database, name="import", chunk=3)
    report = await workers.report("import", dsn=database)
    assert (report.left, list(report)) == (7, [])
    (status,) = await workers.status(database)
    assert (status.name, status.planned, status.chunks) == ("import", 7, 3)
    assert (status.complete, status.finished) == (True, False)
    with pytest.raises(errors.InvalidRequest, match="there is no batch 'export'"):
        await workers.report("export", dsn=database)


async def test_refusals_are_results(database: str, sandbox: Sandbox) -> None:
    """What the API refuses is told, and does not concern the others."""
    requests = [wanted(0), wanted(0, key="again"), wanted(1)]
    name = await workers.submit(requests, dsn=database)
    report = await work(database, sandbox, name)
    assert [type(result) for result in report] == [Created, Failed, Created]
    with pytest.raises(errors.BatchError, match="1 failed"):
        report.raise_for_failures()
    (failed,) = (result for result in report if isinstance(result, Failed))
    assert isinstance(failed.error, errors.SlotUnavailable)


async def test_without_a_settler(database: str, sandbox: Sandbox) -> None:
    """A call whose answer was lost stays unknown, and is not sent again."""
    sandbox.faults.add("create", Fault.drop_after())
    name = await workers.submit(many(3), dsn=database)
    report = await work(database, sandbox, name, concurrency=1)
    assert [type(result) for result in report] == [Unknown, Created, Created]
    assert (len(guests(sandbox)), report.unknown) == (3, 1)


async def test_with_a_settler(database: str, sandbox: Sandbox) -> None:
    """A call whose answer was lost is found, or sent again when it is proven absent."""
    for fault in (Fault.drop_after(), Fault.drop_before()):
        sandbox.faults.add("create", fault)
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.1, pause=0.02)
    name = await workers.submit(many(10), dsn=database, chunk=5)
    report = await work(database, sandbox, name, settle=settler)
    check(sandbox, report, 10)
    assert report.created == 10
    found = [result for result in report if isinstance(result, Created) and result.evidence]
    assert len(found) == 1


async def test_what_was_on_its_way_is_settled(database: str, sandbox: Sandbox) -> None:
    """A row that a worker has left in the middle is looked for, and not sent on a chance."""
    name = await workers.submit(many(2), dsn=database)
    ask(database, "UPDATE rows SET state = 'sending', attempts = 1, sent_at = 1 WHERE number = 1")
    report = await work(database, sandbox, name)
    first, second = report
    assert isinstance(first, Unknown)
    assert isinstance(first.error, errors.NoAnswer)
    assert isinstance(second, Created)
    assert guests(sandbox) == [second.request.guest.email]


async def test_a_row_of_another_worker(
    database: str, sandbox: Sandbox, in_turn: PublicConfiguration
) -> None:
    """What a row of another chunk may have made is not taken for another row's."""
    one, two = (
        wanted(0, key=key, guest=Guest(name=key, email="jane@example.com"))
        for key in ("knee", "hip")
    )
    name = await workers.submit([evolve(row, auth=in_turn) for row in (one, two)], dsn=database)
    await client(sandbox).bookings.create(
        start_time=two.start_time, end_time=two.end_time, guest=two.guest, auth=in_turn
    )
    # Rows of an earlier version may be in two chunks, since addresses were compared otherwise.
    ask(
        database,
        "UPDATE rows SET state = 'sending', attempts = 1, doubts = 1, chunk = 1, "
        f"sent_at = {time.time()} WHERE number = 2",
    )
    queue = workers.app(database)
    async with queue.open_async():
        await queue.configure_task("nylas_bookings:carry_out", queue="nylas_bookings").defer_async(
            batch=name, chunk=1
        )
    sandbox.faults.add("create", Fault.drop_before())
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.1, pause=0.02)
    report = await work(database, sandbox, name, settle=settler)
    assert len(list(report)) == 2
    for result in report:
        if isinstance(result, Created):
            (made,) = [b for b in sandbox.bookings() if b["id"] == result.booking.booking_id]
            assert made["document"]["guest"]["name"] == result.key
    assert len(sandbox.bookings()) == 1


async def test_until_the_api_is_there(database: str, sandbox: Sandbox) -> None:
    """A row that could not be sent is tried again, until it can be."""
    asked = 0

    async def send(request: Request) -> Response:
        nonlocal asked
        asked += 1
        if asked <= 4:
            raise errors.NotSent("no connection")
        return await sandbox.send(request)

    name = await workers.submit(many(4), dsn=database)
    report = await work(database, sandbox, name, client={"send": send})
    check(sandbox, report, 4)
    assert (report.created, asked) == (4, 8)


async def test_rows_with_a_configuration_of_their_own(database: str, sandbox: Sandbox) -> None:
    """A row is booked for the public configuration that it names."""
    requests = [wanted(0), wanted(1, auth=PublicConfiguration(sandbox.confirming))]
    name = await workers.submit(requests, dsn=database)
    report = await work(database, sandbox, name)
    statuses = [result.booking.status for result in report if isinstance(result, Created)]
    assert statuses == ["booked", "pending"]


async def test_two_workers_at_a_time(database: str, sandbox: Sandbox) -> None:
    """Several workers share a batch, and each chunk is one's alone."""
    name = await workers.submit(many(40), dsn=database, chunk=4)
    await asyncio.gather(*(work(database, sandbox, name, chunks=2) for _ in range(2)))
    check(sandbox, await workers.report(name, dsn=database), 40)


async def test_another_api(database: str, sandbox: Sandbox) -> None:
    """A worker for another configuration leaves a batch alone: it would look in vain."""
    name = await workers.submit(many(1), dsn=database)
    ask(database, "UPDATE batches SET api = 'https://elsewhere', configuration = 'another'")

    def made() -> AsyncClient:
        return client(sandbox)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2.0):
            await workers.run(database, client=made, until=name)
    assert guests(sandbox) == []
    assert ask(database, "SELECT state FROM rows") == [("planned",)]


async def test_a_database_that_goes_away(database: str, sandbox: Sandbox) -> None:
    """When the database drops all connections, the work goes on afterwards, and nothing twice."""
    name = await workers.submit(many(30), dsn=database, chunk=15)
    dropped = False

    async def send(request: Request) -> Response:
        nonlocal dropped
        answer = await sandbox.send(request)
        if not dropped and len(guests(sandbox)) > 5:
            dropped = True
            await asyncio.to_thread(ask, database, _DROP)
        return answer

    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.1, pause=0.02)
    settings: dict[str, Any] = {"client": {"send": send}, "settle": settler}
    report = await work(database, sandbox, name, **settings)
    assert dropped
    check(sandbox, report, 30)


_DROP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE '%UPDATE rows%' AND pid != pg_backend_pid()
"""


async def test_no_credential_is_in_the_database(database: str, sandbox: Sandbox) -> None:
    """Neither the key nor anything with which a booking could be changed is written down."""
    sandbox.faults.add("create", Fault.drop_after())
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.1, pause=0.02)
    name = await workers.submit(many(3), dsn=database)
    await work(database, sandbox, name, settle=settler)
    tables = ask(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'nylas_bookings'")
    assert len(tables) > 4
    everything = "".join(str(ask(database, f"SELECT * FROM {table}")) for (table,) in tables)
    assert "guest0@example.com" in everything
    assert str(sandbox.api_key) not in everything
    for booking in sandbox.bookings():
        assert booking["document"].get("booking_ref", "none") not in everything
        assert booking["salt"] not in everything


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"concurrency": 0}, "is a number from 1"),
        ({"chunks": 0}, "is a number from 1"),
        ({"settle": "calendar"}, "a Settler is needed here, not str"),
        ({"pace": 5}, "a Pace is needed here, not int"),
    ],
)
async def test_what_cannot_be_meant(settings: dict[str, Any], says: str) -> None:
    """What is not of its kind is refused before a database is looked for."""
    with pytest.raises(errors.InvalidRequest, match=says):
        await workers.run("postgresql://127.0.0.1:9/nowhere", **settings)


async def test_a_database_that_stays_away(dsn: str, sandbox: Sandbox) -> None:
    """A worker that has lost its database for good ends, and says so."""
    await workers.migrate(dsn)

    def made() -> AsyncClient:
        return client(sandbox)

    working = asyncio.create_task(workers.run(dsn, client=made, dead_after=0.5))
    while not ask(dsn, "SELECT 1 FROM procrastinate_workers"):  # noqa: ASYNC110 - in a database
        await asyncio.sleep(0.05)
    await asyncio.to_thread(ask, dsn, "DROP SCHEMA nylas_bookings CASCADE")
    with pytest.raises(errors.BatchError, match="the worker has lost its database"):
        await working
