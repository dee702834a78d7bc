"""Group events in their calendar: what other events tell too, and the guests that have joined."""

from __future__ import annotations

from typing import Any

from . import calendar
from .configurations import Stored
from .events import once_each
from .store import loads
from .world import World


def write(world: World, stored: Stored, document: dict[str, Any]) -> None:
    """Write an event into the calendar; what the calendar alone knows of it stays."""
    known = calendar.event(world, document["id"]) or _new(world, stored, document["id"])
    when, now = document["when"], world.clock.now()
    people = document["participants"] + _joined(world, stored, document["id"])
    told = {
        **known,
        **document,
        "participants": [{"status": "noreply", **person} for person in once_each(people)],
        "when": {"object": "timespan", **when},
        "metadata": {
            **known.get("metadata", {}),
            "source": "scheduler",
            "key5": stored.id,
            "scheduler_last_start": str(when["start_time"]),
            "scheduler_last_end": str(when["end_time"]),
            "scheduler_updated_at": str(now),
        },
        "updated_at": now,
    }
    calendar.put_event(world, stored.grant_id, document["calendar_id"], told)


def _new(world: World, stored: Stored, event_id: str) -> dict[str, Any]:
    """What the calendar tells of an event from its first day on."""
    return {
        "grant_id": stored.grant_id,
        "ical_uid": calendar.ical_uid(event_id),
        "html_link": f"{world.url}/_sandbox/events/{event_id}",
        "busy": True,
        "status": "confirmed",
        "organizer": calendar.owner(world, stored.grant_id),
        "read_only": False,
        "created_at": world.clock.now(),
    }


def write_one_of_series(
    world: World, stored: Stored, document: dict[str, Any], event_id: str
) -> None:
    """Write one of a series into the calendar, if anybody has joined it; the rest is the series."""
    joined = "SELECT start, \"end\" FROM bookings WHERE event_id = ? AND status != 'cancelled'"
    booked = world.store.row(joined, event_id)
    if booked is None:
        calendar.remove_event(world, event_id)
        return
    when = document["when"] | {"start_time": booked["start"], "end_time": booked["end"]}
    one = {key: value for key, value in document.items() if key != "recurrence"}
    own = {"id": event_id, "when": when, "master_event_id": document["id"]}
    write(world, stored, one | own)


def _joined(world: World, stored: Stored, event_id: str) -> list[dict[str, Any]]:
    rows = world.store.rows(
        "SELECT document FROM bookings WHERE event_id = ? AND configuration_id = ? "
        "AND status != 'cancelled' ORDER BY rowid",
        event_id,
        stored.id,
    )
    booked = [loads(row["document"]) for row in rows]
    return [
        {"email": person["email"], "name": person["name"], "status": "noreply"}
        for document in booked
        for person in (document["guest"], *document["additional_guests"])
    ]
