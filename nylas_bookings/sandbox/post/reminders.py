"""Reminders whose time has come: a notification or a mail each, once."""

from __future__ import annotations

import sqlite3
from typing import Any

from .. import booked, configurations
from ..booked import Booking
from ..configurations import Stored
from ..notices import mails, notify, put
from ..store import loads
from ..world import World


def fire(world: World) -> None:
    """Queue what the reminders say whose time has come, and never again."""
    if not is_due(world):
        return
    with world.store.transaction():
        rows = world.store.rows(
            "SELECT rowid, * FROM reminders WHERE NOT sent AND at <= ? ORDER BY at, rowid",
            world.clock.now(),
        )
        for row in rows:
            _remind(world, row)
            world.store.run("UPDATE reminders SET sent = 1 WHERE rowid = ?", row["rowid"])


def is_due(world: World) -> bool:
    """Whether somebody is to be reminded now."""
    found = "SELECT 1 FROM reminders WHERE NOT sent AND at <= ? LIMIT 1"
    return world.store.row(found, world.clock.now()) is not None


def next_due(world: World, after: float) -> float | None:
    """When somebody is to be reminded after that moment, by the sandbox's clock."""
    later = "SELECT min(at) FROM reminders WHERE NOT sent AND at > ?"
    found: float | None = world.store.rows(later, after)[0][0]
    return found


def _remind(world: World, row: sqlite3.Row) -> None:
    """Remind of a booking, if it still takes place.

    What is told holds at the time of the reminder: by now the clock may have been advanced past
    the meeting itself.
    """
    kept = world.store.row("SELECT * FROM bookings WHERE id = ?", row["booking_id"])
    if kept is None or kept["status"] != "booked":
        return
    stored = configurations.by_id(world, kept["configuration_id"])
    if stored is None:
        return
    booking, reminder = booked.of_row(kept), loads(row["document"])
    is_first = not stored.is_group or _is_first(world, booking, row)
    if reminder["type"] == "email":
        put(world, mails.of_reminder(world, stored, booking, reminder, hosts_too=is_first))
    elif is_first:
        extras = _extras(world, stored, booking, row["at"])
        notify(world, stored, booking, "booking.reminder", **extras)


def _is_first(world: World, booking: Booking, row: sqlite3.Row) -> bool:
    """Whether nobody else who comes to the same group event was reminded: hosts come once."""
    others = (
        "SELECT 1 FROM reminders JOIN bookings ON bookings.id = reminders.booking_id "
        "WHERE sent AND event_id = ? AND at = ? AND reminders.document = ? AND booking_id != ?"
    )
    values = booking.event_id, row["at"], row["document"], booking.id
    return world.store.row(others, *values) is None


def _extras(world: World, stored: Stored, booking: Booking, at: int) -> dict[str, Any]:
    """What only a reminder tells; one for a whole group has nobody's answers."""
    grant_id = booking.document["grant_id"]
    grant = world.store.row("SELECT provider FROM grants WHERE id = ?", grant_id)
    return {
        "time_until_event": booking.start - at,
        "organizer_email": booking.document["organizer"]["email"],
        "provider": "" if grant is None else grant["provider"],
        **({"additional_fields": None} if stored.is_group else {}),
    }
