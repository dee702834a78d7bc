"""Sessions: short-lived credentials for one configuration."""

from __future__ import annotations

import math
from typing import Any, Literal

from .configurations import Stored, by_id, by_slug
from .refusals import bad_request, not_found
from .world import World

_USUAL_SECONDS = 5 * 60


def create(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Open a session for a configuration, by its id or by its slug."""
    stored = _wanted(world, body)
    if not stored.is_private and not world.behaviour.sessions_for_public:
        raise bad_request("a session needs a configuration that requires session auth")
    lives = _seconds(body.get("time_to_live"), world.behaviour.time_to_live)
    session_id = world.identifiers.uuid("session")
    world.store.run(
        "INSERT INTO sessions (id, configuration_id, ends) VALUES (?, ?, ?)",
        session_id,
        stored.id,
        world.clock.now() + lives,
    )
    return {"session_id": session_id}


def read(world: World, session_id: str) -> dict[str, Any]:
    """What is known of a session that is open."""
    query = "SELECT * FROM sessions WHERE id = ? AND ends > ?"
    row = world.store.row(query, session_id, world.clock.now())
    if row is None:
        raise not_found()
    return {
        "session_id": row["id"],
        "configuration_id": row["configuration_id"],
        "expires_at": row["ends"],
    }


def destroy(world: World, session_id: str) -> None:
    """End a session. Ending one that is not there is fine: the contract has no 404 for it."""
    world.store.run("DELETE FROM sessions WHERE id = ?", session_id)


def _seconds(number: Any, unit: Literal["minutes", "seconds"]) -> int:
    """How long a session is to live; what is not given, or 0, is as usual."""
    if number is None:
        number = 0
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 30:
        raise bad_request(f"time_to_live is in {unit}, 30 at most")
    if number == 0:
        return _USUAL_SECONDS
    return int(number * 60) if unit == "minutes" else math.ceil(number)


def _wanted(world: World, body: dict[str, Any]) -> Stored:
    configuration_id, slug = body.get("configuration_id"), body.get("slug")
    if not all(isinstance(name, str | None) for name in (configuration_id, slug)):
        raise bad_request("configuration_id and slug are texts")
    if not configuration_id and not slug:
        raise bad_request("configuration_id or slug is required")
    stored = by_id(world, configuration_id) if configuration_id else by_slug(world, str(slug))
    if stored is None:
        raise bad_request("Configuration not found")
    return stored
