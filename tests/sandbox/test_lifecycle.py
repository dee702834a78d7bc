"""Bookings, from the slot to the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, errors, references
from nylas_bookings.sandbox import Sandbox, calendar

from .calls import BOOKINGS, JANE, MONDAY, Raw, dump, slot, wanted


async def _starts(client: AsyncClient, **more: Any) -> list[int]:
    day = MONDAY + dt.timedelta(days=1)
    found = await client.availability.get(start_time=MONDAY, end_time=day, **more)
    return [int(one.start_time.timestamp()) for one in found.time_slots]


async def test_a_booked_slot_is_no_longer_offered(visitor: AsyncClient) -> None:
    """What is booked leaves the availability, and nothing else does."""
    before = await _starts(visitor)
    booked = await visitor.bookings.create(**slot(2), guest=JANE)
    assert booked.status == "booked"
    assert set(before) - set(await _starts(visitor)) == {slot(2)["start_time"]}


async def test_a_booking_frees_its_own_slot(visitor: AsyncClient) -> None:
    """For whoever moves a booking, its own slot is on offer."""
    booked = await visitor.bookings.create(**slot(2), guest=JANE)
    assert slot(2)["start_time"] in await _starts(visitor, booking_id=booked.booking_id)


async def test_the_event_is_in_the_calendar(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """A booking is an event with the documented metadata and the links for the guest."""
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    (event,) = sandbox.events()
    assert event["id"] == booked.event_id
    assert event["metadata"]["source"] == "scheduler"
    assert event["metadata"]["key5"] == sandbox.public
    assert event["metadata"]["scheduler_last_start"] == str(slot()["start_time"])
    assert "Reschedule" in event["description"]
    assert "Cancel" in event["description"]
    assert [mail["recipient"] for mail in sandbox.outbox()] == [sandbox.organizer_email, JANE.email]


async def test_a_booking_moves(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """Rescheduled, a booking has one event at the new time, and the old time is free."""
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    receipt = await visitor.bookings.reschedule(booked.booking_id, **slot(3))
    assert receipt.booking_id == booked.booking_id
    assert [event["when"]["start_time"] for event in sandbox.events()] == [slot(3)["start_time"]]
    assert slot()["start_time"] in await _starts(visitor)


async def test_a_booking_may_get_a_new_id(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """With that switch the old id is gone, and the receipt tells the new one."""
    sandbox.behaviour = evolve(sandbox.behaviour, reschedule_changes_id=True)
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    receipt = await visitor.bookings.reschedule(booked.booking_id, **slot(3))
    assert receipt.booking_id != booked.booking_id
    with pytest.raises(errors.NotFound):
        await visitor.bookings.get(booked.booking_id)
    assert (await visitor.bookings.get(receipt.booking_id)).status == "booked"


async def test_a_cancelled_booking_is_over(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """Cancelled, it can be read, but not moved or cancelled again, and its time is free."""
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    await visitor.bookings.cancel(booked.booking_id, reason="ill")
    assert (await visitor.bookings.get(booked.booking_id)).status == "cancelled"
    assert sandbox.events() == []
    assert slot()["start_time"] in await _starts(visitor)
    with pytest.raises(errors.NotFound):
        await visitor.bookings.reschedule(booked.booking_id, **slot(1))
    with pytest.raises(errors.NotFound):
        await visitor.bookings.cancel(booked.booking_id)


async def test_cancelled_bookings_may_be_gone(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """With that switch a cancelled booking cannot be read."""
    sandbox.behaviour = evolve(sandbox.behaviour, cancelled_bookings="not found")
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    await visitor.bookings.cancel(booked.booking_id)
    with pytest.raises(errors.NotFound):
        await visitor.bookings.get(booked.booking_id)


async def test_the_organizer_confirms(guest_of_confirming: AsyncClient, sandbox: Sandbox) -> None:
    """A pending booking has a placeholder until the organizer, with the salt, says yes."""
    booked = await guest_of_confirming.bookings.create(**slot(), guest=JANE)
    assert (booked.status, booked.title) == ("pending", "[PENDING] By appointment")
    assert any("Confirm or decline" in mail["body"] for mail in sandbox.outbox())
    salt = references.decode(booked.booking_ref or "").salt
    confirmed = await guest_of_confirming.bookings.confirm(booked.booking_id, salt=salt)
    assert (confirmed.status, confirmed.title) == ("booked", "By appointment")
    assert [event["title"] for event in sandbox.events()] == ["By appointment"]
    with pytest.raises(errors.BadRequest, match="not pending"):
        await guest_of_confirming.bookings.confirm(booked.booking_id, salt=salt)


@pytest.mark.parametrize("strict", [False, True])
async def test_the_organizer_declines(
    guest_of_confirming: AsyncClient, sandbox: Sandbox, strict: bool
) -> None:
    """A declined booking is cancelled, and its placeholder is gone."""
    booked = await guest_of_confirming.bookings.create(**slot(), guest=JANE)
    sandbox.behaviour = evolve(sandbox.behaviour, strict=strict)
    salt = references.decode(booked.booking_ref or "").salt
    receipt = await guest_of_confirming.bookings.decline(booked.booking_id, salt=salt, reason="no")
    assert (receipt.booking is None) is strict
    assert sandbox.events() == []
    assert sandbox.bookings()[0]["status"] == "cancelled"


async def test_strictly_as_the_contract_says(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """With that switch a booking has the documented keys alone, and moving it tells nothing."""
    sandbox.behaviour = evolve(sandbox.behaviour, strict=True)
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    assert (booked.booking_ref, booked.location, booked.organizer.is_organizer) == (
        None,
        None,
        None,
    )
    assert (await visitor.bookings.reschedule(booked.booking_id, **slot(1))).booking is None


async def test_texts_are_times_too(raw: Raw) -> None:
    """The times may come as texts of digits, and what is null counts as not given."""
    times = {name: str(value) for name, value in slot().items()}
    answer = await raw.book(**times, participants=None, timezone=None)
    assert answer.status == 200


async def test_cancelling_can_be_too_late(raw: Raw, sandbox: Sandbox) -> None:
    """Within the minimum notice a booking can no longer be cancelled."""
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    notice = {"scheduler": {"min_cancellation_notice": 60}}
    assert (await raw("PUT", path, notice, key=sandbox.api_key)).status == 200
    booked = (await raw.book()).told["data"]["booking_id"]
    path = f"{BOOKINGS}/{booked}"
    sandbox.clock.freeze(MONDAY + dt.timedelta(hours=8, minutes=1))
    answer = await raw("DELETE", path, {}, configuration_id=sandbox.public)
    assert (answer.status, answer.message) == (400, "The booking is too close to be cancelled")
    sandbox.clock.freeze(MONDAY + dt.timedelta(hours=8))
    assert (await raw("DELETE", path, {}, configuration_id=sandbox.public)).status == 200


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "taken": (wanted(0), 400, "timeslot is unavailable"),
    "off the grid": (wanted(0) | {"start_time": slot()["start_time"] + 60}, 400, "unavailable"),
    "past": (wanted(-400), 400, "unavailable"),
    "no guest": ({**slot(1)}, 400, "guest"),
    "no times": ({"guest": {"name": "J", "email": "j@example.com"}}, 400, "start_time"),
    "guest without name": (wanted(1, guest={"email": "j@example.com"}), 400, "name"),
    "guest is a text": (wanted(1, guest="Jane"), 400, "guest"),
    "unknown host": (wanted(1, participants=[{"email": "x@example.com"}]), 400, ""),
    "unknown zone": (wanted(1, timezone="Mars/Base"), 400, "unknown timezone"),
    "zone is a folder": (wanted(1, timezone="America"), 400, "unknown timezone"),
    "undeclared field": (
        wanted(1, additional_fields={"x": "y"}),
        400,
        "Additional field 'x' not found in configuration",
    ),
    "backwards": (wanted(1, end_time=slot(0)["start_time"]), 400, "end_time"),
    "far away": (wanted(1, start_time=10**18, end_time=10**18 + 1), 400, "start_time"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_refused_booking_changes_nothing(raw: Raw, sandbox: Sandbox, case: str) -> None:
    """What is refused leaves the database as it was."""
    body, status, says = REFUSED[case]
    await raw.book()
    before = dump(sandbox)
    answer = await raw("POST", BOOKINGS, body, configuration_id=sandbox.public)
    assert answer.status == status
    assert says in answer.message
    assert dump(sandbox) == before


DECISIONS: dict[str, tuple[Any, int]] = {
    "wrong salt": ({"salt": "AAAA", "status": "confirmed"}, 401),
    "no salt": ({"status": "confirmed"}, 400),
    "other word": ({"salt": "AAAA", "status": "confirm"}, 400),
    "a list": ([], 400),
}


@pytest.mark.parametrize("case", DECISIONS)
async def test_a_refused_decision_changes_nothing(raw: Raw, sandbox: Sandbox, case: str) -> None:
    """Without the salt, or with other words, nobody confirms anything."""
    body, status = DECISIONS[case]
    named = {"configuration_id": sandbox.confirming}
    made = await raw("POST", BOOKINGS, wanted(), **named)
    before = dump(sandbox)
    answer = await raw("PUT", f"{BOOKINGS}/{made.told['data']['booking_id']}", body, **named)
    assert answer.status == status
    assert dump(sandbox) == before


async def test_hosts_take_turns(raw: Raw, sandbox: Sandbox) -> None:
    """In a round-robin configuration one host has the event, whoever had none lately."""
    with sandbox._world.store.transaction():
        calendar.add_grant(sandbox._world, "bob@example.com", "Bob")
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations"
    made = (await raw("GET", f"{path}/{sandbox.public}", key=sandbox.api_key)).told["data"]
    ada = {**made["participants"][0], "is_organizer": False}
    body = {
        **made,
        "slug": None,
        "participants": [ada, {**ada, "email": "bob@example.com", "name": "Bob"}],
        "availability": {
            "duration_minutes": 30,
            "availability_rules": {"availability_method": "max-fairness"},
        },
    }
    turn = (await raw("POST", path, body, key=sandbox.api_key)).told["data"]["id"]
    named = {"configuration_id": turn}
    organizers = [
        (await raw("POST", BOOKINGS, wanted(n), **named)).told["data"]["organizer"]["email"]
        for n in range(2)
    ]
    assert sorted(organizers) == ["bob@example.com", sandbox.organizer_email]
    query = {"start_time": slot()["start_time"], "end_time": slot(8)["start_time"], **named}
    told = (await raw("GET", "/v3/scheduling/availability", **query)).told["data"]
    assert told["order"][0] == organizers[0]


async def test_mails_and_reminders_follow_the_configuration(raw: Raw, sandbox: Sandbox) -> None:
    """Mails can be switched off, links have the configuration's pages, reminders are planned."""
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    changes = {
        "event_booking": {
            "title": "Talk",
            "description": "a < b",
            "disable_emails": True,
            "reminders": [{"type": "email", "minutes_before_event": 30}],
        },
        "scheduler": {
            "cancellation_url": "https://example.com/c/:booking_ref",
            "hide_rescheduling_options": True,
        },
    }
    assert (await raw("PUT", path, changes, key=sandbox.api_key)).status == 200
    reference = (await raw.book()).told["data"]["booking_ref"]
    (event,) = sandbox.events()
    assert event["description"].startswith("a &lt; b<br>")
    assert f"https://example.com/c/{reference}" in event["description"]
    assert "Reschedule" not in event["description"]
    assert sandbox.outbox() == []
    (reminder,) = sandbox._world.store.rows("SELECT at FROM reminders")
    assert reminder["at"] == slot()["start_time"] - 1800


async def test_a_refused_move_changes_nothing(raw: Raw, sandbox: Sandbox) -> None:
    """A booking whose new time is taken stays where it is."""
    first, _ = [(await raw.book(n)).told["data"]["booking_id"] for n in range(2)]
    before = dump(sandbox)
    named = {"configuration_id": sandbox.public}
    answer = await raw("PATCH", f"{BOOKINGS}/{first}", slot(1), **named)
    assert "timeslot is unavailable" in answer.message
    assert dump(sandbox) == before
