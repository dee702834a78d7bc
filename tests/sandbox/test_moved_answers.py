"""Rescheduling: what the guest tells anew besides the times, as the browser component sends it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, JANE, Raw, dump, slot, wanted
from .meetings import ADA, booked, configured, host, moved, recipients

FIELDS = {
    "company": {"label": "Company", "type": "text", "required": True},
    "size": {"label": "Size", "type": "text", "required": False, "pattern": "^[0-9]*$"},
}
FIRST = {
    "additional_fields": {"company": "Old"},
    "additional_guests": [{"name": "Joe", "email": "joe@example.com"}],
    "timezone": "Europe/Berlin",
    "email_language": "de",
}
ANEW: dict[str, Any] = {
    "guest": {"name": "June", "email": "june@example.com"},
    "additional_guests": [{"name": "Kim", "email": "kim@example.com"}],
    "additional_fields": {"company": "New", "size": ""},
    "timezone": "Asia/Tokyo",
    "email_language": "ja",
}
HOOK = {"trigger_types": ["booking.rescheduled"], "webhook_url": "http://127.0.0.1:9/"}


@pytest.fixture
async def asking(raw: Raw) -> str:
    """A configuration that asks questions."""
    return await configured(raw, host(ADA), scheduler={"additional_fields": FIELDS})


def _kept(sandbox: Sandbox) -> dict[str, Any]:
    (booking,) = sandbox.bookings()
    return {name: booking["document"][name] for name in ANEW}


async def test_it_is_taken(raw: Raw, sandbox: Sandbox, asking: str) -> None:
    """Booking, event, mails and notification tell what the guest told last."""
    sandbox.behaviour = type(sandbox.behaviour)(challenge=False)
    await raw("POST", "/v3/webhooks", HOOK, key=sandbox.api_key)
    booking_id = await booked(raw, asking, **FIRST)
    assert (await moved(raw, asking, booking_id, 2, **ANEW)).status == 200
    assert _kept(sandbox) == ANEW
    everybody = [ADA, "june@example.com", "kim@example.com"]
    assert [one["email"] for one in sandbox.events()[0]["participants"]] == everybody
    assert recipients(sandbox, "booking.created") == [ADA, JANE.email, "joe@example.com"]
    assert recipients(sandbox, "booking.rescheduled") == everybody
    assert "19:00–19:30 (Asia/Tokyo)" in sandbox.outbox()[-1]["body"]
    (row,) = sandbox._world.store.rows("SELECT document FROM deliveries")
    info = orjson.loads(row["document"])["data"]["object"]["booking_info"]
    assert [one["email"] for one in info["participants"]] == everybody
    assert (info["guest_timezone"], info["guest_language"]) == ("Asia/Tokyo", "ja")
    assert info["additional_fields"] == ANEW["additional_fields"]


async def test_what_is_not_told_stays(raw: Raw, sandbox: Sandbox, asking: str) -> None:
    """A part that is left out, or null, is as it was; an empty list of guests is none."""
    booking_id = await booked(raw, asking, **FIRST)
    before = _kept(sandbox)
    await moved(raw, asking, booking_id, 1)
    await moved(raw, asking, booking_id, 2, **dict.fromkeys(ANEW))
    assert _kept(sandbox) == before
    await moved(raw, asking, booking_id, 3, additional_guests=[])
    assert _kept(sandbox) == before | {"additional_guests": []}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"additional_fields": {"company": "A", "x": "y"}}, "Additional field 'x' not found"),
        ({"additional_fields": {}}, "Additional field 'company' is required"),
        ({"additional_fields": {"company": "A", "size": "big"}}, "does not match its pattern"),
        ({"additional_fields": {"company": 7}}, "additional_fields"),
        ({"timezone": "Mars/Base"}, "unknown timezone"),
        ({"timezone": 7}, "timezone"),
        ({"email_language": ["en"]}, "email_language"),
        ({"guest": {"name": "June"}}, "email"),
        ({"additional_guests": [{"email": "kim@example.com"}]}, "name"),
        ({"participants": ADA}, "participants"),
    ],
)
async def test_what_does_not_fit_is_refused(
    raw: Raw, sandbox: Sandbox, asking: str, told: dict[str, Any], says: str
) -> None:
    """Answers are held against the questions as when a booking is made, and nothing changes."""
    booking_id = await booked(raw, asking, **FIRST)
    before = dump(sandbox)
    answer = await moved(raw, asking, booking_id, 2, **told)
    assert answer.status == 400
    assert says in answer.message
    assert dump(sandbox) == before


async def test_in_a_group(raw: Raw, sandbox: Sandbox) -> None:
    """A guest of a group event may be another from now on, and is told of the event joined."""
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations"
    body = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}
    group = (await raw("POST", path, body, key=sandbox.api_key)).told["data"]["id"]
    events = []
    for number, title in enumerate(("Yoga", "Judo")):
        meeting = {"calendar_id": "primary", "capacity": 1, "title": title, "when": slot(number)}
        made = await raw("POST", f"{path}/{group}/group-events", meeting, key=sandbox.api_key)
        events.append(made.told["data"]["id"])
    joined = await raw("POST", BOOKINGS, wanted(0, event_id=events[0]), configuration_id=group)
    booking_id = joined.told["data"]["booking_id"]
    answer = await moved(raw, group, booking_id, 1, event_id=events[1], guest=ANEW["guest"])
    assert answer.told["data"]["title"] == "Judo"
    told = {event["title"]: event["participants"] for event in sandbox.events()}
    assert [one["email"] for one in told["Yoga"]] == [ADA]
    assert [one["email"] for one in told["Judo"]] == [ADA, "june@example.com"]
