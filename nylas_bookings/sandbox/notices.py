"""Who is told of a booking: webhooks, mails and reminders, written in the booking's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import events
from .configurations import Stored
from .store import dumps, loads
from .world import World

if TYPE_CHECKING:
    from .bookings import Booking

_SUBJECTS = {
    "booking.created": "Confirmed: {title}",
    "booking.pending": "Waiting for confirmation: {title}",
    "booking.rescheduled": "Rescheduled: {title}",
    "booking.cancelled": "Cancelled: {title}",
    "booking.reminder": "Reminder: {title}",
}


def notify(
    world: World, stored: Stored, booking: Booking, trigger: str | None, **more: Any
) -> None:
    """Queue a notification for every subscription that wants it."""
    if trigger is None:
        return
    rows = world.store.rows("SELECT id, document FROM webhooks")
    wanting = [row["id"] for row in rows if _wants(loads(row["document"]), trigger)]
    if not wanting:
        return
    text = dumps(_notification(world, stored, booking, trigger, more))
    notification_id = world.identifiers.uuid("notification")
    for webhook_id in wanting:
        world.store.run(
            "INSERT INTO deliveries (webhook_id, notification_id, attempt, due, state, document) "
            "VALUES (?, ?, 0, ?, 'waiting', ?)",
            webhook_id,
            notification_id,
            world.clock.exact(),
            text,
        )


def _wants(subscription: dict[str, Any], trigger: str) -> bool:
    active = subscription["status"] in ("active", "failing")
    return active and trigger in subscription["trigger_types"]


def mail(world: World, stored: Stored, booking: Booking, kind: str, text: str = "") -> None:
    """Put into the outbox what Nylas would send to guests and hosts."""
    event_booking = stored.document.get("event_booking") or stored.document.get("group_booking")
    if (event_booking or {}).get("disable_emails"):
        return
    subject = _SUBJECTS[kind].format(title=booking.document["title"])
    for person in events.people(booking.document):
        body = text + _links(world, stored, booking, kind, person)
        world.store.run(
            "INSERT INTO outbox (at, recipient, kind, booking_id, subject, body) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            world.clock.now(),
            person["email"],
            kind,
            booking.id,
            subject,
            body,
        )


def _links(
    world: World, stored: Stored, booking: Booking, kind: str, person: dict[str, Any]
) -> str:
    if kind == "booking.cancelled":
        return ""
    if kind == "booking.pending" and person in booking.document["hosts"]:
        return "\nConfirm or decline: " + events.link(
            world, stored, booking, "organizer_confirmation_url"
        )
    reschedule = events.link(world, stored, booking, "rescheduling_url")
    cancel = events.link(world, stored, booking, "cancellation_url")
    return f"\nReschedule: {reschedule}\nCancel: {cancel}"


def plan_reminders(world: World, stored: Stored, booking: Booking) -> None:
    """Plan the reminders of a booking, in place of those that were planned before."""
    world.store.run("DELETE FROM reminders WHERE booking_id = ? AND NOT sent", booking.id)
    event_booking = stored.document.get("event_booking") or stored.document.get("group_booking")
    if booking.status != "booked":
        return
    for reminder in (event_booking or {}).get("reminders") or ():
        world.store.run(
            "INSERT INTO reminders (booking_id, at, sent, document) VALUES (?, ?, 0, ?)",
            booking.id,
            booking.start - int(reminder["minutes_before_event"]) * 60,
            dumps(reminder),
        )


def _notification(
    world: World, stored: Stored, booking: Booking, trigger: str, more: dict[str, Any]
) -> dict[str, Any]:
    """The notification, but for what each delivery adds."""
    said: dict[str, Any] = {
        "booking_id": booking.id,
        "configuration_id": stored.id,
        "booking_info": _info(world, stored, booking, trigger) | more,
    }
    if trigger != "booking.cancelled":
        said["booking_ref"] = booking.reference
    if trigger in ("booking.created", "booking.rescheduled"):
        said["object"] = "booking"
    if trigger == "booking.pending":
        said["booking_type"] = "organizer-confirmation"
    return {
        "specversion": "1.0",
        "type": trigger,
        "source": "/nylas/passthru",
        "time": world.clock.now(),
        "data": {
            "application_id": world.client_id,
            "grant_id": booking.document["grant_id"],
            "object": said,
        },
    }


def _info(world: World, stored: Stored, booking: Booking, trigger: str) -> dict[str, Any]:
    booked = booking.document
    scheduler = stored.scheduler
    info = {
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
    if trigger in ("booking.created", "booking.pending"):
        info |= {
            "event_description": events.description(world, stored, booking),
            "event_html_link": f"{world.url}/_sandbox/events/{booking.event_id}",
            "ical_uid": f"{booking.event_id}@sandbox",
            "host_confirmation_url": events.link(
                world, stored, booking, "organizer_confirmation_url"
            ),
        }
    return info
