"""Settling by the calendar: what was lost is found, what is absent is sent again, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from attrs import define, evolve, field

from nylas_bookings import ApiKey, PublicPage, Request, Response, Timeout, errors
from nylas_bookings.batch import CalendarSettler, Created, Failed, Unknown
from nylas_bookings.batch.report import BatchReport
from nylas_bookings.sandbox import Sandbox

from . import virtual
from .asking import client, guests, many, wanted

LIMIT = 90.0


@define
class Trouble:
    """A sender between a client and a sandbox that loses answers, in virtual time.

    Attributes:
        fates: What becomes of each create: `well`, `before`, `after`, or how many seconds later it
            is carried out; when they are used up, all goes well.
        sent_at: When each create was sent.
        spoil: Changes the answers to everything else.
    """

    sandbox: Sandbox
    loop: virtual.VirtualLoop
    fates: list[Any]
    sent_at: list[float] = field(factory=list)
    spoil: Callable[[Request, Response], Response] = lambda request, response: response
    _late: set[Any] = field(factory=set)

    async def send(self, request: Request) -> Response:
        """Carry a request, or lose it."""
        if request.method != "POST":
            return self.spoil(request, await self.sandbox.send(request))
        self.sent_at.append(self.loop.time())
        fate = self.fates.pop(0) if self.fates else "well"
        if fate == "well":
            return await self.sandbox.send(request)
        if fate == "after":
            await self.sandbox.send(request)
        elif fate != "before":
            self._late.add(self.loop.create_task(self._later(request, fate)))
        raise errors.NoAnswer("lost")

    async def _later(self, request: Request, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.sandbox.send(request)


def settle(
    sandbox: Sandbox,
    fates: list[Any],
    requests: Any = None,
    *,
    auth: Any = None,
    spoil: Any = None,
    settler: CalendarSettler | None = None,
    journal: Path | None = None,
    **settings: Any,
) -> tuple[BatchReport, Trouble]:
    """Carry out a batch in virtual time, with a calendar settler."""

    async def play(loop: virtual.VirtualLoop) -> tuple[BatchReport, Trouble]:
        loop.sandboxes.append(sandbox)
        trouble = Trouble(sandbox, loop, fates)
        if spoil is not None:
            trouble.spoil = spoil
        used = settler or CalendarSettler(sandbox.api_key, sandbox.grant_id, **settings)
        asked = many(1) if requests is None else requests
        nylas = virtual.on(loop, client(sandbox, send=trouble.send, timeout=Timeout(total=None)))
        if auth is not None:
            asked = [evolve(request, auth=auth) for request in asked]
        report = await nylas.bookings.create_many(
            asked, settle=used, concurrency=4, journal=journal
        )
        return report, trouble

    return virtual.run(play)


def only(report: BatchReport) -> Any:
    """The only result."""
    (result,) = report
    return result


def test_what_was_made_is_found(sandbox: Sandbox) -> None:
    """A booking whose answer was lost is found at once, with its real id."""
    report, trouble = settle(sandbox, ["after"])
    created = only(report)
    assert isinstance(created, Created)
    assert created.booking.booking_id == sandbox.bookings()[0]["id"]
    assert created.evidence is not None
    assert created.evidence.looks == 1
    assert created.evidence.bookings == (created.booking.booking_id,)
    assert len(trouble.sent_at) == created.attempts == 1


def test_what_is_absent_is_sent_again(sandbox: Sandbox) -> None:
    """Without a trace after the API's limit, and again a moment later, it is sent once more."""
    report, trouble = settle(sandbox, ["before"], pause=7.0)
    created = only(report)
    assert isinstance(created, Created)
    assert created.attempts == 2
    first, second = trouble.sent_at
    assert second - first >= LIMIT + 7.0
    assert guests(sandbox) == ["guest0@example.com"]


@pytest.mark.parametrize("seconds", [1.0, 89.0, 92.0])
def test_what_lands_late_is_found(sandbox: Sandbox, seconds: float) -> None:
    """A booking may land when its caller has gone, up to the limit and the pause after it."""
    report, trouble = settle(sandbox, [seconds])
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == len(sandbox.bookings()) == 1


def test_the_others_do_not_wait(sandbox: Sandbox) -> None:
    """While a row waits for its proof, the batch goes on with others."""
    report, trouble = settle(sandbox, ["before"], many(20))
    assert report.created == 20
    assert trouble.sent_at[0] == trouble.sent_at[19]
    assert trouble.sent_at[20] >= trouble.sent_at[0] + LIMIT


def test_it_is_not_sent_for_ever(sandbox: Sandbox) -> None:
    """After three lost calls the row is told as unknown, with what was seen."""
    report, trouble = settle(sandbox, ["before"] * 9)
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.attempts == len(trouble.sent_at) == 3
    assert unknown.evidence is not None
    assert unknown.evidence.slot_offered is True


def test_a_slot_that_is_gone_proves_nothing(sandbox: Sandbox) -> None:
    """When the slot is somebody else's by now, the outcome stays unknown."""
    somebody = [wanted(0, key="mine"), wanted(0, guest=wanted(9).guest, key="other")]
    report, _ = settle(sandbox, ["before", "well"], somebody)
    mine, other = report
    assert isinstance(other, Created)
    assert isinstance(mine, Unknown)
    assert mine.attempts == 1
    assert mine.evidence is not None
    assert mine.evidence.slot_offered is False
    assert "the slot is gone" in mine.evidence.says


@pytest.mark.parametrize("fates", [["after"], ["before"], ["after", "after"], [5.0, "well"]])
def test_rows_for_the_same_guest_and_slot(sandbox: Sandbox, fates: list[Any]) -> None:
    """Of two rows that a calendar cannot tell apart, one has the booking, and not both."""
    report, _ = settle(sandbox, fates, [wanted(0, key="a"), wanted(0, key="b")])
    kinds = [type(result) for result in report]
    assert kinds.count(Created) == len(sandbox.bookings()) == 1


def test_an_older_event_is_not_the_one(sandbox: Sandbox) -> None:
    """An event from before the call is somebody's booking: not this one, and no absence either."""
    settle(sandbox, [])
    report, trouble = settle(sandbox, ["before"], clock_margin=0.0, spoil=_made_long_ago)
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert "made before the call" in unknown.evidence.says
    assert unknown.evidence.events
    assert len(trouble.sent_at) == 1


def _change(request: Request, response: Response, *changes: tuple[str, str]) -> Response:
    if "/events" not in request.url:
        return response
    body = response.body
    for old, new in changes:
        body = body.replace(old.encode(), new.encode())
    return evolve(response, body=body)


def _made_long_ago(request: Request, response: Response) -> Response:
    return _change(request, response, ('"created_at":', '"created_at":1000000000,"was":'))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ((("ref=", "hidden="), ("href", "x")), None),
        ((("created_at", "gone"),), "when it was made is not known"),
        ((("description", "gone"),), "which booking it is of is not known"),
    ],
)
def test_an_event_that_tells_too_little(
    sandbox: Sandbox, changes: tuple[tuple[str, str], ...], says: str | None
) -> None:
    """An event that may be the booking's, and does not say so, is evidence and no proof."""
    report, trouble = settle(
        sandbox, ["after"], spoil=lambda request, response: _change(request, response, *changes)
    )
    result = only(report)
    assert isinstance(result, Created if says is None else Unknown)
    assert says is None or says in result.evidence.says
    assert len(trouble.sent_at) == 1


def test_an_event_of_another_configuration(sandbox: Sandbox) -> None:
    """The same guest at the same time in another configuration is another booking."""
    other = {"key5": "00000000-0000-0000-0000-000000000000"}
    report, trouble = settle(
        sandbox,
        ["after"],
        spoil=lambda request, response: _change(
            request, response, (f'"key5":"{sandbox.public}"', f'"key5":"{other["key5"]}"')
        ),
    )
    # Its own booking is invisible now: the slot is gone, so that it is not sent again.
    assert isinstance(only(report), Unknown)
    assert len(trouble.sent_at) == 1


def test_the_api_does_not_know_it(sandbox: Sandbox) -> None:
    """An event whose booking cannot be read is no proof of a booking."""

    def gone(request: Request, response: Response) -> Response:
        if "/bookings/" not in request.url:
            return response
        return Response(404, {}, b'{"error": {"type": "not_found_error", "message": "no"}}')

    report, _ = settle(sandbox, ["after"], spoil=gone)
    assert "does not know its booking" in only(report).evidence.says


def test_it_cannot_look(sandbox: Sandbox) -> None:
    """When the calendar cannot be read, nothing is concluded from it."""

    def closed(request: Request, response: Response) -> Response:
        return Response(403, {}, b"{}") if "/events" in request.url else response

    report, trouble = settle(sandbox, ["before"], spoil=closed)
    assert "could not be looked for" in only(report).evidence.says
    assert len(trouble.sent_at) == 1


@pytest.mark.parametrize("named", [False, True])
def test_an_auth_that_names_no_configuration(sandbox: Sandbox, named: bool) -> None:
    """Where the configuration books must be known before absence is believed."""
    page = PublicPage("introduction", sandbox.client_id)
    known = {"configuration_id": sandbox.public} if named else {}
    report, trouble = settle(sandbox, ["before", "after"], many(1), auth=page, **known)
    assert isinstance(only(report), Created if named else Unknown)
    assert len(trouble.sent_at) == (2 if named else 1)
    found, _ = settle(sandbox, ["after"], [wanted(3)], auth=page, **known)
    assert isinstance(only(found), Created)


def test_done_is_never_sent_again(sandbox: Sandbox) -> None:
    """A call that took effect and whose answer cannot be read is looked for, not repeated."""

    async def play(loop: virtual.VirtualLoop) -> BatchReport:
        async def send(request: Request) -> Response:
            if request.method == "POST":
                return Response(200, {}, b"<html>")
            return await sandbox.send(request)

        nylas = virtual.on(loop, client(sandbox, send=send))
        settler = CalendarSettler(ApiKey(sandbox.api_key), sandbox.grant_id)
        return await nylas.bookings.create_many(many(1), settle=settler)

    unknown = only(virtual.run(play))
    assert isinstance(unknown, Unknown)
    assert unknown.attempts == 1


def test_done_after_a_resend_is_not_sent_again(sandbox: Sandbox) -> None:
    """Nor is it repeated when the call that took effect was the second one."""

    async def play(loop: virtual.VirtualLoop) -> BatchReport:
        async def send(request: Request) -> Response:
            if request.method != "POST":
                return await sandbox.send(request)
            sent.append(loop.time())
            if len(sent) == 1:
                raise errors.NoAnswer("lost")
            return Response(200, {}, b"<html>")

        nylas = virtual.on(loop, client(sandbox, send=send))
        settler = CalendarSettler(ApiKey(sandbox.api_key), sandbox.grant_id)
        return await nylas.bookings.create_many(many(1), settle=settler)

    sent: list[float] = []
    unknown = only(virtual.run(play))
    assert isinstance(unknown, Unknown)
    assert unknown.error.outcome is errors.Outcome.DONE
    assert unknown.attempts == len(sent) == 2


def test_a_slot_that_is_gone_to_the_row_itself(sandbox: Sandbox) -> None:
    """A row that is refused when sent again, because its first call has booked, is created."""
    asked = wanted(0)

    def late(request: Request, response: Response) -> Response:
        """Show the first booking after the second call, as a calendar that lags behind does."""
        if [one.operation for one in sandbox.requests()].count("bookings.create") > 1:
            return response
        if "/availability" in request.url:
            start, end = (int(t.timestamp()) for t in (asked.start_time, asked.end_time))
            slots = [{"start_time": start, "end_time": end, "emails": []}]
            return evolve(response, body=orjson.dumps({"data": {"time_slots": slots}}))
        return evolve(response, body=b'{"data": []}') if "/events" in request.url else response

    report, trouble = settle(sandbox, ["after"], [asked], spoil=late)
    created = only(report)
    assert isinstance(created, Created)
    assert created.booking.booking_id == sandbox.bookings()[0]["id"]
    assert len(trouble.sent_at) == created.attempts == 2


def test_a_refusal_is_not_settled(sandbox: Sandbox) -> None:
    """What the API refused is failed, without a look at the calendar."""
    settle(sandbox, [])
    before = len(sandbox.requests())
    report, _ = settle(sandbox, [])
    assert isinstance(only(report), Failed)
    assert len(sandbox.requests()) == before + 1


def test_the_key_is_not_shown(sandbox: Sandbox) -> None:
    """A settler does not show its key."""
    assert sandbox.api_key not in repr(CalendarSettler(sandbox.api_key, sandbox.grant_id))
    with pytest.raises(errors.InvalidRequest):
        CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=-1.0)
