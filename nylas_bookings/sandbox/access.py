"""Who is asking, and for which configuration: the five ways, with the documented refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from attrs import frozen

from .configurations import Stored, by_id, by_slug
from .refusals import bad_request, not_found, unauthorized
from .world import World


@frozen(kw_only=True)
class Asker:
    """Who is asking.

    Attributes:
        kind: A visitor of a public configuration, or the holder of a session, of the application's
            key, or of a grant's access token.
        configuration_id: The configuration of the session.
        grant_id: The grant of the access token.
    """

    kind: Literal["visitor", "session", "key", "token"]
    configuration_id: str | None = None
    grant_id: str | None = None


_VISITOR: Final = Asker(kind="visitor")


def identify(world: World, headers: Mapping[str, str]) -> Asker:
    """Who the Authorization header says is asking."""
    header = headers.get("authorization", "")
    if not header:
        return _VISITOR
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.isascii() or not token:
        raise unauthorized()
    if token == world.api_key:
        return Asker(kind="key")
    session = world.store.row("SELECT * FROM sessions WHERE id = ?", token)
    if session is not None:
        if session["ends"] <= world.clock.now():
            raise unauthorized("Session is expired")
        return Asker(kind="session", configuration_id=session["configuration_id"])
    grant = world.store.row("SELECT id FROM grants WHERE access_token = ?", token)
    if grant is not None:
        return Asker(kind="token", grant_id=grant["id"])
    raise unauthorized()


def configuration_of(world: World, asker: Asker, query: Mapping[str, str]) -> Stored:
    """The configuration that a call on bookings or availability is about."""
    if "session_id" in query:
        raise bad_request("invalid path")
    if asker.kind == "session":
        return _of_session(world, asker, query)
    found = _named(world, query)
    if asker.kind == "token" or (asker.kind == "key" and not world.behaviour.key_on_bookings):
        raise unauthorized()
    if found.is_private:
        raise unauthorized()
    return found


def _of_session(world: World, asker: Asker, query: Mapping[str, str]) -> Stored:
    assert asker.configuration_id is not None
    found = by_id(world, asker.configuration_id)
    if found is None or (query.get("configuration_id") and found.is_private):
        raise not_found("Configuration not found")
    return found


def _named(world: World, query: Mapping[str, str]) -> Stored:
    if configuration_id := query.get("configuration_id"):
        found = by_id(world, configuration_id)
    elif slug := query.get("slug"):
        if query.get("client_id") != world.client_id:
            raise not_found("Configuration not found")
        found = by_slug(world, slug)
    else:
        raise bad_request("configuration_id, or slug and client_id, is required without a session")
    if found is None:
        raise not_found("Configuration not found")
    return found


def require_key(asker: Asker) -> None:
    """Refuse everybody but the holder of the application's key."""
    if asker.kind != "key":
        raise unauthorized()


def grant_of(world: World, asker: Asker, grant_id: str) -> str:
    """The grant that a path names: by its id, its address, or as `me` with an access token."""
    if asker.kind == "token":
        assert asker.grant_id is not None
        if grant_id in ("me", asker.grant_id):
            return asker.grant_id
        raise unauthorized()
    require_key(asker)
    found: Any = world.store.row(
        "SELECT id FROM grants WHERE id = ? OR email = ?", grant_id, grant_id
    )
    if found is None:
        raise not_found("Grant not found")
    return str(found["id"])
