"""Group events: meetings that several guests join, their series, and their places."""

from __future__ import annotations

from typing import Any

from ..models.group_events import GroupEventImport, NewGroupEvent
from . import calendar
from .configuration_checks import refuse_unknown_zones
from .configurations import Stored
from .events import once_each
from .given import as_model, without_nulls
from .refusals import Refusal, bad_request, not_found, unavailable
from .rules import GroupEventFacts, GroupSlot, group_offer, occurrences
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


def update(world: World, stored: Stored, event_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change what is given; the rest stays."""
    before = read(world, stored, event_id)
    return _keep(world, stored, before | _given(body))


def delete(world: World, stored: Stored, event_id: str) -> None:
    """Take a group event out of the configuration and out of the calendar."""
    read(world, stored, event_id)
    world.store.run(
        "UPDATE bookings SET status = 'cancelled' WHERE configuration_id = ? AND "
        "substr(event_id || '_', 1, ?) = ?",
        stored.id,
        len(event_id) + 1,
        f"{event_id}_",
    )
    world.store.run("DELETE FROM group_events WHERE id = ?", event_id)
    calendar.remove_copies(world, f"{event_id}@sandbox")


def import_one(world: World, stored: Stored, wanted: GroupEventImport) -> dict[str, Any]:
    """Make a group event out of an event of the calendar; says why, when it cannot be done."""
    event_id = wanted.event_id
    if world.store.row("SELECT 1 FROM group_events WHERE id = ?", event_id) is not None:
        return {"event_id": event_id, "reason": "Event already imported"}
    event = calendar.event(world, event_id)
    place = (stored.grant_id, wanted.calendar_id)
    if event is None or (event.get("grant_id"), event.get("calendar_id")) != place:
        return {"event_id": event_id, "reason": "Event not found"}
    document = {
        "id": event["id"],
        "object": "event",
        **_given(event),
        "capacity": wanted.capacity or 10,
    }
    try:
        _keep(world, stored, document)
    except Refusal as refusal:
        return {"event_id": event_id, "reason": refusal.message}
    return {"event_id": event_id}


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
    _write(world, stored, document)
    return document


def show_guests(world: World, stored: Stored, event_id: str) -> None:
    """Write an event into the calendar anew, with the guests that have joined it by now."""
    for document in _all(world, stored):
        if document["id"] == event_id:
            _write(world, stored, document)
        elif event_id.startswith(f"{document['id']}_"):
            _write_one_of_series(world, stored, document, event_id)


def _write(world: World, stored: Stored, document: dict[str, Any], **more: Any) -> None:
    told = {
        **document,
        "grant_id": stored.grant_id,
        "ical_uid": f"{document['id']}@sandbox",
        "status": "confirmed",
        "updated_at": world.clock.now(),
        **more,
    }
    told["participants"] = once_each(document["participants"] + _joined(world, stored, told["id"]))
    calendar.put_event(world, stored.grant_id, document["calendar_id"], told)


def _write_one_of_series(
    world: World, stored: Stored, document: dict[str, Any], event_id: str
) -> None:
    joined = "SELECT start, \"end\" FROM bookings WHERE event_id = ? AND status != 'cancelled'"
    booked = world.store.row(joined, event_id)
    if booked is None:
        calendar.remove_event(world, event_id)
        return
    when = document["when"] | {"start_time": booked["start"], "end_time": booked["end"]}
    one = {key: value for key, value in document.items() if key != "recurrence"}
    _write(world, stored, one, id=event_id, when=when, master_event_id=document["id"])


def _organizer(world: World, stored: Stored) -> dict[str, Any]:
    row = world.store.row("SELECT email, name FROM grants WHERE id = ?", stored.grant_id)
    assert row is not None
    return {**dict(row), "is_organizer": True}


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
