"""The five notifications, field by field, as the documentation has them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from nylas_bookings import ApiKey, AsyncClient, models, references
from nylas_bookings.sandbox import Sandbox

from ...notifications import OBJECTS
from ..calls import JANE, Raw, slot
from .conftest import Settle, Subscribe
from .receiver import Receiver

NEW = {"event_description", "event_html_link", "ical_uid", "host_confirmation_url"}
REMINDER: dict[str, Any] = {"type": "webhook", "minutes_before_event": 60}


@pytest.fixture
async def told(
    sandbox: Sandbox,
    admin: AsyncClient,
    visitor: AsyncClient,
    guest_of_confirming: AsyncClient,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
) -> dict[str, tuple[dict[str, Any], Any]]:
    """All that a lifecycle tells, by its trigger: as it is on the wire, and as it is read."""
    made = await subscribe()
    event = models.EventBooking(
        title="Call", timezone="Europe/Berlin", reminders=[models.Reminder(**REMINDER)]
    )
    await admin.configurations.update(sandbox.grant_id, sandbox.public, event_booking=event)
    await guest_of_confirming.bookings.create(**slot(6), guest=JANE, timezone="Asia/Tokyo")
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    await visitor.bookings.reschedule(booked.booking_id, **slot(2))
    sandbox.clock.advance(hours=9)
    await visitor.bookings.cancel(booked.booking_id, reason="ill")
    await settle()
    raw = [orjson.loads(post.body) for post in receiver.posts]
    read = receiver.read(made.webhook_secret or "")
    return {one["type"]: (one, other) for one, other in zip(raw, read, strict=True)}


@pytest.mark.parametrize("trigger", OBJECTS)
async def test_the_fields(told: dict[str, tuple[dict[str, Any], Any]], trigger: str) -> None:
    """Each trigger has the documented fields, no others, and values of the documented kinds."""
    sent, _ = told[trigger]
    said, expected = sent["data"]["object"], OBJECTS[trigger]
    assert said.keys() == expected.keys()
    assert said.get("object") == expected.get("object")
    assert said.get("booking_type") == expected.get("booking_type")
    assert said["booking_info"].keys() == expected["booking_info"].keys()
    for name, value in expected["booking_info"].items():
        is_kind = type(said["booking_info"][name]) is type(value)
        assert is_kind or (name == "additional_fields" and said["booking_info"][name] is None)


async def test_the_envelope(told: dict[str, tuple[dict[str, Any], Any]], sandbox: Sandbox) -> None:
    """The envelope says who, what and when, with an id of its own for each notification."""
    assert len({sent["id"] for sent, _ in told.values()}) == len(OBJECTS)
    for trigger, (sent, _) in told.items():
        about = sent["data"].pop("object")
        assert about["configuration_id"] in (sandbox.public, sandbox.confirming)
        assert sent.pop("id")
        assert sent.pop("time") <= sandbox.clock.now()
        assert sent == {
            "specversion": "1.0",
            "type": trigger,
            "source": "/nylas/passthru",
            "webhook_delivery_attempt": 1,
            "data": {"application_id": sandbox.client_id, "grant_id": sandbox.grant_id},
        }


async def test_the_values(told: dict[str, tuple[dict[str, Any], Any]], sandbox: Sandbox) -> None:
    """The values are those of the booking as it was then, and this package reads them."""
    read = {trigger: notification for trigger, (_, notification) in told.items()}
    for trigger, kind in (
        ("booking.created", models.BookingCreated),
        ("booking.pending", models.BookingPending),
        ("booking.rescheduled", models.BookingRescheduled),
        ("booking.cancelled", models.BookingCancelled),
        ("booking.reminder", models.BookingReminder),
    ):
        assert isinstance(read[trigger], kind)
    created, pending = read["booking.created"], read["booking.pending"]
    assert references.decode(created.booking_ref).booking_id == created.booking_id
    assert pending.booking_info.title == "[PENDING] By appointment"
    assert pending.booking_info.guest_timezone == "Asia/Tokyo"
    assert "/book/confirm?ref=" in pending.booking_info.host_confirmation_url
    assert created.booking_info.organizer_timezone == "Europe/Berlin"
    assert [one.email for one in created.booking_info.participants] == [
        sandbox.organizer_email,
        JANE.email,
    ]
    moved, reminder = read["booking.rescheduled"].booking_info, read["booking.reminder"]
    assert int(moved.old_start_time.timestamp()) == slot()["start_time"]
    assert int(moved.old_end_time.timestamp()) == slot()["end_time"]
    assert int(moved.start_time.timestamp()) == slot(2)["start_time"]
    assert moved.duration == 30
    assert reminder.booking_info.time_until_event == 3600
    assert reminder.booking_info.organizer_email == sandbox.organizer_email
    assert reminder.booking_info.provider == "google"
    assert read["booking.cancelled"].booking_info.cancellation_reason == "ill"


async def test_a_group_event(
    sandbox: Sandbox,
    raw: Raw,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
) -> None:
    """Everybody who joins is told of; the group is reminded of once, without anybody's answers."""
    made = await subscribe()
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations"
    part = {"calendar_id": "primary", "reminders": [REMINDER]}
    group = {"type": "group", "name": "Class", "group_booking": part}
    told = await raw("POST", path, group, key=sandbox.api_key)
    configuration = told.told["data"]["id"]
    meeting = {"calendar_id": "primary", "capacity": 9, "title": "Yoga", "when": slot()}
    events = f"{path}/{configuration}/group-events"
    event = (await raw("POST", events, meeting, key=sandbox.api_key)).told["data"]["id"]
    for name in ("jane", "joe"):
        guest = {"name": name, "email": f"{name}@example.com"}
        body = {**slot(), "guest": guest, "event_id": event}
        joined = await raw("POST", "/v3/scheduling/bookings", body, configuration_id=configuration)
        assert joined.status == 200
    sandbox.clock.advance(hours=8)
    await settle()
    read = receiver.read(made.webhook_secret or "")
    types = [one.type for one in read]
    assert types == ["booking.created", "booking.created", "booking.reminder"]
    assert all(one.booking_info.is_group_event for one in read)
    assert read[-1].booking_info.additional_fields is None


async def test_a_key_reads_what_was_told(
    told: dict[str, tuple[dict[str, Any], Any]], sandbox: Sandbox
) -> None:
    """The ids in a notification are those with which the booking is read."""
    _, created = told["booking.created"]
    auth = ApiKey(sandbox.api_key, created.configuration_id)
    async with AsyncClient(auth, send=sandbox.send) as client:
        assert (await client.bookings.get(created.booking_id)).booking_ref == created.booking_ref
