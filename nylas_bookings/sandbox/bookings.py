"""Bookings: the documented flow from a slot to an event, and what can happen to them later.

Every function here runs inside one transaction, so that a booking happens whole or not at all.
"""

from __future__ import annotations

import hmac
from typing import Any

from attrs import evolve

from ..models.bookings import Cancellation, Decision, NewBooking, Reschedule
from . import availability, booked_documents, calendar, events, group_events, notices
from .additional_fields import checked_answers
from .booked import Booking, insert
from .configurations import Stored
from .refusals import bad_request, not_found, unauthorized, unavailable
from .world import World


def create(world: World, stored: Stored, wanted: NewBooking, zone: str | None = None) -> Booking:
    """Book a slot, if it is still on offer."""
    start, end = int(wanted.start_time.timestamp()), int(wanted.end_time.timestamp())
    fields = stored.model.scheduler.additional_fields if stored.model.scheduler else None
    answers = checked_answers(fields or {}, wanted.additional_fields or {})
    if stored.is_group:
        return _join(world, stored, wanted, answers)
    asked = [participant.email for participant in wanted.participants or ()]
    hosts = availability.hosts_for(world, stored, start, end, asked)
    if hosts is None:
        raise unavailable()
    event = stored.standard.event_booking
    pending = event.booking_type == "organizer-confirmation"
    booking = Booking(
        id=world.identifiers.uuid("booking"),
        configuration_id=stored.id,
        event_id=world.identifiers.event(),
        status="pending" if pending else "booked",
        start=start,
        end=end,
        salt=world.identifiers.salt(),
        hosts=hosts,
        created=world.clock.now(),
        document=booked_documents.document(world, stored, wanted, zone, hosts, answers),
    )
    insert(world, booking)
    _write_event(world, stored, booking, new=True)
    trigger = "booking.pending" if pending else "booking.created"
    _tell(world, stored, booking, trigger, "created")
    return booking


def _join(world: World, stored: Stored, wanted: NewBooking, answers: dict[str, str]) -> Booking:
    """Take a place in a group event; each booking takes one, whoever else is invited."""
    start, end = int(wanted.start_time.timestamp()), int(wanted.end_time.timestamp())
    if not wanted.event_id:
        raise bad_request("event_id is required for a group configuration")
    slot = group_events.place_in(world, stored, wanted.event_id, start, end)
    meeting = group_events.read(world, stored, slot.master_id or slot.event_id)
    organizer = world.store.row("SELECT email, name FROM grants WHERE id = ?", stored.grant_id)
    assert organizer is not None
    organized_by = {"email": organizer["email"], "name": organizer["name"]}
    when = meeting["when"]
    booking = Booking(
        id=world.identifiers.uuid("booking"),
        configuration_id=stored.id,
        event_id=slot.event_id,
        status="booked",
        start=start,
        end=end,
        salt=world.identifiers.salt(),
        hosts=slot.emails or (organizer["email"],),
        created=world.clock.now(),
        document={
            "title": meeting["title"],
            "description": meeting.get("description") or "",
            "location": meeting.get("location") or "",
            **booked_documents.guests(wanted, answers),
            "hosts": [organized_by],
            "organizer": organized_by,
            "host_timezone": when.get("start_timezone") or "UTC",
            "calendars": [],
            "grant_id": stored.grant_id,
            "calendar_id": slot.calendar_id,
        },
    )
    insert(world, booking)
    _write_event(world, stored, booking)
    _tell(world, stored, booking, "booking.created", "created")
    return booking


def reschedule(world: World, stored: Stored, booking: Booking, wanted: Reschedule) -> Booking:
    """Move a booking to another slot, if that is on offer; its own time counts as free."""
    _require_active(booking)
    start, end = int(wanted.start_time.timestamp()), int(wanted.end_time.timestamp())
    event_id = booking.event_id
    if stored.is_group:
        own, event_id = event_id, wanted.event_id or event_id
        group_events.place_in(world, stored, event_id, start, end, own)
    elif not availability.hosts_for(
        world, stored, start, end, booking.hosts, without=f"{event_id}@sandbox"
    ):
        raise unavailable()
    changes_id = world.behaviour.reschedule_changes_id
    moved = evolve(
        booking,
        id=world.identifiers.uuid("booking") if changes_id else booking.id,
        event_id=event_id,
        start=start,
        end=end,
    )
    notices.forget_reminders(world, booking.id)
    world.store.run("DELETE FROM bookings WHERE id = ?", booking.id)
    world.store.run("UPDATE history SET booking_id = ? WHERE booking_id = ?", moved.id, booking.id)
    insert(world, moved)
    if event_id != booking.event_id:
        _write_event(world, stored, booking)
    _write_event(world, stored, moved)
    old = {"old_start_time": booking.start, "old_end_time": booking.end}
    _tell(world, stored, moved, "booking.rescheduled", "rescheduled", **old)
    return moved


def decide(world: World, stored: Stored, booking: Booking, decision: Decision) -> Booking:
    """Confirm or decline a booking that waits for it."""
    if not hmac.compare_digest(decision.salt.rstrip("=").encode(), booking.salt.encode()):
        raise unauthorized("Invalid salt")
    if booking.status != "pending":
        raise bad_request(f"The booking is {booking.status}, not pending")
    if decision.status == "cancelled":
        trigger = world.behaviour.decline_notifies
        return _end(world, stored, booking, decision.cancellation_reason, trigger, "declined")
    confirmed = evolve(booking, status="booked")
    world.store.run("UPDATE bookings SET status = 'booked' WHERE id = ?", booking.id)
    _write_event(world, stored, confirmed)
    _tell(world, stored, confirmed, world.behaviour.confirm_notifies, "confirmed")
    return confirmed


def cancel(world: World, stored: Stored, booking: Booking, cancellation: Cancellation) -> Booking:
    """Cancel a booking, unless it is too late for that."""
    _require_active(booking)
    if is_too_late_to_cancel(world, stored, booking):
        raise bad_request("The booking is too close to be cancelled")
    reason = cancellation.cancellation_reason
    return _end(world, stored, booking, reason, "booking.cancelled", "cancelled")


def is_too_late_to_cancel(world: World, stored: Stored, booking: Booking) -> bool:
    """Whether the booking starts within the notice that its configuration wants."""
    notice = int(stored.scheduler["min_cancellation_notice"]) * 60
    return bool(notice) and booking.start - world.clock.now() < notice


def _require_active(booking: Booking) -> None:
    if booking.status == "cancelled":
        raise not_found()


def _end(
    world: World,
    stored: Stored,
    booking: Booking,
    reason: str | None,
    trigger: str | None,
    what: str,
) -> Booking:
    ended = evolve(booking, status="cancelled")
    world.store.run("UPDATE bookings SET status = 'cancelled' WHERE id = ?", booking.id)
    notices.forget_reminders(world, booking.id)
    if stored.is_group:
        group_events.show_guests(world, stored, booking.event_id)
    else:
        calendar.remove_copies(world, f"{booking.event_id}@sandbox")
    told = {} if reason is None else {"cancellation_reason": reason}
    _tell(world, stored, ended, trigger, what, **told)
    return ended


def _write_event(world: World, stored: Stored, booking: Booking, *, new: bool = False) -> None:
    """The event, and its copies in the calendars of the other hosts."""
    if stored.is_group:
        group_events.show_guests(world, stored, booking.event_id)
        return
    event = events.document(world, stored, booking)
    if not new:
        calendar.remove_copies(world, event["ical_uid"])
    for number, (grant_id, calendar_id) in enumerate(booking.document["calendars"]):
        copy = {"id": f"{event['id']}{'' if number == 0 else f'-{number}'}"}
        told = {"grant_id": grant_id, "calendar_id": calendar_id}
        calendar.put_event(world, grant_id, calendar_id, event | copy | told)


def _tell(
    world: World, stored: Stored, booking: Booking, trigger: str | None, what: str, **more: Any
) -> None:
    """Whoever has to hear of it, and the booking's own history."""
    notices.notify(world, stored, booking, trigger, **more)
    notices.note(world, booking, what, **more)
    notices.plan_reminders(world, stored, booking)
