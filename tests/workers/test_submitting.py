"""Submitting: what comes into the database, and what does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from nylas_bookings import (
    ApiKey,
    Guest,
    MintedSession,
    NewBooking,
    PublicPage,
    SessionToken,
    errors,
    workers,
)

from ..batch.asking import many, wanted
from .asking import ask

JANE = Guest(name="Jane", email="jane@example.com")
JOE = Guest(name="Joe", email="joe@example.com")


async def test_chunks(database: str) -> None:
    """Each chunk has so many rows, and one job."""
    name = await workers.submit(many(10), dsn=database, chunk=4)
    found = ask(database, "SELECT chunk, count(*) FROM rows GROUP BY chunk ORDER BY chunk")
    assert found == [(0, 4), (1, 4), (2, 2)]
    jobs = ask(database, "SELECT args FROM procrastinate_jobs ORDER BY id")
    assert jobs == [({"batch": name, "chunk": chunk},) for chunk in range(3)]


async def test_an_async_iterable(database: str) -> None:
    """The input may be asynchronous."""

    async def rows() -> AsyncIterator[NewBooking]:
        for row in many(3):
            await asyncio.sleep(0)
            yield row

    name = await workers.submit(rows(), dsn=database)
    assert (await workers.report(name, dsn=database)).left == 3


async def test_rows_that_a_calendar_cannot_tell_apart(database: str) -> None:
    """Rows for the same guests and slot are in the same chunk, however they are named and come."""
    orders = [
        {"guest": JANE, "additional_guests": [JOE]},
        {"guest": JOE, "additional_guests": [JANE]},
    ]
    requests = [wanted(number % 5, key=str(number), **orders[number % 2]) for number in range(15)]
    await workers.submit(requests, dsn=database, chunk=3)
    slots = ask(database, "SELECT start_time, min(chunk), max(chunk) FROM rows GROUP BY start_time")
    assert len(slots) == 5
    assert all(first == last for _, first, last in slots)


async def test_again(database: str) -> None:
    """The same input under the same name adds nothing."""
    for _ in range(2):
        await workers.submit(many(10), dsn=database, name="import", chunk=4)
    assert ask(database, "SELECT count(*) FROM rows") == [(10,)]
    assert ask(database, "SELECT count(*) FROM procrastinate_jobs") == [(3,)]


@pytest.mark.parametrize("stopped_after", [0, 3, 8])
async def test_going_on(database: str, stopped_after: int) -> None:
    """A submission that was stopped is gone on with by the same call, and nothing is lost."""

    def broken() -> Iterator[NewBooking]:
        yield from many(stopped_after)
        raise RuntimeError("the file is gone")

    with pytest.raises(RuntimeError, match="the file is gone"):
        await workers.submit(broken(), dsn=database, name="import", chunk=4)
    (status,) = await workers.status(database)
    assert not status.complete
    await workers.submit(many(10), dsn=database, name="import", chunk=4)
    assert ask(database, "SELECT number, key FROM rows ORDER BY number") == [
        (number, f"#{number}") for number in range(1, 11)
    ]
    jobs = ask(database, "SELECT DISTINCT args ->> 'chunk' FROM procrastinate_jobs ORDER BY 1")
    assert jobs == [("0",), ("1",), ("2",)]


@pytest.mark.parametrize(
    ("requests", "why"),
    [
        (lambda: many(9), "it has 10 rows from before, and this input has only 9"),
        (lambda: many(11), "'#11' is not in it, and it has all rows of its own"),
        (lambda: (wanted(n, guest=JANE) for n in range(10)), "it has '#1' .* with other content"),
        (lambda: many(10, key="x"), "'x' is not in it, and 10 of its rows have not come yet"),
    ],
)
async def test_another_input(database: str, requests: Any, why: str) -> None:
    """Another input under the same name is refused, and changes nothing."""
    await workers.submit(many(10), dsn=database, name="import", chunk=4)
    with pytest.raises(errors.BatchError, match=why):
        await workers.submit(requests(), dsn=database, name="import", chunk=4)
    assert ask(database, "SELECT count(*) FROM rows") == [(10,)]


@pytest.mark.parametrize("second", [1, 7])
async def test_a_key_that_is_there_twice(database: str, second: int) -> None:
    """Two rows cannot have the same key, in one chunk or in two."""
    requests = [wanted(n, key="a" if n in (0, second) else str(n)) for n in range(9)]
    with pytest.raises(errors.BatchError, match="the key 'a' is there twice"):
        await workers.submit(requests, dsn=database, chunk=3)


@pytest.mark.parametrize(
    "auth", [ApiKey("nyk-hunter2"), SessionToken("hunter2"), MintedSession("hunter2", "c")]
)
async def test_a_row_with_a_credential(database: str, auth: Any) -> None:
    """No credential is written into the database, so a row cannot bring one."""
    with pytest.raises(errors.InvalidRequest, match="no credential is written") as caught:
        await workers.submit([wanted(0, auth=auth)], dsn=database)
    assert "hunter2" not in str(caught.value)


async def test_a_row_with_a_page(database: str) -> None:
    """A row may name a public page: that is no credential."""
    auth = PublicPage("meet", "client-1")
    name = await workers.submit([wanted(0, auth=auth)], dsn=database)
    assert "meet" in str(ask(database, "SELECT auth FROM rows"))
    assert (await workers.report(name, dsn=database)).left == 1


@pytest.mark.parametrize("chunk", [0, 1.5, "10"])
async def test_what_is_no_chunk(chunk: Any) -> None:
    """A chunk is a number of rows."""
    with pytest.raises(errors.InvalidRequest, match="chunk is a number from 1"):
        await workers.submit(many(1), dsn="host=nowhere", chunk=chunk)


async def test_by_two_at_a_time(database: str) -> None:
    """A batch is submitted by one at a time."""

    async def slowly() -> AsyncIterator[NewBooking]:
        yield wanted(0)
        while not await workers.status(database):  # noqa: ASYNC110 - it is in a database
            await asyncio.sleep(0.01)
        with pytest.raises(errors.BatchError, match="is being submitted by somebody else"):
            await workers.submit(many(1), dsn=database, name="import")

    await workers.submit(slowly(), dsn=database, name="import")
