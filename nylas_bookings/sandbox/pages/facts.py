"""What a page has to know of a configuration and of a booking, and no more than that."""

from __future__ import annotations

from typing import Any, Final

from .. import calendar, events, group_events
from ..booked import Booking
from ..configurations import Stored
from ..world import World

_SETTINGS: Final = (
    "available_days_in_future",
    "min_booking_notice",
    "hide_additional_guests",
    "hide_rescheduling_options",
    "hide_cancellation_options",
)
_TEXTS: Final = ("cancellation_policy", "confirmation_redirect_url")
_LAST: Final = 10**6


def of_configuration(world: World, stored: Stored) -> dict[str, Any]:
    """What every page has to know; the time is the sandbox's, which may stand still."""
    event = _event(stored)
    scheduler = stored.scheduler
    return {
        "now": world.clock.now(),
        "frozen": world.clock.is_frozen,
        "configuration_id": stored.id,
        "title": str(stored.document.get("name") or event.get("title") or stored.name),
        "event_title": str(event.get("title") or stored.name),
        "description": str(event.get("description") or ""),
        "location": _place(event),
        "hosts": _hosts(world, stored),
        "minutes": _minutes(stored),
        "pending": event.get("booking_type") == "organizer-confirmation",
        "group": stored.is_group,
        "meetings": group_events.titles(world, stored) if stored.is_group else {},
        "fields": _fields(stored),
        "consent": _consent(scheduler),
        "rescheduling_url": events.page(stored, "rescheduling_url"),
        "cancellation_url": events.page(stored, "cancellation_url"),
        **{name: scheduler[name] for name in _SETTINGS},
        **{name: str(scheduler.get(name) or "") for name in _TEXTS},
    }


def of_booking(world: World, stored: Stored, booking: Booking) -> dict[str, Any]:
    """What the pages behind the links have to know."""
    booked = booking.document
    told = {name: booked[name] for name in ("guest", "additional_guests", "organizer")}
    return of_configuration(world, stored) | {
        "title": booked["title"],
        "event_title": booked["title"],
        "description": booked["description"],
        "location": booked["location"] or _place(_event(stored)),
        "hosts": [host["name"] for host in booked["hosts"]],
        "minutes": (booking.end - booking.start) // 60,
        "booking": {
            **told,
            "id": booking.id,
            "ref": booking.reference,
            "event_id": booking.event_id,
            "pending": booking.status == "pending",
            "start": booking.start,
            "end": booking.end,
            "answers": _answers(stored, booked["additional_fields"]),
        },
    }


def _event(stored: Stored) -> dict[str, Any]:
    return stored.document.get("event_booking") or stored.document.get("group_booking") or {}


def _place(event: dict[str, Any]) -> str:
    """Where it is: a place, or a service for calls."""
    conferencing = event.get("conferencing") or {}
    return str(event.get("location") or conferencing.get("provider") or "")


def _hosts(world: World, stored: Stored) -> list[str]:
    """Their names, the organizer's first."""
    if stored.is_group:
        return [calendar.owner(world, stored.grant_id)["name"]]
    hosts = sorted(stored.standard.participants, key=lambda host: not host.is_organizer)
    return [host.name or host.email for host in hosts]


def _minutes(stored: Stored) -> int | None:
    """How long it takes; each event of a group takes as long as it does."""
    return None if stored.is_group else stored.standard.availability.duration_minutes


def _fields(stored: Stored) -> list[dict[str, Any]]:
    """The questions of the form, in their order; those without a number come last."""
    given: dict[str, dict[str, Any]] = stored.scheduler.get("additional_fields") or {}
    keyed = [{"key": key, **field} for key, field in given.items()]
    return sorted(keyed, key=lambda field: _LAST if field.get("order") is None else field["order"])


def _answers(stored: Stored, answers: dict[str, str]) -> list[tuple[str, str]]:
    """What the guest answered, by the labels of the questions that people see."""
    return [
        (str(field["label"]), answers[field["key"]])
        for field in _fields(stored)
        if field["type"] != "metadata" and answers.get(field["key"])
    ]


def _consent(scheduler: dict[str, Any]) -> str:
    """Who takes notes, when visitors are to be told that somebody does."""
    notetaker = scheduler.get("notetaker_settings") or {}
    if not notetaker.get("enabled") or notetaker.get("show_ui_consent_message") is False:
        return ""
    return str(notetaker.get("notetaker_name") or "Nylas Notetaker")
