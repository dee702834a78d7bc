"""Group events: meetings that several guests join, their series, and their places."""

from __future__ import annotations

from typing import Any

from ..models.group_events import GroupEventImport, NewGroupEvent
from . import calendar, group_calendar
from .booked import Booking
from .configuration_checks import refuse_unknown_zones
from .configurations import Stored
from .given import as_model, without_nulls
from .refusals import Refusal, bad_request, not_found, unavailable
from .rules import GroupEventFacts, GroupSlot, group_offer, occurrences
from .rules.series import moved
from .store import dumps, loads
from .world import World

_FIELDS = (
    "calendar_id",
    "capacity",
    "participants",
    "title",
    "when",
    "description",
    "location",
    "recurrence",
    "conferencing",
)

_WHEN = ("start_time", "end_time", "start_timezone", "end_timezone")
_LONGEST = {"title": 1024, "description": 8192, "location": 255}
_LATEST = 10**11


def slots(world: World, stored: Stored, start: int, end: int) -> list[dict[str, Any]]:
    """The events that can be joined, as the availability tells them."""
    found = group_offer(
        (_facts(world, document) for document in _all(world, stored)),
        start=start,
        end=end,
        now=world.clock.now(),
        days_ahead=stored.scheduler["available_days_in_future"],
    )
    return [_told(slot) for slot in found]


def _told(slot: GroupSlot) -> dict[str, Any]:
    series = {} if slot.master_id is None else {"master_id": slot.master_id}
    return {
        "emails": list(slot.emails),
        "start_time": slot.start,
        "end_time": slot.end,
        "event_id": slot.event_id,
        **series,
        "calendar_id": slot.calendar_id,
        "capacity": slot.left,
    }


def place_in(
    world: World, stored: Stored, event_id: str, start: int, end: int, own: str | None = None
) -> GroupSlot:
    """The event to join, if it is there at that time and has a place left.

    Whoever has a place in the event `own` already needs none of those that are left.
    """
    if start < world.clock.now():
        raise unavailable()
    for document in _all(world, stored):
        for slot in occurrences(_facts(world, document), start=start, end=start + 1):
            if slot.event_id == event_id and (slot.start, slot.end) == (start, end):
                if slot.left < 1 and event_id != own:
                    raise bad_request("Event is full")
                return slot
    raise not_found("requested object not found")


def create(world: World, stored: Stored, body: dict[str, Any]) -> dict[str, Any]:
    """Make a group event."""
    document = {"id": world.identifiers.event(), "object": "event", **_given(body)}
    return _keep(world, stored, document)


def _given(body: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = without_nulls(body)
    if isinstance(when := given.get("when"), dict):
        given["when"] = {name: value for name, value in when.items() if name in _WHEN}
    return {name: given[name] for name in _FIELDS if name in given}


def read(world: World, stored: Stored, event_id: str) -> dict[str, Any]:
    """The group event with that id."""
    row = world.store.row(
        "SELECT document FROM group_events WHERE id = ? AND configuration_id = ?",
        event_id,
        stored.id,
    )
    if row is None:
        raise not_found()
    document: dict[str, Any] = loads(row["document"])
    return document


def titles(world: World, stored: Stored) -> dict[str, str]:
    """The titles of the group events, by their ids."""
    return {document["id"]: document["title"] for document in _all(world, stored)}


def page(world: World, stored: Stored, calendar_id: str | None, start: int, end: int) -> list[Any]:
    """The group events, of one calendar or of all, from one time to another; each series once."""
    found = [d for d in _all(world, stored) if calendar_id in (None, d["calendar_id"])]
    return [d for d in found if occurrences(_facts(world, d), start=start, end=end)]


def change(world: World, stored: Stored, event_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change what is given; the rest stays, and so do the bookings."""
    before = read(world, stored, event_id)
    return _keep(world, stored, before | _given(body))


def remove(world: World, stored: Stored, event_id: str) -> None:
    """Take a group event out of the configuration and out of the calendar, not its bookings."""
    read(world, stored, event_id)
    world.store.run("DELETE FROM group_events WHERE id = ?", event_id)
    if event := calendar.event(world, event_id):
        calendar.remove_copies(world, event["ical_uid"])


def place_after(
    world: World, booking: Booking, before: dict[str, Any], after: dict[str, Any]
) -> GroupSlot | None:
    """Where somebody who had a place in a group event has it after a change, if anywhere.

    An event of a series moves as far as the series does, on the wall clock of its zone.
    """
    start = moved(booking.start, before, after)
    found = occurrences(_facts(world, after), start=start, end=start + 1)
    return found[0] if found else None


def import_one(world: World, stored: Stored, wanted: GroupEventImport) -> dict[str, Any]:
    """Make a group event out of an event of the calendar; says why, when it cannot be done."""
    event_id = wanted.event_id
    if world.store.row("SELECT 1 FROM group_events WHERE id = ?", event_id) is not None:
        return {"event_id": event_id, "reason": "Event already imported"}
    event = calendar.event(world, event_id)
    place = (stored.grant_id, wanted.calendar_id)
    if event is None or (event["grant_id"], event["calendar_id"]) != place:
        return {"event_id": event_id, "reason": "Event not found"}
    if "master_event_id" in event:
        return {"event_id": event_id, "reason": "Event is one of a series"}
    document = {
        "id": event["id"],
        "object": "event",
        **_given(event),
        **_hosts(wanted),
        "capacity": wanted.capacity or 10,
    }
    try:
        _keep(world, stored, document)
    except Refusal as refusal:
        return {"event_id": event_id, "reason": refusal.message}
    return {"event_id": event_id}


def _hosts(wanted: GroupEventImport) -> dict[str, Any]:
    """Who takes part in an imported event, if that is said; else it is those who did before."""
    if wanted.participants is None:
        return {}
    people = [
        {"email": one.email, "name": one.name, "is_organizer": one.is_organizer}
        for one in wanted.participants
    ]
    return {"participants": without_nulls(people)}


def _keep(world: World, stored: Stored, document: dict[str, Any]) -> dict[str, Any]:
    if document.get("participants", []) == []:
        document = {**document, "participants": [_organizer(world, stored)]}
    _check(world, stored, document)
    grant_id = stored.grant_id
    world.store.run(
        "INSERT OR REPLACE INTO group_events (id, configuration_id, grant_id, calendar_id, "
        "document) VALUES (?, ?, ?, ?, ?)",
        document["id"],
        stored.id,
        grant_id,
        document["calendar_id"],
        dumps(document),
    )
    group_calendar.write(world, stored, document)
    return document


def _organizer(world: World, stored: Stored) -> dict[str, Any]:
    return {**calendar.owner(world, stored.grant_id), "is_organizer": True}


def show_guests(world: World, stored: Stored, event_id: str) -> None:
    """Write an event into the calendar anew, with the guests that have joined it by now."""
    for document in _all(world, stored):
        if document["id"] == event_id:
            group_calendar.write(world, stored, document)
        elif event_id.startswith(f"{document['id']}_"):
            group_calendar.write_one_of_series(world, stored, document, event_id)


def _check(world: World, stored: Stored, document: dict[str, Any]) -> None:
    event = as_model(NewGroupEvent, document, "body")
    _check_lengths(event)
    calendar.require_calendar(world, stored.grant_id, event.calendar_id)
    start, end = document["when"]["start_time"], document["when"]["end_time"]
    if type(start) is not int or type(end) is not int or not 0 <= start < end < _LATEST:
        raise bad_request("when needs start_time and end_time, in epoch seconds")
    zones = (event.when.start_timezone, event.when.end_timezone)
    if "" in zones:
        raise bad_request("when has an empty timezone")
    refuse_unknown_zones(zones)
    try:
        occurrences(_facts(world, document), start=start, end=end)
    except ValueError as problem:
        raise bad_request(str(problem)) from None


def _check_lengths(event: NewGroupEvent) -> None:
    if not event.title:
        raise bad_request("title is required")
    for name, longest in _LONGEST.items():
        if len(getattr(event, name) or "") > longest:
            raise bad_request(f"{name} must be a text of up to {longest} characters")


def _all(world: World, stored: Stored) -> list[dict[str, Any]]:
    rows = world.store.rows(
        "SELECT document FROM group_events WHERE configuration_id = ? ORDER BY rowid", stored.id
    )
    return [loads(row["document"]) for row in rows]


def _facts(world: World, document: dict[str, Any]) -> GroupEventFacts:
    when = document["when"]
    return GroupEventFacts(
        id=document["id"],
        calendar_id=document["calendar_id"],
        start=when["start_time"],
        end=when["end_time"],
        capacity=document["capacity"],
        timezone=when.get("start_timezone"),
        recurrence=document.get("recurrence") or (),
        emails=[host["email"] for host in document["participants"]],
        guests=_guests(world, document["id"]),
    )


def _guests(world: World, event_id: str) -> dict[str, int]:
    """How many guests have joined, by the id of the very event."""
    rows = world.store.rows(
        "SELECT event_id, count(*) FROM bookings WHERE status != 'cancelled' "
        "AND (event_id = ? OR event_id LIKE ? || '\\_%' ESCAPE '\\') GROUP BY event_id",
        event_id,
        event_id,
    )
    return {row[0]: row[1] for row in rows}
