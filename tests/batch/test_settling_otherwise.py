"""Settling by webhooks, and settling a single call."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from nylas_bookings import (
    ApiKey,
    Client,
    MintedSession,
    PublicConfiguration,
    Response,
    SessionToken,
    errors,
)
from nylas_bookings.batch import CalendarSettler, Created, Unknown, WebhookSettler
from nylas_bookings.models import (
    BookingCreated,
    BookingInfo,
    NotifiedParticipant,
    OtherNotification,
)
from nylas_bookings.sandbox import Fault, Sandbox

from . import virtual
from .asking import ONCE, client, many, monday, wanted


def told(sandbox: Sandbox, number: int = 0, **more: Any) -> BookingCreated:
    """The notification of the latest booking, as it would come."""
    asked = wanted(number)
    info = BookingInfo(
        start_time=asked.start_time,
        end_time=asked.end_time,
        participants=(NotifiedParticipant(email="host@example.com"), NotifiedParticipant()),
    )
    info = evolve(
        info, participants=(*info.participants, NotifiedParticipant(email=asked.guest.email))
    )
    facts = {
        "id": "n-1",
        "type": "booking.created",
        "time": sandbox.clock.moment(),
        "booking_id": sandbox.bookings()[-1]["id"],
        "configuration_id": sandbox.public,
        "booking_info": info,
    }
    return BookingCreated(**(facts | more))


def by_webhook(sandbox: Sandbox, *changes: dict[str, Any] | None) -> Any:
    """The result of a lost call, when these notifications come ten seconds later."""

    async def play(loop: virtual.VirtualLoop) -> Any:
        loop.sandboxes.append(sandbox)
        sandbox.faults.add("create", Fault.drop_after())
        settler = WebhookSettler(limit=60.0)

        def receive() -> None:
            settler.receive(OtherNotification(id="x", type="grant.expired", data={}))
            for number, change in enumerate(changes):
                notification = told(sandbox, **(change or {}))
                settler.receive(evolve(notification, id=f"n-{number}"))
                settler.receive(notification)

        loop.call_later(10.0, receive)
        nylas = virtual.on(loop, client(sandbox))
        report = await nylas.bookings.create_many(many(1), settle=settler)
        (result,) = report
        return result

    return virtual.run(play)


def test_a_notification_settles(sandbox: Sandbox) -> None:
    """A notification of the booking, delivered twice, says which one it is."""
    result = by_webhook(sandbox, None)
    assert isinstance(result, Created)
    assert result.booking.booking_id == sandbox.bookings()[0]["id"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ((), "no notification"),
        (({"configuration_id": "other"},), "no notification"),
        (({"booking_info": BookingInfo()},), "no notification"),
        (({"time": monday() - timedelta(seconds=45)},), "made before the call"),
        (({"time": None},), "when it was made is not known"),
        (({}, {"booking_id": "another"}), "several"),
        (({"booking_id": "unknown"},), "does not know it"),
    ],
)
def test_what_does_not_settle(sandbox: Sandbox, changes: Any, says: str) -> None:
    """Without exactly one fitting notification, the booking stays unknown; it is not sent again."""
    result = by_webhook(sandbox, *changes)
    assert isinstance(result, Unknown)
    assert says in result.evidence.says
    assert len(sandbox.bookings()) == 1


def test_a_group_event_does_not_settle(sandbox: Sandbox) -> None:
    """A notification of a group event has all its guests, whoever's booking it is of."""
    info = evolve(told_info(), is_group_event=True)
    result = by_webhook(sandbox, {"booking_info": info})
    assert "group event" in result.evidence.says


def told_info() -> BookingInfo:
    """What a notification says of the first slot."""
    asked = wanted(0)
    guest = NotifiedParticipant(email=asked.guest.email)
    return BookingInfo(start_time=asked.start_time, end_time=asked.end_time, participants=(guest,))


def test_old_notifications_are_forgotten(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that runs for years does not keep everything."""
    monkeypatch.setattr("nylas_bookings.batch.notifications._MOST", 2)
    settler = WebhookSettler()
    for number in range(5):
        asked = told_info()
        settler.receive(
            BookingCreated(
                id=str(number), type="booking.created", booking_id=str(number), booking_info=asked
            )
        )
    assert list(settler._told) == ["3", "4"]
    assert [len(kept) for kept in settler._by_slot.values()] == [2]


@pytest.mark.parametrize("fault", [Fault.drop_after(), Fault.drop_before(), Fault.garbage()])
def test_a_single_call(sandbox: Sandbox, fault: Fault) -> None:
    """The error of a lost `create` knows what was asked for, and can be settled."""

    async def play(loop: virtual.VirtualLoop) -> Any:
        sandbox.faults.add("create", fault)
        nylas = virtual.on(loop, client(sandbox))
        asked = wanted(0)
        with pytest.raises(errors.BookingsError) as caught:
            await nylas.bookings.create(
                start_time=asked.start_time,
                end_time=asked.end_time,
                guest=asked.guest,
                additional_guests=(guest for guest in [wanted(1).guest]),
            )
        error = pickle.loads(pickle.dumps(caught.value))
        assert error.request.additional_guests == (wanted(1).guest,)
        settler = CalendarSettler(sandbox.api_key, sandbox.grant_id)
        return await nylas.bookings.settle(error, settler)

    result = virtual.run(play)
    assert isinstance(result, Created)
    (booking,) = sandbox.bookings()
    assert result.booking.booking_id == booking["id"]
    assert result.attempts == (2 if fault.kind == "drop_before" else 1)


async def test_of_another_configuration(sandbox: Sandbox) -> None:
    """A call of one configuration is not settled in another, where it would be made once more."""
    sandbox.faults.add("create", Fault.drop_after())
    asked, other = wanted(0), PublicConfiguration(sandbox.confirming)
    nylas = client(sandbox)
    with pytest.raises(errors.NoAnswer) as caught:
        await nylas.bookings.create(
            start_time=asked.start_time, end_time=asked.end_time, guest=asked.guest, auth=other
        )
    error = pickle.loads(pickle.dumps(caught.value))
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.0, pause=0.0)
    seen = len(sandbox.requests())
    says = f"asked of the configuration {sandbox.confirming}, and this call asks {sandbox.public}"
    with pytest.raises(errors.InvalidRequest, match=says):
        await nylas.bookings.settle(error, settler)
    assert len(sandbox.requests()) == seen
    key = ApiKey(sandbox.api_key, sandbox.confirming)
    for auth in (other, key):
        result = await nylas.bookings.settle(error, settler, auth=auth)
        assert isinstance(result, Created)
    assert len(sandbox.bookings()) == 1


async def test_the_error_keeps_no_credential(sandbox: Sandbox) -> None:
    """What an error knows for its settling tells no session and no key."""
    sandbox.faults.add("create", Fault.drop_after(), times=None)
    asked = wanted(0)
    auths = [SessionToken("planted-1"), ApiKey("planted-2"), MintedSession("planted-3", "c-1")]
    for auth, known in zip(auths, ["a session's", "a session's", "c-1"], strict=True):

        async def lost(request: Any) -> Any:
            if b"configuration_id" in (request.body or b""):
                return Response(200, {}, b'{"data": {"session_id": "planted-4"}}')
            raise errors.NoAnswer("lost")

        with pytest.raises(errors.NoAnswer) as caught:
            await client(sandbox, send=lost).bookings.create(
                start_time=asked.start_time, end_time=asked.end_time, guest=asked.guest, auth=auth
            )
        assert caught.value.asked_for == known
        assert b"planted" not in pickle.dumps(caught.value)


def test_nothing_to_settle(sandbox: Sandbox) -> None:
    """An error that leaves no doubt, or is of another call, cannot be settled."""
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id)
    refused = errors.NotSent("no connection")
    other = errors.NoAnswer("lost")
    asked = errors.NotSent("no connection")
    asked.request, asked.sent_at = wanted(0), 1.0
    with Client(PublicConfiguration(sandbox.public), send=sandbox.send, retry=ONCE) as nylas:
        for error in (refused, other, asked):
            with pytest.raises(errors.InvalidRequest, match="settle"):
                nylas.bookings.settle(error, settler)
