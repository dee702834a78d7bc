"""Hosts: people with calendars, and the appointments that they have anyway."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote

from ..models._times import Moment, stretch
from . import calendar
from .rules.wall_clock import zone
from .world import World

_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+")
_LONGEST: Final = 320


def all_of_them(world: World) -> list[dict[str, Any]]:
    """The hosts with their calendars, in the order in which they came."""
    rows = world.store.rows("SELECT * FROM grants ORDER BY rowid")
    return [
        {
            **dict(row),
            "calendars": [
                {**one, "feed": f"{world.url}/_sandbox/calendars/{row['id']}/{_file(one['id'])}"}
                for one in calendar.calendars(world, row["id"])
            ],
        }
        for row in rows
    ]


def add(world: World, email: str, name: str | None, timezone: str) -> str:
    """A new host with a primary calendar; says its grant's id."""
    if not _ADDRESS.fullmatch(email) or len(email) > _LONGEST:
        raise ValueError(f"email is no address: {email!r}")
    zone_name = zone(timezone, "timezone").key
    with world.store.transaction():
        if calendar.grant(world, email) is not None:
            raise ValueError(f"there is a host with the address {email!r} already")
        return calendar.add_grant(world, email, name or email, zone_name)


def add_calendar(world: World, host: str, name: str, timezone: str, calendar_id: str | None) -> str:
    """One more calendar of a host; says its id."""
    zone_name = zone(timezone, "timezone").key
    with world.store.transaction():
        grant = find(world, host)
        calendar_id = calendar_id or world.identifiers.token("calendar", 26)
        if _has_calendar(world, grant["id"], calendar.own_id(grant["email"], calendar_id)):
            raise ValueError(f"{grant['email']} has a calendar with the id {calendar_id!r} already")
        calendar.add_calendar(world, grant["id"], calendar_id, name, zone_name, is_primary=False)
    return calendar_id


def add_event(
    world: World, host: str, start: Moment, end: Moment, title: str, calendar_id: str, *, busy: bool
) -> str:
    """Something in a host's calendar that no booking made; says its id."""
    when = stretch(start, end)
    with world.store.transaction():
        grant = find(world, host)
        calendar_id = calendar.own_id(grant["email"], calendar_id)
        if not _has_calendar(world, grant["id"], calendar_id):
            raise ValueError(f"{grant['email']} has no calendar with the id {calendar_id!r}")
        event_id = world.identifiers.event()
        event = _event(world, grant, event_id, calendar_id, title, when, busy=busy)
        calendar.put_event(world, grant["id"], calendar_id, event)
    return event_id


def remove_event(world: World, event_id: str) -> None:
    """Take out what `add_event` put in; the event of a booking goes when that is cancelled."""
    with world.store.transaction():
        event = calendar.kept_event(world, event_id)
        if event is None:
            raise ValueError(f"no event has the id {event_id!r}")
        origin = calendar.event_of(event["ical_uid"])
        booked = "SELECT 1 FROM bookings WHERE event_id = ? UNION ALL SELECT 1 FROM group_events"
        if world.store.row(f"{booked} WHERE id = ?", origin, origin) is not None:
            raise ValueError("the event belongs to a booking or to a group configuration")
        calendar.remove_event(world, event_id)


def find(world: World, host: str) -> Any:
    """The grant of a host, which is named by its address or by the grant's id."""
    row = world.store.row("SELECT * FROM grants WHERE id = ? OR email = ?", host, host)
    if row is None:
        raise ValueError(f"no host has the address or the grant id {host!r}")
    return row


def _file(calendar_id: str) -> str:
    return quote(calendar_id, safe="") + ".ics"


def _has_calendar(world: World, grant_id: str, calendar_id: str) -> bool:
    known = "SELECT 1 FROM calendars WHERE grant_id = ? AND id = ?"
    return world.store.row(known, grant_id, calendar_id) is not None


def _event(
    world: World,
    grant: Any,
    event_id: str,
    calendar_id: str,
    title: str,
    when: dict[str, int],
    *,
    busy: bool,
) -> dict[str, Any]:
    now = world.clock.now()
    return {
        "id": event_id,
        "object": "event",
        "grant_id": grant["id"],
        "calendar_id": calendar_id,
        "ical_uid": calendar.ical_uid(event_id),
        "html_link": f"{world.url}/_sandbox/events/{event_id}",
        "title": title,
        "busy": busy,
        "status": "confirmed",
        "organizer": {"email": grant["email"], "name": grant["name"]},
        "participants": [{"email": grant["email"], "name": grant["name"], "status": "yes"}],
        "when": {"object": "timespan", **when},
        "read_only": False,
        "created_at": now,
        "updated_at": now,
    }
