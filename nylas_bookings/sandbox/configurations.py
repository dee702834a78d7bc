"""Configurations: kept as they were sent, read with the documented defaults, listed in pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

from attrs import frozen

from ..models.configurations import (
    AnyConfiguration,
    Configuration,
    ConfigurationParticipant,
    GroupConfiguration,
)
from . import calendar
from .configuration_checks import check
from .given import as_model, without_nulls
from .refusals import bad_request, not_found
from .rules import Rules, UnusableRule, read
from .store import dumps, loads
from .world import World

_READ_ONLY = ("id", "grant_id", "created_at", "updated_at", "request_id")
_SCHEDULER = {
    "available_days_in_future": 30,
    "min_booking_notice": 60,
    "min_cancellation_notice": 0,
    "hide_rescheduling_options": False,
    "hide_cancellation_options": False,
    "hide_additional_guests": False,
}


@frozen(kw_only=True, eq=False, slots=False)
class Stored:
    """A configuration in the database, as it was sent and as a model."""

    id: str
    grant_id: str
    slug: str | None
    document: dict[str, Any]
    model: AnyConfiguration

    @cached_property
    def rules(self) -> Rules:
        """What decides about the times of a configuration that is not for groups."""
        return read(self.standard)

    @property
    def is_private(self) -> bool:
        """Whether visitors need a session."""
        return bool(self.model.requires_session_auth)

    @cached_property
    def is_group(self) -> bool:
        """Whether visitors join events that exist already."""
        return isinstance(self.model, GroupConfiguration)

    @cached_property
    def standard(self) -> Configuration:
        """The model of a configuration that is not for groups."""
        assert isinstance(self.model, Configuration)
        return self.model

    @cached_property
    def organizer_first(self) -> list[ConfigurationParticipant]:
        """The participants of such a configuration, the organizer before the others."""
        return sorted(self.standard.participants, key=lambda host: not host.is_organizer)

    @cached_property
    def scheduler(self) -> dict[str, Any]:
        """The scheduler part, with the documented defaults."""
        given = self.document.get("scheduler") or {}
        return _SCHEDULER | {key: value for key, value in given.items() if value is not None}

    @property
    def event(self) -> dict[str, Any]:
        """The part on the events of its bookings, of a group configuration too."""
        part = self.document.get("group_booking" if self.is_group else "event_booking")
        return part or {}

    def as_told(self) -> dict[str, Any]:
        """The configuration as the API tells it."""
        defaults = {"slug": None, "requires_session_auth": False, "appearance": None}
        told = {"id": self.id, **defaults, **self.document, "scheduler": self.scheduler}
        return told | {"name": self.name}

    @property
    def name(self) -> str:
        """The title of the booking page: the configuration's, else the organizer's name."""
        if named := self.document.get("name"):
            return str(named)
        hosts = self.document.get("participants") or [{}]
        chosen = next((host for host in hosts if host.get("is_organizer")), hosts[0])
        return str(chosen.get("name") or chosen.get("email") or "")


def by_id(world: World, configuration_id: str) -> Stored | None:
    """The configuration with that id."""
    row = world.store.cached_row("SELECT * FROM configurations WHERE id = ?", configuration_id)
    return _stored(world, row)


def by_slug(world: World, slug: str) -> Stored | None:
    """The configuration with that slug."""
    return _stored(
        world, world.store.cached_row("SELECT * FROM configurations WHERE slug = ?", slug)
    )


def of_grant(world: World, grant_id: str, configuration_id: str) -> Stored:
    """The configuration of a grant with that id; refuses when there is none."""
    found = by_id(world, configuration_id)
    if found is None or found.grant_id != grant_id:
        raise not_found()
    return found


def create(world: World, grant_id: str, document: dict[str, Any]) -> Stored:
    """Keep a new configuration."""
    configuration_id = world.identifiers.uuid("configuration")
    document = _checked(world, document)
    _refuse_slug_of_another(world, document.get("slug"), configuration_id)
    insert(world, grant_id, configuration_id, document)
    return of_grant(world, grant_id, configuration_id)


def insert(world: World, grant_id: str, configuration_id: str, document: dict[str, Any]) -> None:
    """Keep a configuration without checking it."""
    world.store.run(
        "INSERT INTO configurations (id, grant_id, slug, document) VALUES (?, ?, ?, ?)",
        configuration_id,
        grant_id,
        document.get("slug"),
        dumps(document),
    )


def update(world: World, stored: Stored, changes: dict[str, Any]) -> Stored:
    """Replace the parts that are given; the others stay."""
    document = _checked(world, stored.document | changes)
    if isinstance(_model(document), GroupConfiguration) != stored.is_group:
        raise bad_request("a configuration cannot become one of the other kind")
    _refuse_slug_of_another(world, document.get("slug"), stored.id)
    world.store.run(
        "UPDATE configurations SET slug = ?, document = ? WHERE id = ?",
        document.get("slug"),
        dumps(document),
        stored.id,
    )
    return of_grant(world, stored.grant_id, stored.id)


def delete(world: World, stored: Stored) -> None:
    """Forget a configuration; refuses while it has sessions that are open."""
    now = world.clock.now()
    active = "SELECT 1 FROM sessions WHERE configuration_id = ? AND ends > ?"
    if world.store.row(active, stored.id, now) is not None:
        raise bad_request("The configuration has active sessions")
    world.store.run("DELETE FROM sessions WHERE configuration_id = ?", stored.id)
    world.store.run("DELETE FROM group_events WHERE configuration_id = ?", stored.id)
    world.store.run("DELETE FROM configurations WHERE id = ?", stored.id)


def page(world: World, grant_id: str, query: Mapping[str, str]) -> tuple[list[Stored], str | None]:
    """One page of the configurations of a grant, in the order in which they were made."""
    limit, after = calendar.number(query, "limit", 50), calendar.number(query, "page_token", 0)
    if not 1 <= limit <= 200:
        raise bad_request("limit must be between 1 and 200")
    rows = world.store.rows(
        "SELECT rowid, * FROM configurations WHERE grant_id = ? AND rowid > ? "
        "ORDER BY rowid LIMIT ?",
        grant_id,
        after,
        limit + 1,
    )
    found = [cast(Stored, _stored(world, row)) for row in rows[:limit]]
    return found, str(rows[limit - 1]["rowid"]) if len(rows) > limit else None


def _checked(world: World, document: dict[str, Any]) -> dict[str, Any]:
    """The document without what only the API tells, if it makes a configuration."""
    given = without_nulls(document)
    kept = {key: value for key, value in given.items() if key not in _READ_ONLY}
    if kept.get("slug") == "":
        kept["slug"] = None
    model = _model(kept)
    check(world, model)
    if isinstance(model, Configuration):
        try:
            read(model)
        except UnusableRule as problem:
            raise bad_request(str(problem)) from None
    return kept


def _model(document: dict[str, Any]) -> AnyConfiguration:
    read_any: Any = as_model
    model: AnyConfiguration = read_any(AnyConfiguration, document, "$")
    return model


def _stored(world: World, row: Any) -> Stored | None:
    """From a row; the model of a document that has not changed is made only once."""
    if row is None:
        return None
    known = world.parsed.get(row["id"])
    if known is not None and known[0] == row["document"]:
        return cast(Stored, known[1])
    document = loads(row["document"])
    stored = Stored(
        id=row["id"],
        grant_id=row["grant_id"],
        slug=row["slug"],
        document=document,
        model=_model(document),
    )
    world.parsed[row["id"]] = (row["document"], stored)
    return stored


def _refuse_slug_of_another(world: World, slug: str | None, configuration_id: str) -> None:
    taken = world.store.row(
        "SELECT 1 FROM configurations WHERE slug = ? AND id != ?", slug, configuration_id
    )
    if taken is not None:
        raise bad_request("A configuration with this slug already exists")
