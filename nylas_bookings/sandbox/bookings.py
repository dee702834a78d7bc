"""Bookings: the documented flow from a slot to an event, and what can happen to them later.

Every function here runs inside one transaction, so that a booking happens whole or not at all.
"""

from __future__ import annotations

import hmac
from typing import Any

from attrs import evolve

from ..models.bookings import Cancellation, Decision, NewBooking
from . import availability, booked_documents, calendar, events, group_events, notices
from .booked import Booking, insert
from .configurations import Stored
from .refusals import bad_request, not_found, unauthorized, unavailable
from .rescheduling import Rescheduling
from .rules import GroupSlot
from .store import dumps
from .world import World


def create(world: World, stored: Stored, wanted: NewBooking, zone: str | None = None) -> Booking:
    """Book a slot, if it is still on offer."""
    start, end = _times(wanted)
    answers = booked_documents.answers(stored, wanted.additional_fields)
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


def _times(wanted: NewBooking | Rescheduling) -> tuple[int, int]:
    return int(wanted.start_time.timestamp()), int(wanted.end_time.timestamp())


def _join(world: World, stored: Stored, wanted: NewBooking, answers: dict[str, str]) -> Booking:
    """Take a place in a group event; each booking takes one, whoever else is invited."""
    start, end = _times(wanted)
    if not wanted.event_id:
        raise bad_request("event_id is required for a group configuration")
    slot = group_events.place_in(world, stored, wanted.event_id, start, end)
    meeting = booked_documents.of_group(world, stored, slot)
    booking = Booking(
        id=world.identifiers.uuid("booking"),
        configuration_id=stored.id,
        event_id=slot.event_id,
        status="booked",
        start=start,
        end=end,
        salt=world.identifiers.salt(),
        hosts=slot.emails or (meeting["organizer"]["email"],),
        created=world.clock.now(),
        document={**meeting, **booked_documents.guests(wanted, answers)},
    )
    insert(world, booking)
    _write_event(world, stored, booking)
    _tell(world, stored, booking, "booking.created", "created")
    return booking


def reschedule(world: World, stored: Stored, booking: Booking, wanted: Rescheduling) -> Booking:
    """Move a booking to another slot, if that is on offer; its own time counts as free."""
    _require_active(booking)
    told = booked_documents.told_anew(stored, wanted)
    place = _in_group if stored.is_group else _with_hosts
    moved = place(world, stored, booking, wanted)
    moved = _replace(world, stored, booking, evolve(moved, document=moved.document | told))
    if moved.event_id != booking.event_id:
        _write_event(world, stored, booking)
    _write_event(world, stored, moved)
    return moved


def _with_hosts(world: World, stored: Stored, booking: Booking, wanted: Rescheduling) -> Booking:
    """The booking at its new time: with the hosts who are asked for, else with those of now.

    Where hosts take turns and that of now has no time, it is somebody else's turn; where those of
    now are hosts no longer, the others do without them.
    """
    start, end = _times(wanted)
    own = calendar.ical_uid(booking.event_id)
    asked = [participant.email for participant in wanted.participants or ()]
    hosts = availability.hosts_for(world, stored, start, end, asked or booking.hosts, own)
    if hosts is None and not asked:
        hosts = availability.hosts_for(world, stored, start, end, (), own)
    if hosts is None:
        raise unavailable()
    changed = {} if hosts == booking.hosts else booked_documents.of_hosts(world, stored, hosts)
    document = booking.document | changed
    return evolve(booking, start=start, end=end, hosts=hosts, document=document)


def _in_group(world: World, stored: Stored, booking: Booking, wanted: Rescheduling) -> Booking:
    """The booking in the group event that is named, or in its own at another time."""
    start, end = _times(wanted)
    event_id = wanted.event_id or booking.event_id
    slot = group_events.place_in(world, stored, event_id, start, end, booking.event_id)
    document = booking.document | booked_documents.of_group(world, stored, slot)
    return evolve(booking, event_id=event_id, start=start, end=end, document=document)


def follow(world: World, stored: Stored, booking: Booking, slot: GroupSlot) -> Booking:
    """Put a booking where its group event is now, and tell everybody if that is at another time.

    The calendar is left as it is: many bookings have the same event there.
    """
    document = booking.document | booked_documents.of_group(world, stored, slot)
    start, end = slot.start, slot.end
    moved = evolve(booking, event_id=slot.event_id, start=start, end=end, document=document)
    if (moved.start, moved.end) != (booking.start, booking.end):
        return _replace(world, stored, booking, moved)
    changed = "UPDATE bookings SET event_id = ?, document = ? WHERE id = ?"
    world.store.run(changed, moved.event_id, dumps(document), moved.id)
    return moved


def _replace(world: World, stored: Stored, booking: Booking, moved: Booking) -> Booking:
    """Keep a booking as it is now in place of what it was, and tell everybody."""
    if world.behaviour.reschedule_changes_id:
        moved = evolve(moved, id=world.identifiers.uuid("booking"))
    notices.forget_reminders(world, booking.id)
    world.store.run("DELETE FROM bookings WHERE id = ?", booking.id)
    world.store.run("UPDATE history SET booking_id = ? WHERE booking_id = ?", moved.id, booking.id)
    insert(world, moved)
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
        return call_off(world, stored, booking, decision.cancellation_reason, trigger, "declined")
    confirmed = _confirmed(world, booking)
    _write_event(world, stored, confirmed)
    _tell(world, stored, confirmed, world.behaviour.confirm_notifies, "confirmed")
    return confirmed


def _confirmed(world: World, booking: Booking) -> Booking:
    """The booking as it is from now on; its event may be another one than the placeholder."""
    confirmed = evolve(booking, status="booked")
    if world.behaviour.confirm_changes_event_id:
        calendar.remove_copies(world, calendar.ical_uid(booking.event_id))
        confirmed = evolve(confirmed, event_id=world.identifiers.event())
    changed = "UPDATE bookings SET status = 'booked', event_id = ? WHERE id = ?"
    world.store.run(changed, confirmed.event_id, booking.id)
    return confirmed


def cancel(world: World, stored: Stored, booking: Booking, cancellation: Cancellation) -> Booking:
    """Cancel a booking, unless it is too late for that."""
    _require_active(booking)
    if is_too_late_to_cancel(world, stored, booking):
        raise bad_request("The booking is too close to be cancelled")
    reason = cancellation.cancellation_reason
    return call_off(world, stored, booking, reason, "booking.cancelled", "cancelled")


def is_too_late_to_cancel(world: World, stored: Stored, booking: Booking) -> bool:
    """Whether the booking starts within the notice that its configuration wants."""
    notice = int(stored.scheduler["min_cancellation_notice"]) * 60
    return bool(notice) and booking.start - world.clock.now() < notice


def _require_active(booking: Booking) -> None:
    if booking.status == "cancelled":
        raise not_found()


def call_off(
    world: World,
    stored: Stored,
    booking: Booking,
    reason: str | None,
    trigger: str | None,
    what: str,
) -> Booking:
    """Cancel or decline a booking, too late or not, and tell everybody."""
    ended = evolve(booking, status="cancelled")
    world.store.run("UPDATE bookings SET status = 'cancelled' WHERE id = ?", booking.id)
    notices.forget_reminders(world, booking.id)
    if stored.is_group:
        group_events.show_guests(world, stored, booking.event_id)
    else:
        calendar.remove_copies(world, calendar.ical_uid(booking.event_id))
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
        if number:  # the first is where the event itself is
            place = {"grant_id": grant_id, "calendar_id": calendar_id}
            event = {**event, "id": f"{booking.event_id}-{number}", **place}
        calendar.put_event(world, grant_id, calendar_id, event)


def _tell(
    world: World, stored: Stored, booking: Booking, trigger: str | None, what: str, **more: Any
) -> None:
    """Whoever has to hear of it, and the booking's own history."""
    notices.notify(world, stored, booking, trigger, **more)
    notices.note(world, booking, what, **more)
    notices.plan_reminders(world, stored, booking)
