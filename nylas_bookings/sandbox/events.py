"""The calendar event of a booking: what Scheduler writes into the organizer's calendar."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from . import calendar
from .booked import Booking
from .configurations import Stored
from .world import World

_REFERENCE = ":booking_ref"
_PENDING = "[PENDING] "
_LONGEST_TITLE = 1024
_PAGES = {
    "rescheduling_url": "/book/reschedule?ref=:booking_ref",
    "cancellation_url": "/book/cancel?ref=:booking_ref",
    "organizer_confirmation_url": "/book/confirm?ref=:booking_ref",
}


def link(world: World, stored: Stored, booking: Booking, name: str) -> str:
    """A link of the e-mails: the configuration's own page, or the sandbox's."""
    return _address(world.url, stored, name).replace(_REFERENCE, booking.reference)


def _address(url: str, stored: Stored, name: str) -> str:
    """The link with `:booking_ref` where the reference goes."""
    address = page(stored, name)
    return url + address if address.startswith("/") else address


def page(stored: Stored, name: str) -> str:
    """The page that a link leads to, with `:booking_ref` where the reference goes."""
    return str(stored.scheduler.get(name) or _PAGES[name])


def title(booking: Booking) -> str:
    """The title, which says when the organizer has not said yes."""
    prefix = _PENDING if booking.status == "pending" else ""
    return (prefix + str(booking.document["title"]))[:_LONGEST_TITLE]


def description(world: World, stored: Stored, booking: Booking) -> str:
    """The description of the configuration, with the links for the guest below it."""
    own = booking.document["description"]
    links = _links_for_guest(world.url, stored).replace(_REFERENCE, booking.reference)
    return "<br>".join(part for part in (escape(str(own)), links) if part)


@lru_cache(maxsize=256)
def _links_for_guest(url: str, stored: Stored) -> str:
    """The links as HTML; a reference has no character that would have to be escaped."""
    return "<br>".join(
        f'<a href="{escape(_address(url, stored, name))}">{word}</a>'
        for word, name in _offers(stored)
    )


def offered(world: World, stored: Stored, booking: Booking) -> list[tuple[str, str]]:
    """What the configuration lets a guest do with the booking, and where."""
    return [(word, link(world, stored, booking, name)) for word, name in _offers(stored)]


def _offers(stored: Stored) -> list[tuple[str, str]]:
    """What that is, and the name of its link."""
    found = []
    if not stored.scheduler["hide_rescheduling_options"]:
        found.append(("Reschedule", "rescheduling_url"))
    if not stored.scheduler["hide_cancellation_options"]:
        found.append(("Cancel", "cancellation_url"))
    return found


def document(world: World, stored: Stored, booking: Booking) -> dict[str, Any]:
    """The event as the calendar keeps it."""
    now = world.clock.now()
    booked = booking.document
    return {
        "id": booking.event_id,
        "object": "event",
        "grant_id": booked["grant_id"],
        "calendar_id": booked["calendar_id"],
        "ical_uid": calendar.ical_uid(booking.event_id),
        "html_link": f"{world.url}/_sandbox/events/{booking.event_id}",
        "title": title(booking),
        "description": description(world, stored, booking),
        "location": booked["location"],
        "busy": True,
        "status": "maybe" if booking.status == "pending" else "confirmed",
        "organizer": booked["organizer"],
        "participants": [
            {"email": person["email"], "name": person["name"], "status": "noreply"}
            for person in people(booked)
        ],
        "when": {
            "object": "timespan",
            "start_time": booking.start,
            "end_time": booking.end,
            "start_timezone": booked["host_timezone"],
            "end_timezone": booked["host_timezone"],
        },
        "metadata": {
            "source": "scheduler",
            "key5": stored.id,
            "scheduler_last_start": str(booking.start),
            "scheduler_last_end": str(booking.end),
            "scheduler_updated_at": str(now),
        },
        "read_only": False,
        "created_at": booking.created,
        "updated_at": now,
    }


def people(booked: dict[str, Any]) -> list[dict[str, Any]]:
    """Everybody who takes part, each once: hosts, guests, and who is merely invited."""
    return once_each([*booked["hosts"], *guests(booked)])


def guests(booked: dict[str, Any]) -> list[dict[str, Any]]:
    """Everybody but the hosts, the one who booked first."""
    return [booked["guest"], *booked["additional_guests"], *booked.get("invited", ())]


def once_each(people: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The people, each once, as a calendar has them: who is invited again is the same person."""
    return list({person["email"].casefold(): person for person in [*people][::-1]}.values())[::-1]
