"""Who may see the page of a configuration: anybody, or whoever has a session for it."""

from __future__ import annotations

from typing import Any, Final

from .. import configurations, sessions
from ..configurations import Stored
from ..refusals import Refusal
from ..world import World
from . import facts
from .problems import session_needed, session_over, unknown_page

_MINUTES: Final = 30


def facts_of(world: World, name: str, session_id: str | None) -> dict[str, Any]:
    """What the booking page has to know, its session included."""
    stored = configuration(world, name)
    by_slug = {"page_slug": name} if name != stored.id else {}
    session = {"session": session_id} if _is_open(world, stored, session_id) else {}
    if stored.is_private and not session:
        raise session_over(name) if session_id else session_needed(name)
    return facts.of_configuration(world, stored) | by_slug | session


def configuration(world: World, name: str) -> Stored:
    """The configuration with that id or slug."""
    found = configurations.by_id(world, name) or configurations.by_slug(world, name)
    if found is None:
        raise unknown_page()
    return found


def open_session(world: World, stored: Stored) -> str:
    """A session for a visitor of a private configuration."""
    asked = {"configuration_id": stored.id, "time_to_live": _MINUTES}
    with world.store.transaction():
        return str(sessions.create(world, asked)["session_id"])


def session_if_private(world: World, stored: Stored) -> dict[str, str]:
    """A session for whoever follows a link of a mail, if the page behind it needs one."""
    return {"session": open_session(world, stored)} if stored.is_private else {}


def _is_open(world: World, stored: Stored, session_id: str | None) -> bool:
    try:
        found = sessions.read(world, session_id or "")
    except Refusal:
        return False
    return bool(found["configuration_id"] == stored.id)
