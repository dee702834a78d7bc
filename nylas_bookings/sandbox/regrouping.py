"""Group events that are changed or taken away, with the bookings of those who have joined them."""

from __future__ import annotations

from typing import Any

from . import bookings, group_events
from .booked import Booking, of_row
from .configurations import Stored
from .world import World


def update(world: World, stored: Stored, event_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change what is given; who has joined goes along, or hears that the meeting is no more."""
    before = group_events.read(world, stored, event_id)
    joined = _active(world, stored, event_id)
    after = group_events.change(world, stored, event_id, body)
    changed: dict[str, None] = {}
    for booking in joined:
        slot = group_events.place_after(world, booking, before, after)
        if slot is None:
            _call_off(world, stored, booking)
        else:
            followed = bookings.follow(world, stored, booking, slot)
            changed |= {booking.event_id: None, followed.event_id: None}
    for one in changed:
        group_events.show_guests(world, stored, one)
    return after


def delete(world: World, stored: Stored, event_id: str) -> None:
    """Take a group event away; who has joined hears of it."""
    joined = _active(world, stored, event_id)
    group_events.remove(world, stored, event_id)
    for booking in joined:
        _call_off(world, stored, booking)


def _active(world: World, stored: Stored, event_id: str) -> list[Booking]:
    """The bookings of a group event, or of any event of a series."""
    rows = world.store.rows(
        "SELECT * FROM bookings WHERE configuration_id = ? AND status != 'cancelled' "
        "AND substr(event_id || '_', 1, ?) = ? ORDER BY rowid",
        stored.id,
        len(event_id) + 1,
        f"{event_id}_",
    )
    return [of_row(row) for row in rows]


def _call_off(world: World, stored: Stored, booking: Booking) -> None:
    """Cancel a booking whose meeting is no more, unless that has taken place."""
    if booking.end > world.clock.now():
        bookings.call_off(world, stored, booking, None, "booking.cancelled", "cancelled")
