"""Rescheduling where hosts take turns: what is offered can be had, and the event goes along."""

from __future__ import annotations

import pytest

from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, JANE, Raw, dump, slot
from .meetings import (
    ADA,
    BOB,
    booked,
    calendars,
    configured,
    host,
    moved,
    offered,
    recipients,
    take,
)


@pytest.fixture(params=["max-fairness", "max-availability"])
async def turns(raw: Raw, sandbox: Sandbox, request: pytest.FixtureRequest) -> str:
    """A configuration whose two hosts take turns."""
    sandbox.add_host(BOB)
    return await configured(raw, host(ADA), host(BOB), method=request.param)


async def test_the_event_goes_to_the_new_host(raw: Raw, sandbox: Sandbox, turns: str) -> None:
    """Moved to a slot of another host, a booking leaves the one's calendar for the other's."""
    booking_id = await booked(raw, turns, by=ADA)
    take(sandbox, ADA, 3)
    slots = (await offered(raw, turns, booking_id=booking_id))["time_slots"]
    assert {one["start_time"]: one["emails"] for one in slots}[slot(3)["start_time"]] == [BOB]
    answer = await moved(raw, turns, booking_id, 3, participants=[{"email": BOB}])
    assert (answer.status, answer.told["data"]["organizer"]["email"]) == (200, BOB)
    assert calendars(sandbox) == [(BOB, "primary", slot(3)["start_time"])]
    (kept,) = sandbox.bookings()
    (event,) = [event for event in sandbox.events() if event["id"] == kept["event_id"]]
    assert kept["hosts"] == kept["document"]["organizer"]["email"] == BOB
    assert kept["document"]["grant_id"] == event["grant_id"]
    assert [one["email"] for one in event["participants"]] == [BOB, JANE.email]
    assert recipients(sandbox, "booking.created") == [ADA, JANE.email]
    assert recipients(sandbox, "booking.rescheduled") == [BOB, JANE.email]
    await raw("DELETE", f"{BOOKINGS}/{booking_id}", {}, configuration_id=turns)
    assert calendars(sandbox) == []


async def test_whatever_is_offered_can_be_had(raw: Raw, sandbox: Sandbox, turns: str) -> None:
    """Each slot that is offered to a booking takes it, asked for as the browser component asks."""
    booking_id = await booked(raw, turns, 2, by=ADA)
    take(sandbox, ADA, 1)
    take(sandbox, ADA, 4)
    take(sandbox, BOB, 5)
    for number in range(8):
        found = await offered(raw, turns, booking_id=booking_id)
        here = [
            one for one in found["time_slots"] if one["start_time"] == slot(number)["start_time"]
        ]
        for one in here:
            chosen = next(email for email in found["order"] if email in one["emails"])
            answer = await moved(raw, turns, booking_id, number, participants=[{"email": chosen}])
            assert answer.status == 200, (number, answer.told)
            assert calendars(sandbox) == [(chosen, "primary", one["start_time"])]


async def test_without_a_name(raw: Raw, sandbox: Sandbox, turns: str) -> None:
    """Who asks for nobody keeps the host, unless only another one has time."""
    booking_id = await booked(raw, turns, by=ADA)
    take(sandbox, ADA, 4)
    for number, who in ((3, ADA), (4, BOB), (5, BOB)):
        assert (await moved(raw, turns, booking_id, number)).status == 200
        assert calendars(sandbox) == [(who, "primary", slot(number)["start_time"])]


async def test_a_host_without_time_is_not_replaced(raw: Raw, sandbox: Sandbox, turns: str) -> None:
    """Who asks for a host gets that host or a refusal, after which nothing has changed."""
    booking_id = await booked(raw, turns, by=ADA)
    take(sandbox, BOB, 3)
    before = dump(sandbox)
    for name in (BOB, "nobody@example.com"):
        answer = await moved(raw, turns, booking_id, 3, participants=[{"email": name}])
        assert "timeslot is unavailable" in answer.message
    assert dump(sandbox) == before


@pytest.mark.parametrize("method", ["collective", "max-fairness"])
async def test_who_is_no_host_any_longer(raw: Raw, sandbox: Sandbox, method: str) -> None:
    """A booking of a host who has left can be moved to those who are still there."""
    sandbox.add_host(BOB)
    made = await configured(raw, host(ADA), host(BOB), method=method)
    booking_id = await booked(raw, made, by=BOB)
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{made}"
    left = {"participants": [host(ADA)]}
    assert (await raw("PUT", path, left, key=sandbox.api_key)).status == 200
    assert (await moved(raw, made, booking_id, 1)).status == 200
    assert calendars(sandbox) == [(ADA, "primary", slot(1)["start_time"])]


async def test_all_of_them_keep_to_those_who_were_named(raw: Raw, sandbox: Sandbox) -> None:
    """Where hosts take no turns, a booking keeps the hosts it has, until others are named."""
    sandbox.add_host(BOB)
    both = await configured(raw, host(ADA, is_organizer=True), host(BOB))
    booking_id = await booked(raw, both, by=BOB)
    take(sandbox, ADA, 1)
    assert (await moved(raw, both, booking_id, 1)).status == 200
    assert calendars(sandbox) == [(BOB, "primary", slot(1)["start_time"])]
    take(sandbox, BOB, 2)
    assert (await moved(raw, both, booking_id, 2)).status == 400
    everybody = [{"email": ADA}, {"email": BOB}]
    assert (await moved(raw, both, booking_id, 3, participants=everybody)).status == 200
    assert {owner for owner, _, _ in calendars(sandbox)} == {ADA, BOB}
