"""A calendar as an ICS feed, which calendar programs subscribe to."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ..._wire.messages import Request, Response
from ..calendar import ical_uid, own_id
from ..hosts import all_of_them
from ..refusals import Refusal, not_found
from ..store import loads
from ..world import World
from . import series
from .files import GUARDED

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_STATUS: Final = {"maybe": "TENTATIVE", "cancelled": "CANCELLED"}
_ANSWERS: Final = {"yes": "ACCEPTED", "no": "DECLINED", "maybe": "TENTATIVE"}
_LINK: Final = re.compile(r'<a href="([^"]*)">([^<]*)</a>')
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def answered(world: World, request: Request, host: str, calendar_id: str) -> Response:
    """The feed of a calendar, or that it is as it was."""
    body = _feed(world, host, calendar_id)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**GUARDED, "ETag": tag, "Cache-Control": "no-cache"}
    given = {name.lower(): value for name, value in request.headers.items()}
    known = re.findall(r'"[^"]*"|\*', given.get("if-none-match", ""))
    if tag in known or "*" in known:
        return Response(304, headers, b"")
    return Response(200, {**headers, "Content-Type": "text/calendar; charset=utf-8"}, body)


def _feed(world: World, host: str, calendar_id: str) -> bytes:
    shown, events = _found(world, host, calendar_id)
    feed = _calendar(shown)
    changes = _changes(world)
    for event in events:
        feed.add_component(_event(event, changes.get(event["ical_uid"], 0)))
    feed.add_missing_timezones()
    return bytes(feed.to_ical())


def _found(world: World, host: str, calendar_id: str) -> tuple[Any, list[Any]]:
    """A calendar, and the events in it."""
    for grant in all_of_them(world):
        if host in (grant["id"], grant["email"]):
            wanted = own_id(grant["email"], calendar_id)
            for shown in grant["calendars"]:
                if shown["id"] == wanted:
                    return shown, _events(world, grant["id"], wanted)
    raise not_found("no host has a calendar with this address")


def _events(world: World, grant_id: str, calendar_id: str) -> list[Any]:
    rows = world.store.rows(
        "SELECT document FROM events WHERE grant_id = ? AND calendar_id = ? ORDER BY start, id",
        grant_id,
        calendar_id,
    )
    return [loads(row["document"]) for row in rows]


def _changes(world: World) -> dict[str, int]:
    """How often an event was changed since it was made, for those of bookings."""
    rows = world.store.rows(
        "SELECT bookings.event_id, sum(history.what != 'created') FROM bookings "
        "JOIN history ON history.booking_id = bookings.id GROUP BY bookings.event_id"
    )
    return {ical_uid(row[0]): row[1] for row in rows}


def _calendar(shown: dict[str, Any]) -> Calendar:
    try:
        from icalendar import Calendar
    except ImportError:
        raise Refusal(
            501, "not_implemented", "feeds need icalendar: pip install 'nylas-bookings[sandbox]'"
        ) from None
    feed = Calendar()
    feed.add("prodid", "-//nylas-bookings//sandbox//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", _plain(shown["name"]))
    feed.add("x-wr-timezone", shown["timezone"])
    feed.add("x-published-ttl", "PT1M")
    return feed


def _event(event: dict[str, Any], sequence: int) -> Event:
    """An event; it was last made at its last change, so that the feed is the same until then."""
    from icalendar import Event

    changed = _utc(event.get("updated_at") or event["when"]["start_time"])
    made = Event()
    made.add("uid", event["ical_uid"])
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    if event.get("created_at"):
        made.add("created", _utc(event["created_at"]))
    made.add("sequence", sequence)
    made.add("summary", _plain(event.get("title") or ""))
    made.add("status", _STATUS.get(str(event.get("status")), "CONFIRMED"))
    made.add("transp", "OPAQUE" if event.get("busy", True) else "TRANSPARENT")
    series.add_times(made, event)
    _add_texts(made, event)
    _add_people(made, event)
    return made


def _add_texts(made: Event, event: dict[str, Any]) -> None:
    if description := event.get("description"):
        made.add("description", _plain(_without_markup(description)))
    if location := event.get("location"):
        made.add("location", _plain(location))
    if link := event.get("html_link"):
        made.add("url", link)


def _add_people(made: Event, event: dict[str, Any]) -> None:
    from icalendar import vCalAddress

    organizer = event.get("organizer") or {}
    if organizer.get("email"):
        made.add("organizer", _person(vCalAddress, organizer))
    for person in event.get("participants") or ():
        answer = "yes" if person["email"] == organizer.get("email") else person.get("status")
        attending = _person(vCalAddress, person)
        attending.params["PARTSTAT"] = _ANSWERS.get(str(answer), "NEEDS-ACTION")
        attending.params["ROLE"] = "REQ-PARTICIPANT"
        made.add("attendee", attending)


def _person(kind: Any, person: dict[str, Any]) -> Any:
    made = kind("mailto:" + quote(person["email"], safe="@+!#$&'*/=^`{|}~"))
    if person.get("name"):
        made.params["CN"] = _plain(person["name"])
    return made


def _without_markup(description: str) -> str:
    """The links of a booking's event as text; what a person wrote stays as it is."""
    links = _LINK.sub(r"\2: \1", description).replace("<br>", "\n")
    return unescape(links)


def _plain(text: object) -> str:
    """Without the characters that no calendar may contain."""
    return _CONTROLS.sub("", str(text))


def _utc(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)
