"""What a new sandbox has in it: an application, an organizer, and three configurations."""

from __future__ import annotations

from typing import Any, Final

from attrs import frozen

from . import calendar, configurations
from .world import World

_ORGANIZER: Final = "host@example.com"
_NAME: Final = "Ada Host"


@frozen
class Ready:
    """The ids of what is there from the start."""

    grant_id: str
    organizer_email: str
    public: str
    private: str
    confirming: str


def prepare(world: World) -> Ready:
    """Fill an empty database; find the same things again in one that was filled before."""
    with world.store.transaction():
        known = {row["name"]: row["value"] for row in world.store.rows("SELECT * FROM settings")}
        opened = int(known["opened"]) + 1 if known else 0
        world.identifiers.begin(opened)
        known = {**(known or _filled(world)), "opened": str(opened)}
        for name, value in known.items():
            world.store.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, value)
    world.api_key, world.client_id = known["api_key"], known["client_id"]
    return Ready(
        known["grant_id"],
        known["organizer_email"],
        known["public"],
        known["private"],
        known["confirming"],
    )


def _filled(world: World) -> dict[str, str]:
    grant_id = calendar.add_grant(world, _ORGANIZER, _NAME)
    confirm = {"organizer_confirmation_url": "/book/confirm?ref=:booking_ref"}
    made = {
        "public": _configuration("Introduction", slug="introduction"),
        "private": _configuration("Private call", requires_session_auth=True),
        "confirming": _configuration(
            "By appointment", booking_type="organizer-confirmation", scheduler=confirm
        ),
    }
    return {
        "api_key": "nyk_v0_" + world.identifiers.token("api key", 40),
        "mailed": "0",
        "client_id": world.identifiers.uuid("client"),
        "grant_id": grant_id,
        "organizer_email": _ORGANIZER,
        **{name: _insert(world, grant_id, document) for name, document in made.items()},
    }


def _insert(world: World, grant_id: str, document: dict[str, Any]) -> str:
    """Keep a configuration, and return its id.

    It is not checked: loading what reads configurations would double the time to open a sandbox.
    """
    configuration_id = world.identifiers.uuid("configuration")
    configurations.insert(world, grant_id, configuration_id, document)
    return configuration_id


def _configuration(
    title: str, *, booking_type: str = "booking", scheduler: Any = None, **more: Any
) -> dict[str, Any]:
    """Half an hour on working days, with the organizer."""
    return {
        "name": title,
        "participants": [
            {
                "email": _ORGANIZER,
                "name": _NAME,
                "is_organizer": True,
                "availability": {
                    "calendar_ids": ["primary"],
                    "open_hours": [{"days": [1, 2, 3, 4, 5], "start": "9:00", "end": "17:00"}],
                },
                "booking": {"calendar_id": "primary"},
            }
        ],
        "availability": {"duration_minutes": 30, "interval_minutes": 30, "round_to": 15},
        "event_booking": {"title": title, "booking_type": booking_type, "timezone": "UTC"},
        "scheduler": scheduler or {},
        **more,
    }
