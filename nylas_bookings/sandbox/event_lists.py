"""The events of a calendar in pages, as the Events API lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .calendar import apart, number, own_id, owner, require_calendar
from .refusals import bad_request
from .rules.series import pieces, times
from .store import loads
from .world import World

_FOREVER: Final = 10**12
_PAIRS: Final = ("key1", "key2", "key3", "key4", "key5")


def page(
    world: World, grant_id: str, query: Mapping[str, str]
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the events of a calendar.

    A series is told as the one event that it is kept as, or, expanded, as all those that it has.
    """
    calendar_id = query.get("calendar_id")
    if not calendar_id:
        raise bad_request("calendar_id is required")
    calendar_id = own_id(owner(world, grant_id)["email"], calendar_id)
    require_calendar(world, grant_id, calendar_id)
    limit, skipped = number(query, "limit", 50), number(query, "page_token", 0)
    if not 1 <= limit <= 200:
        raise bad_request("limit must be between 1 and 200")
    place = (grant_id, calendar_id)
    series = _series(world, place, query)
    first, until = 0 if series else skipped, skipped + limit + 1
    found = _single(world, place, query, first, until)
    if series:
        found = sorted([*found, *series], key=lambda one: (one["when"]["start_time"], one["id"]))
        found = found[skipped:]
    return found[:limit], str(skipped + limit) if len(found) > limit else None


def _single(
    world: World, place: tuple[str, str], query: Mapping[str, str], first: int, until: int
) -> list[dict[str, Any]]:
    """The events that the query asks for, but for the series, in order."""
    where, values = _conditions(query)
    rows = world.store.rows(
        'SELECT document FROM events WHERE grant_id = ? AND calendar_id = ? AND "end" > ? '
        f"AND start < ? AND NOT repeats{where} ORDER BY start, id LIMIT ? OFFSET ?",
        *place,
        number(query, "start", -1),
        number(query, "end", _FOREVER),
        *values,
        until - first,
        first,
    )
    return [loads(row["document"]) for row in rows]


def _series(world: World, place: tuple[str, str], query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The series that the query asks for, if any of their events is then; or these events."""
    expand = _expands(world, query)
    where, values = _conditions(query, series=expand)
    rows = world.store.rows(
        "SELECT document FROM events WHERE grant_id = ? AND calendar_id = ? AND repeats" + where,
        *place,
        *values,
    )
    start, end = number(query, "start", 0), number(query, "end", _FOREVER)
    found: list[dict[str, Any]] = []
    for one in (loads(row["document"]) for row in rows):
        if not expand:
            found += [one] if times(one, start, end) else []
            continue
        own = apart(world, one)
        found += [piece for piece in pieces(one, start, end) if piece["id"] not in own]
    return found


def _expands(world: World, query: Mapping[str, str]) -> bool:
    """Whether series are told as the events that they have; not where metadata is asked for."""
    if not query.get("metadata_pair"):
        return _switch(query, "expand_recurring", otherwise=world.behaviour.expand_recurring)
    if _switch(query, "expand_recurring"):
        raise bad_request("metadata_pair cannot be combined with expand_recurring")
    return False


def _conditions(query: Mapping[str, str], *, series: bool = False) -> tuple[str, list[str]]:
    """What the query asks of the events, or of a series for the sake of its events."""
    where: str = ""
    values: list[str] = []
    if not _switch(query, "show_cancelled"):
        where += " AND json_extract(document, '$.status') IS NOT 'cancelled'"
    for name in ("title", "ical_uid", "master_event_id", "location"):
        if query.get(name):
            is_own_id = series and name == "master_event_id"
            said = "id" if is_own_id else f"json_extract(document, '$.{name}')"
            where += f" AND {said} = ?"
            values.append(query[name])
    if pair := query.get("metadata_pair"):
        key, colon, value = pair.partition(":")
        if not colon or key not in _PAIRS:
            raise bad_request("metadata_pair is key1:value to key5:value")
        where += " AND json_extract(document, '$.metadata.' || ?) = ?"
        values += [key, value]
    return where, values


def _switch(query: Mapping[str, str], name: str, *, otherwise: bool = False) -> bool:
    text = query.get(name, "").lower() or str(otherwise).lower()
    if text not in ("true", "false"):
        raise bad_request(f"{name} is true or false")
    return text == "true"
