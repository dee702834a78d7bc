"""What the sandbox keeps, as data for those who look in: bookings with their history, and more."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from . import booked
from . import configurations as configured
from .notices import catch_up
from .store import loads
from .world import World


def bookings(world: World) -> list[dict[str, Any]]:
    """The bookings, in the order in which they were made, each with what became of it."""
    history = _history(world)
    rows = world.store.rows("SELECT * FROM bookings ORDER BY created, rowid")
    return [
        {
            **dict(row),
            "document": loads(row["document"]),
            "booking_ref": booked.of_row(row).reference,
            "history": history[row["id"]],
        }
        for row in rows
    ]


def _history(world: World) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in world.store.rows("SELECT * FROM history ORDER BY rowid"):
        entry = {"at": row["at"], "what": row["what"], **loads(row["document"])}
        found[row["booking_id"]].append(entry)
    return found


def configurations(world: World) -> list[dict[str, Any]]:
    """The configurations as the API tells them, each with its grant and its booking page."""
    rows = world.store.rows("SELECT id FROM configurations ORDER BY rowid")
    stored = [configured.by_id(world, row["id"]) for row in rows]
    return [
        {**one.as_told(), "grant_id": one.grant_id, "page": f"{world.url}/book/{one.id}"}
        for one in stored
        if one is not None
    ]


def events(world: World) -> list[dict[str, Any]]:
    """The events of all calendars, in the order of their times."""
    rows = world.store.rows("SELECT document FROM events ORDER BY start, id")
    return [loads(row["document"]) for row in rows]


def counts(world: World) -> dict[str, int]:
    """How many there are of what is kept."""
    catch_up(world)
    return {
        table: world.store.rows(f"SELECT count(*) FROM {table}")[0][0]
        for table in ("grants", "configurations", "bookings", "events", "outbox", "deliveries")
    }
