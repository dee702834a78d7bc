"""When somebody is to be reminded of a booking."""

from __future__ import annotations

from ..booked import Booking
from ..configurations import Stored
from ..store import dumps
from ..world import World


def forget(world: World, booking_id: str) -> None:
    """What was planned before holds no longer."""
    world.store.run("DELETE FROM reminders WHERE booking_id = ? AND NOT sent", booking_id)


def plan(world: World, stored: Stored, booking: Booking) -> None:
    """Plan the reminders of a booking; one whose time has passed already is none."""
    if booking.status != "booked":
        return
    for reminder in stored.event.get("reminders") or ():
        at = booking.start - int(reminder["minutes_before_event"]) * 60
        if at <= world.clock.now():
            continue
        world.store.run(
            "INSERT INTO reminders (booking_id, at, sent, document) VALUES (?, ?, 0, ?)",
            booking.id,
            at,
            dumps(reminder),
        )
        world.store.afterwards(world.wake)
