"""What a notification to a webhook says, and which subscriptions get it."""

from __future__ import annotations

from typing import Any

from .. import calendar, events, subscriptions
from ..booked import Booking
from ..configurations import Stored
from ..store import dumps
from ..world import World


def notify(
    world: World, stored: Stored, booking: Booking, trigger: str | None, **more: Any
) -> None:
    """Queue a notification for every subscription that wants it."""
    if trigger is None:
        return
    wanting = [
        subscription["id"]
        for subscription in subscriptions.all_of_them(world)
        if subscriptions.is_active(subscription) and trigger in subscription["trigger_types"]
    ]
    if not wanting:
        return
    said = _said(world, stored, booking, trigger, more)
    notification = _enveloped(world, trigger, booking.document["grant_id"], said)
    text = dumps(notification)
    for webhook_id in wanting:
        world.store.run(
            "INSERT INTO deliveries (webhook_id, notification_id, booking_id, document, state, due)"
            " VALUES (?, ?, ?, ?, 'waiting', ?)",
            webhook_id,
            notification["id"],
            booking.id,
            text,
            world.clock.exact(),
        )
    world.store.afterwards(world.wake)


def _enveloped(world: World, trigger: str, grant_id: str, said: dict[str, Any]) -> dict[str, Any]:
    """The notification, as it is delivered the first time."""
    return {
        "specversion": "1.0",
        "type": trigger,
        "source": "/nylas/passthru",
        "id": world.identifiers.uuid("notification"),
        "time": world.clock.now(),
        "webhook_delivery_attempt": 1,
        "data": {"application_id": world.client_id, "grant_id": grant_id, "object": said},
    }


def _said(
    world: World, stored: Stored, booking: Booking, trigger: str, more: dict[str, Any]
) -> dict[str, Any]:
    """The object of the notification; each trigger has its own fields beside the common ones."""
    said: dict[str, Any] = {"booking_id": booking.id}
    if _has_reference(world, trigger):
        said["booking_ref"] = booking.reference
    said["configuration_id"] = stored.id
    if trigger in ("booking.created", "booking.rescheduled"):
        said["object"] = "booking"
    if trigger == "booking.pending":
        said["booking_type"] = "organizer-confirmation"
    info = _info(world, stored, booking)
    if trigger == "booking.pending" and not world.behaviour.pending_prefix:
        info["title"] = booking.document["title"]
    if trigger in ("booking.created", "booking.pending"):
        info |= _of_event(world, stored, booking)
        info["host_confirmation_url"] = events.link(
            world, stored, booking, "organizer_confirmation_url"
        )
    if trigger == "booking.cancelled" and world.behaviour.cancelled_extras:
        info |= _of_event(world, stored, booking)
    return said | {"booking_info": info | more}


def _has_reference(world: World, trigger: str) -> bool:
    if trigger == "booking.reminder":
        return world.behaviour.reminder_reference
    return trigger != "booking.cancelled"


def _info(world: World, stored: Stored, booking: Booking) -> dict[str, Any]:
    """What all triggers tell of a booking."""
    booked = booking.document
    scheduler = stored.scheduler
    return {
        "event_id": booking.event_id,
        "start_time": booking.start,
        "end_time": booking.end,
        "participants": [
            {"email": person["email"], "name": person["name"]} for person in events.people(booked)
        ],
        "additional_fields": booked["additional_fields"] or None,
        "hide_cancellation_options": scheduler["hide_cancellation_options"],
        "hide_rescheduling_options": scheduler["hide_rescheduling_options"],
        "participant_rescheduling_url": events.link(world, stored, booking, "rescheduling_url"),
        "participant_cancellation_url": events.link(world, stored, booking, "cancellation_url"),
        "host_language": "en",
        "guest_language": booked["email_language"],
        "title": events.title(booking),
        "duration": (booking.end - booking.start) // 60,
        "location": booked["location"] or "",
        "organizer_timezone": booked["host_timezone"],
        "guest_timezone": booked["timezone"] or "",
        "is_group_event": stored.is_group,
        "organizer_calendar_id": booked["calendar_id"],
    }


def _of_event(world: World, stored: Stored, booking: Booking) -> dict[str, Any]:
    """What is told of the event, but not by all triggers."""
    return {
        "event_description": events.description(world, stored, booking),
        "event_html_link": f"{world.url}/_sandbox/events/{booking.event_id}",
        "ical_uid": calendar.ical_uid(booking.event_id),
    }
