"""The calendar event of a booking: what Scheduler writes into the organizer's calendar."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from . import calendar
from .booked import Booking
from .configurations import Stored
from .world import World

_PENDING = "[PENDING] "
_LONGEST_TITLE = 1024
_PAGES = {
    "rescheduling_url": "/book/reschedule?ref=:booking_ref",
    "cancellation_url": "/book/cancel?ref=:booking_ref",
    "organizer_confirmation_url": "/book/confirm?ref=:booking_ref",
}


def link(world: World, stored: Stored, booking: Booking, name: str) -> str:
    """A link of the e-mails: the configuration's own page, or the sandbox's."""
    address = page(stored, name)
    if address.startswith("/"):
        address = world.url + address
    # A reference has no character that would have to be encoded.
    return address.replace(":booking_ref", booking.reference)


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
    parts = [escape(str(own))] if own else []
    parts += [
        f'<a href="{escape(address)}">{word}</a>'
        for word, address in offered(world, stored, booking)
    ]
    return "<br>".join(parts)


def offered(world: World, stored: Stored, booking: Booking) -> list[tuple[str, str]]:
    """What the configuration lets a guest do with the booking, and where."""
    found = []
    if not stored.scheduler["hide_rescheduling_options"]:
        found.append(("Reschedule", link(world, stored, booking, "rescheduling_url")))
    if not stored.scheduler["hide_cancellation_options"]:
        found.append(("Cancel", link(world, stored, booking, "cancellation_url")))
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
