"""Many bookings in one call: what goes in, what comes out."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from attrs import evolve, fields

from nylas_bookings import AsyncClient, Guest, PublicConfiguration, Request, Response, errors
from nylas_bookings.batch import Created, Failed, Unknown
from nylas_bookings.models import Booking
from nylas_bookings.sandbox import Fault, Sandbox

from ..wire_server import BOOKING
from .asking import client, guests, many, wanted

journals = pytest.mark.parametrize("journaled", [False, True], ids=["memory", "journal"])


async def _asynchronously(count: int) -> AsyncIterator[Any]:
    for request in many(count):
        yield request


@journals
async def test_all_are_created(sandbox: Sandbox, journal: Path, journaled: bool) -> None:
    """Every booking is made once, and the report tells them in the order of the input."""
    requests = [wanted(n, key=f"row-{n}") for n in range(20)]
    heard: list[Any] = []
    report = await client(sandbox).bookings.create_many(
        requests, journal=journal if journaled else None, on_result=heard.append, concurrency=1
    )
    assert (report.created, report.failed, report.unknown, report.left) == (20, 0, 0, 0)
    results = list(report)
    assert [result.key for result in results] == [f"row-{n}" for n in range(20)]
    assert [result.request for result in results] == requests
    kept = {f.name for f in fields(Booking)} - {"description", "booking_ref"}
    for made, result in zip(heard, results, strict=True):
        names = kept if journaled else {f.name for f in fields(Booking)}
        for name in names:
            assert getattr(result.booking, name) == getattr(made.booking, name)
    ids = [result.booking.booking_id for result in results if isinstance(result, Created)]
    assert sorted(ids) == sorted(booking["id"] for booking in sandbox.bookings())
    assert all(result.attempts == 1 and result.sent_at for result in results)
    assert len(guests(sandbox)) == len(report) == 20
    report.raise_for_failures()


@journals
async def test_what_was_never_sent_counts_no_attempts(journal: Path, journaled: bool) -> None:
    """A row that was refused here was never sent: it has no attempts, and no time of one."""
    nylas = AsyncClient(api_url="http://127.0.0.1:9")
    report = await nylas.bookings.create_many([wanted(1)], journal=journal if journaled else None)
    (result,) = report
    assert isinstance(result, Failed)
    assert (result.attempts, result.sent_at, result.error.attempts) == (0, None, 0)


async def test_an_asynchronous_input(sandbox: Sandbox) -> None:
    """The input may be asynchronous, and is read to its end."""
    report = await client(sandbox).bookings.create_many(_asynchronously(70), concurrency=3)
    assert report.created == 70
    assert [result.key for result in report] == [f"#{n}" for n in range(1, 71)]


@journals
async def test_one_failure_does_not_end_the_batch(
    sandbox: Sandbox, journal: Path, journaled: bool
) -> None:
    """What one booking fails at is told with it, and the others are made."""
    requests = [wanted(0), wanted(0), wanted(1, additional_fields={"no": "such"}), wanted(2)]
    report = await client(sandbox).bookings.create_many(
        requests, concurrency=1, journal=journal if journaled else None
    )
    kinds = [type(result) for result in report]
    assert kinds == [Created, Failed, Failed, Created]
    failed = [result.error for result in report if isinstance(result, Failed)]
    assert isinstance(failed[0], errors.SlotUnavailable)
    assert failed[1].outcome is errors.Outcome.REFUSED
    with pytest.raises(errors.BatchError, match=r"of 4 bookings 2 failed.*first is '#2'") as caught:
        report.raise_for_failures()
    assert [type(error) for error in caught.value.errors] == [type(error) for error in failed]


async def test_a_sender_that_breaks(sandbox: Sandbox) -> None:
    """Whatever a sender raises, it is the result of one booking, which may have been made."""

    async def send(request: Any) -> Any:
        if b"guest1@" in request.body:
            raise ZeroDivisionError
        return await sandbox.send(request)

    report = await client(sandbox, send=send).bookings.create_many(many(3))
    (unknown,) = (result for result in report if isinstance(result, Unknown))
    assert unknown.key == "#2"
    assert "ZeroDivisionError" in str(unknown.error)
    assert report.created == 2


async def test_lost_answers_are_unknown(sandbox: Sandbox) -> None:
    """Without a settler, a booking whose answer is lost is unknown, and not sent again."""
    sandbox.faults.add("create", Fault.drop_before())
    sandbox.faults.add("create", Fault.drop_after())
    sandbox.faults.add("create", Fault.garbage())
    report = await client(sandbox).bookings.create_many(many(4), concurrency=1)
    assert (report.created, report.unknown) == (1, 3)
    outcomes = [result.error.outcome.name for result in report if isinstance(result, Unknown)]
    assert outcomes == ["UNKNOWN", "UNKNOWN", "DONE"]
    assert len(sandbox.requests()) == 4


async def test_each_row_may_have_its_own_auth(sandbox: Sandbox, journal: Path) -> None:
    """A booking is made with its own auth, which is neither sent in the body nor written down."""
    own = PublicConfiguration(sandbox.confirming)
    nylas = AsyncClient(None, send=sandbox.send)
    requests = [wanted(0, auth=own), wanted(1)]
    report = await nylas.bookings.create_many(requests, journal=journal)
    created, failed = list(report)
    assert isinstance(created, Created)
    assert isinstance(failed, Failed)
    assert created.booking.status == "pending"
    assert created.request.auth is None
    assert "no auth of its own" in str(failed.error)


@journals
async def test_a_key_stands_for_one_booking(
    sandbox: Sandbox, journal: Path, journaled: bool
) -> None:
    """A key that is there twice ends the batch, whose other calls come to their end."""
    requests = [wanted(n, key=str(n % 5)) for n in range(9)]
    with pytest.raises(errors.BatchError, match=r"key '[0-4]' is there twice"):
        await client(sandbox).bookings.create_many(
            requests, concurrency=2, journal=journal if journaled else None
        )
    assert len(sandbox.bookings()) <= 5


@pytest.mark.parametrize("key", ["", "#1", 5])
async def test_bad_keys(sandbox: Sandbox, key: Any) -> None:
    """A key is a text, and cannot be mistaken for a position."""
    with pytest.raises(errors.InvalidRequest, match="bad key"):
        await client(sandbox).bookings.create_many([evolve(wanted(0), key=key)])
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("requests", "settings"),
    [(5, {}), (["x"], {}), ([], {"concurrency": 0}), ([], {"pace": 3})],
)
async def test_what_is_no_batch(sandbox: Sandbox, requests: Any, settings: Any) -> None:
    """What cannot be meant is refused."""
    with pytest.raises(errors.InvalidRequest):
        await client(sandbox).bookings.create_many(requests, **settings)


async def test_results_as_they_come(sandbox: Sandbox) -> None:
    """`on_result` hears of each result, with all that the booking has; it may be awaited."""
    heard: list[Any] = []

    async def later(result: Any) -> None:
        heard.append(result)

    await client(sandbox).bookings.create_many(many(3), on_result=heard.append, concurrency=1)
    await client(sandbox).bookings.create_many(many(1), on_result=later)
    assert [type(result) for result in heard] == [Created, Created, Created, Failed]
    assert heard[0].booking.booking_ref
    assert heard[0].elapsed >= 0


async def test_what_the_caller_raises(sandbox: Sandbox, journal: Path) -> None:
    """What the input or `on_result` raises ends the batch and is raised; nothing is lost."""

    def broken() -> Any:
        yield from many(4)
        raise ZeroDivisionError

    def refuse(result: Any) -> None:
        raise KeyError

    nylas = client(sandbox)
    with pytest.raises(ZeroDivisionError):
        await nylas.bookings.create_many(broken(), journal=journal)
    with pytest.raises(KeyError):
        await nylas.bookings.create_many(many(6), journal=journal, on_result=refuse)
    report = await nylas.bookings.create_many(many(6), journal=journal)
    assert report.created == len(sandbox.bookings()) == 6


@pytest.mark.parametrize(
    "stop_on",
    [
        errors.SlotUnavailable,
        (errors.NotFound, errors.SlotUnavailable),
        lambda result: isinstance(result, Failed),
    ],
)
async def test_stop_on(sandbox: Sandbox, journal: Path, stop_on: Any) -> None:
    """A result can end the batch: nothing new starts, and the next run does the rest."""
    requests = [wanted(0), wanted(0), *many(8)][:6]
    nylas = client(sandbox)
    report = await nylas.bookings.create_many(
        requests, concurrency=1, journal=journal, stop_on=stop_on
    )
    assert report.stopped
    assert (report.created, report.failed) == (1, 1)
    assert len(sandbox.requests()) == 2
    report = await nylas.bookings.create_many(requests, concurrency=1, journal=journal)
    assert (report.created, report.failed, report.stopped) == (4, 2, False)


@journals
async def test_the_zone_of_a_booking(sandbox: Sandbox, journal: Path, journaled: bool) -> None:
    """A row's `booking_timezone` goes along in the query, and a row without one sends none."""
    urls: list[str] = []

    async def send(request: Request) -> Response:
        urls.append(request.url)
        return await sandbox.send(request)

    requests = [wanted(0, booking_timezone="Asia/Kolkata"), wanted(1)]
    report = await client(sandbox, send=send).bookings.create_many(
        requests, concurrency=1, journal=journal if journaled else None
    )
    assert report.created == 2
    with_zone, without = urls
    assert "timezone=Asia%2FKolkata" in with_zone
    assert "timezone" not in without


async def test_a_report_can_be_empty(sandbox: Sandbox) -> None:
    """No bookings are a batch too, and its report is there."""
    report = await client(sandbox).bookings.create_many([])
    assert (len(report), list(report), bool(report)) == (0, [], True)
    assert repr(report) == "<BatchReport: 0 created, 0 failed, 0 unknown, 0 left>"
    report.raise_for_failures()


async def test_memory_stays_flat(journal: Path) -> None:
    """Four times as many rows take hardly more memory, with a journal and without one."""
    numbers = itertools.count()

    async def send(request: Any) -> Response:
        booking = {**BOOKING, "booking_id": f"b-{next(numbers)}"}
        return Response(200, {}, orjson.dumps({"request_id": "req-1", "data": booking}))

    async def peak(count: int, where: Path | None) -> int:
        tracemalloc.start()
        nylas = AsyncClient(PublicConfiguration("cfg-1"), send=send)
        same = wanted(0)
        report = await nylas.bookings.create_many((same for _ in range(count)), journal=where)
        assert report.created == count
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    for where in (None, journal):
        await peak(50, where and where.with_suffix(".first"))
        few = await peak(500, where and where.with_suffix(".few"))
        many_ = await peak(2000, where)
        assert many_ < few + 400_000


async def test_what_does_not_fit_into_json(sandbox: Sandbox) -> None:
    """A row that cannot be sent at all is told by its place in the input."""
    odd = wanted(1, guest=Guest(name="\ud800", email="jane@example.com"))
    with pytest.raises(errors.InvalidRequest, match=r"item 2 of the batch: .* fit into JSON"):
        await client(sandbox).bookings.create_many([wanted(0), odd])
