"""The hosts' calendars: grants, calendars, and the events in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .refusals import bad_request, not_found
from .store import dumps, loads, marks
from .world import World

_DIGITS = 12
_PAIRS = ("key1", "key2", "key3", "key4", "key5")


def grant(world: World, email: str) -> Any:
    """The grant of an address, or None."""
    return world.store.row("SELECT * FROM grants WHERE email = ?", email)


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
    return "primary" if calendar_id == email else calendar_id


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


def put_event(
    world: World, grant_id: str, calendar_id: str, document: dict[str, Any], *, busy: bool = True
) -> None:
    """Write an event, new or in place of the one with its id."""
    when = document["when"]
    world.store.run(
        'INSERT OR REPLACE INTO events (id, ical_uid, grant_id, calendar_id, start, "end", busy, '
        "document) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        document["id"],
        document["ical_uid"],
        grant_id,
        calendar_id,
        when["start_time"],
        when["end_time"],
        int(busy and document.get("status") != "cancelled"),
        dumps(document),
    )


def event(world: World, event_id: str) -> dict[str, Any] | None:
    """The event with that id."""
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
    the longest event takes tells how far behind the stretch the search may stop.
    """
    ids = [own_id(email, name) for name in names]
    rows = world.store.rows(
        'SELECT start, "end" FROM grants JOIN events ON events.grant_id = grants.id '
        f'WHERE email = ? AND calendar_id IN ({marks(ids)}) AND "end" > ? AND "end" < ? + '
        '(SELECT max("end" - start) FROM events WHERE grant_id = grants.id) '
        "AND start < ? AND busy AND ical_uid IS NOT ?",
        email,
        *ids,
        start,
        end,
        end,
        without,
    )
    return [(row[0], row[1]) for row in rows]


def page(
    world: World, grant_id: str, query: Mapping[str, str]
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of the events of a calendar, as the Events API lists them."""
    calendar_id = query.get("calendar_id")
    if not calendar_id:
        raise bad_request("calendar_id is required")
    owner = world.store.row("SELECT email FROM grants WHERE id = ?", grant_id)
    calendar_id = own_id(owner["email"] if owner else "", calendar_id)
    require_calendar(world, grant_id, calendar_id)
    limit, skipped = number(query, "limit", 50), number(query, "page_token", 0)
    if not 1 <= limit <= 200:
        raise bad_request("limit must be between 1 and 200")
    where, values = _conditions(query)
    rows = world.store.rows(
        f"SELECT document FROM events WHERE grant_id = ? AND calendar_id = ?{where} "
        "ORDER BY start, id LIMIT ? OFFSET ?",
        grant_id,
        calendar_id,
        *values,
        limit + 1,
        skipped,
    )
    found = [loads(row["document"]) for row in rows[:limit]]
    return found, str(skipped + limit) if len(rows) > limit else None


def _conditions(query: Mapping[str, str]) -> tuple[str, list[Any]]:
    """What the query asks of the events; times touch the stretch that is asked for."""
    where: str = ""
    values: list[int | str] = []
    if query.get("start"):
        where += ' AND "end" > ?'
        values.append(number(query, "start", 0))
    if query.get("end"):
        where += " AND start < ?"
        values.append(number(query, "end", 0))
    if not _switch(query, "show_cancelled"):
        where += " AND json_extract(document, '$.status') IS NOT 'cancelled'"
    for name in ("title", "ical_uid", "master_event_id", "location"):
        if query.get(name):
            where += f" AND json_extract(document, '$.{name}') = ?"
            values.append(query[name])
    if pair := query.get("metadata_pair"):
        key, colon, value = pair.partition(":")
        if not colon or key not in _PAIRS:
            raise bad_request("metadata_pair is key1:value to key5:value")
        where += " AND json_extract(document, '$.metadata.' || ?) = ?"
        values += [key, value]
    return where, values


def _switch(query: Mapping[str, str], name: str) -> bool:
    text = query.get(name, "false").lower()
    if text not in ("true", "false"):
        raise bad_request(f"{name} is true or false")
    return text == "true"


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
