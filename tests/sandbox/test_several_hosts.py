"""Meetings that several hosts hold: in all their calendars, and free in all their calendars."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nylas_bookings import references
from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, JANE, MONDAY, Raw, dump, slot, wanted
from .meetings import ADA, BOB, booked, calendars, configured, host, moved, offered, take


@pytest.fixture
async def both(raw: Raw, sandbox: Sandbox) -> str:
    """A configuration that books Ada into her second calendar, and Bob into his first."""
    sandbox.add_host(BOB)
    sandbox.add_calendar(ADA, "Team", calendar_id="team")
    ada = host(ADA, "primary", "team", into="team", is_organizer=True)
    return await configured(raw, host(BOB), ada)


async def _starts(raw: Raw, configuration: str) -> set[int]:
    found = await offered(raw, configuration)
    assert "order" not in found
    assert all(sorted(one["emails"]) == [BOB, ADA] for one in found["time_slots"])
    return {one["start_time"] for one in found["time_slots"]}


async def test_a_life(raw: Raw, sandbox: Sandbox, both: str) -> None:
    """From the booking to its end, there is a copy of the event in each host's calendar."""
    booking_id = await booked(raw, both)
    for number in (0, 2):
        if number:
            assert (await moved(raw, both, booking_id, number)).status == 200
        times = slot(number)["start_time"]
        assert sorted(calendars(sandbox)) == [(BOB, "primary", times), (ADA, "team", times)]
        copies = sandbox.events()
        assert len({event["id"] for event in copies}) == 2
        assert len({event["ical_uid"] for event in copies}) == 1
        for event in copies:
            assert event["organizer"]["email"] == ADA
            assert [one["email"] for one in event["participants"]] == [ADA, BOB, JANE.email]
            assert event["metadata"]["scheduler_last_start"] == str(times)
            assert event["metadata"]["scheduler_last_end"] == str(slot(number)["end_time"])
        assert times not in await _starts(raw, both)
    answer = await raw("DELETE", f"{BOOKINGS}/{booking_id}", {}, configuration_id=both)
    assert answer.status == 200
    assert calendars(sandbox) == []
    assert len(await _starts(raw, both)) == 8


async def test_a_yes_is_in_all_calendars(raw: Raw, sandbox: Sandbox) -> None:
    """While the organizer has not said yes, each calendar has a placeholder; then the event."""
    sandbox.add_host(BOB)
    event = {"title": "Talk", "booking_type": "organizer-confirmation"}
    page = {"organizer_confirmation_url": "https://example.com/:booking_ref"}
    hosts = host(BOB), host(ADA, is_organizer=True)
    made = await configured(raw, *hosts, event_booking=event, scheduler=page)
    booking_id = await booked(raw, made)
    assert [event["title"] for event in sandbox.events()] == ["[PENDING] Talk"] * 2
    assert {event["status"] for event in sandbox.events()} == {"maybe"}
    salt = references.decode(sandbox.bookings()[0]["booking_ref"]).salt
    yes = {"status": "confirmed", "salt": salt}
    answer = await raw("PUT", f"{BOOKINGS}/{booking_id}", yes, configuration_id=made)
    assert answer.status == 200
    assert [event["title"] for event in sandbox.events()] == ["Talk"] * 2
    assert {event["status"] for event in sandbox.events()} == {"confirmed"}


@pytest.mark.parametrize(
    ("who", "calendar", "counts"),
    [(ADA, "primary", True), (ADA, "team", True), (BOB, "primary", True), (BOB, "own", False)],
)
async def test_every_calendar_that_is_named_counts(
    raw: Raw, sandbox: Sandbox, both: str, who: str, calendar: str, counts: bool
) -> None:
    """Busy time of any of the hosts in any of the calendars named takes a slot, and no other."""
    sandbox.add_calendar(BOB, "Own", calendar_id="own")
    take(sandbox, who, 3, calendar)
    assert (slot(3)["start_time"] not in await _starts(raw, both)) is counts
    answer = await raw("POST", BOOKINGS, wanted(3), configuration_id=both)
    assert answer.status == (400 if counts else 200)


async def test_a_grant_that_is_gone(raw: Raw, sandbox: Sandbox, both: str) -> None:
    """Who cannot be booked any longer makes a booking fail by name, and nothing is changed."""
    store = sandbox._world.store
    with store.transaction():
        store.run("DELETE FROM grants WHERE email = ?", BOB)
    before = dump(sandbox)
    answer = await raw("POST", BOOKINGS, wanted(), configuration_id=both)
    assert (answer.status, answer.message) == (400, f"Failed to find a valid Grant for {BOB}")
    assert dump(sandbox) == before


async def test_when_scheduler_wrote_last(raw: Raw, sandbox: Sandbox) -> None:
    """The event says which times Scheduler gave it last, and when it did."""
    booking_id = await booked(raw, sandbox.public)
    sandbox.clock.advance(hours=1)
    assert (await moved(raw, sandbox.public, booking_id, 1)).status == 200
    (event,) = sandbox.events()
    assert event["metadata"] == {
        "source": "scheduler",
        "key5": sandbox.public,
        "scheduler_last_start": str(slot(1)["start_time"]),
        "scheduler_last_end": str(slot(1)["end_time"]),
        "scheduler_updated_at": str(int((MONDAY + timedelta(hours=1)).timestamp())),
    }
