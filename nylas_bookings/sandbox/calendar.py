"""The hosts' calendars: grants, calendars, and the events in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .refusals import bad_request, not_found
from .rules.series import origin, pieces, times
from .store import dumps, loads, marks
from .world import World

_DIGITS = 12
_HERE = "@sandbox"


def grant(world: World, email: str) -> Any:
    """The grant of an address, or None."""
    return world.store.cached_row("SELECT * FROM grants WHERE email = ?", email)


def owner(world: World, grant_id: str) -> dict[str, str]:
    """Whose grant it is: address and name."""
    row = world.store.row("SELECT email, name FROM grants WHERE id = ?", grant_id)
    assert row is not None, "what has a grant is not kept without it"
    return dict(row)


def ical_uid(event_id: str) -> str:
    """What an event is called in every calendar that it is in."""
    return event_id + _HERE


def event_of(ical_uid: str) -> str:
    """The id of the event that is called so."""
    return ical_uid.removesuffix(_HERE)


def add_grant(world: World, email: str, name: str, timezone: str = "UTC") -> str:
    """A new grant, with a primary calendar, which is also called by the grant's address."""
    grant_id = world.identifiers.uuid("grant")
    world.store.run(
        "INSERT INTO grants (id, email, name, provider, access_token) VALUES (?, ?, ?, ?, ?)",
        grant_id,
        email,
        name,
        "google",
        world.identifiers.token("access token", 40),
    )
    add_calendar(world, grant_id, "primary", name, timezone, is_primary=True)
    return grant_id


def add_calendar(
    world: World, grant_id: str, calendar_id: str, name: str, timezone: str, *, is_primary: bool
) -> None:
    """A new calendar of a grant."""
    world.store.run(
        "INSERT INTO calendars (grant_id, id, name, timezone, is_primary, read_only) "
        "VALUES (?, ?, ?, ?, ?, 0)",
        grant_id,
        calendar_id,
        name,
        timezone,
        int(is_primary),
    )


def own_id(email: str, calendar_id: str) -> str:
    """The id of a calendar; the primary one is also called by its owner's address."""
    return "primary" if calendar_id.casefold() == email.casefold() else calendar_id


def calendars(world: World, grant_id: str) -> list[dict[str, Any]]:
    """The calendars of a grant, as the API tells them."""
    rows = world.store.rows("SELECT * FROM calendars WHERE grant_id = ? ORDER BY id", grant_id)
    return [
        {
            "id": row["id"],
            "grant_id": grant_id,
            "name": row["name"],
            "timezone": row["timezone"],
            "is_primary": bool(row["is_primary"]),
            "read_only": bool(row["read_only"]),
            "is_owned_by_user": True,
            "object": "calendar",
        }
        for row in rows
    ]


def put_event(world: World, grant_id: str, calendar_id: str, document: dict[str, Any]) -> None:
    """Write an event, new or in place of the one with its id."""
    when = document["when"]
    world.store.run(
        'INSERT OR REPLACE INTO events (id, ical_uid, grant_id, calendar_id, start, "end", busy, '
        "repeats, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        document["id"],
        document["ical_uid"],
        grant_id,
        calendar_id,
        when["start_time"],
        when["end_time"],
        int(document["busy"] and document["status"] != "cancelled"),
        int(bool(document.get("recurrence"))),
        dumps(document),
    )


def event(world: World, event_id: str) -> dict[str, Any] | None:
    """The event with that id, which may be one of a series that is kept as its rule alone."""
    found = kept_event(world, event_id)
    if found is not None or (named := origin(event_id)) is None:
        return found
    master_id, begin = named
    series = kept_event(world, master_id) or {}
    if not series.get("recurrence"):
        return None
    return next((one for one in pieces(series, begin, begin + 1) if one["id"] == event_id), None)


def kept_event(world: World, event_id: str) -> dict[str, Any] | None:
    """The event that is kept with that id."""
    row = world.store.row("SELECT document FROM events WHERE id = ?", event_id)
    return None if row is None else loads(row["document"])


def remove_event(world: World, event_id: str) -> None:
    """Take one event out of its calendar."""
    world.store.run("DELETE FROM events WHERE id = ?", event_id)


def remove_copies(world: World, ical_uid: str) -> None:
    """Take an event out of all the calendars that it is in."""
    world.store.run("DELETE FROM events WHERE ical_uid = ?", ical_uid)


def busy(
    world: World,
    email: str,
    names: Iterable[str],
    start: int,
    end: int,
    without: str | None = None,
) -> list[tuple[int, int]]:
    """The busy stretches of somebody's calendars that touch a stretch of time; a stranger has none.

    An event is left out by its `ical_uid`, which its copies in other hosts' calendars share. What
    the longest event takes tells how far behind the stretch the search may stop. Series come last,
    with their rules.
    """
    ids = [own_id(email, name) for name in names]
    theirs = (
        "FROM grants JOIN events ON events.grant_id = grants.id "
        f"WHERE email = ? AND calendar_id IN ({marks(ids)})"
    )
    rows = world.store.rows(
        f'SELECT start, "end", NULL {theirs} AND "end" > ? AND "end" < ? + '
        '(SELECT max("end" - start) FROM events WHERE grant_id = grants.id) '
        "AND start < ? AND busy AND NOT repeats AND ical_uid IS NOT ? "
        f'UNION ALL SELECT start, "end", document {theirs} AND start < ? AND busy AND repeats '
        "AND ical_uid IS NOT ?",
        email,
        *ids,
        start,
        end,
        end,
        without,
        email,
        *ids,
        end,
        without,
    )
    if not rows or rows[-1][2] is None:
        return [(row[0], row[1]) for row in rows]
    found = [(row[0], row[1]) for row in rows if row[2] is None]
    for series in (loads(row[2]) for row in rows if row[2] is not None):
        own = apart(world, series)
        found += [when for name, when in times(series, start, end).items() if name not in own]
    return found


def apart(world: World, series: dict[str, Any]) -> set[str]:
    """Those of a series that are events of their own, because somebody has joined them."""
    same = world.store.rows("SELECT id FROM events WHERE ical_uid = ?", series["ical_uid"])
    return {row[0] for row in same}


def require_calendar(world: World, grant_id: str, calendar_id: str) -> None:
    """Refuse a calendar that the grant does not have."""
    known = "SELECT 1 FROM calendars WHERE grant_id = ? AND id = ?"
    if world.store.row(known, grant_id, calendar_id) is None:
        raise not_found("Calendar not found")


def number(query: Mapping[str, str], name: str, default: int) -> int:
    """A number of the query, small enough for the database."""
    text = query.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        raise bad_request(f"{name} must be a number")
    return int(text)
