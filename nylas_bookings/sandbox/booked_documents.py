"""What a booking is besides its times and its state: people, answers, and where its event goes."""

from __future__ import annotations

from typing import Any

from ..models.bookings import NewBooking
from . import calendar
from .configurations import Stored
from .refusals import bad_request
from .world import World


def document(
    world: World,
    stored: Stored,
    wanted: NewBooking,
    zone: str | None,
    hosts: tuple[str, ...],
    answers: dict[str, str],
) -> dict[str, Any]:
    """All of that, for a booking of these hosts."""
    event = stored.standard.event_booking
    people = _hosts(stored, hosts)
    calendars = _calendars(world, stored, hosts)
    if not calendars:
        raise bad_request("no participant has a calendar for the event")
    return {
        "title": event.title,
        "description": event.description or "",
        "location": event.location or "",
        **guests(wanted, answers),
        "hosts": people,
        "organizer": {"email": people[0]["email"], "name": people[0]["name"]},
        "host_timezone": zone or event.timezone or "UTC",
        "calendars": calendars,
        "grant_id": calendars[0][0],
        "calendar_id": calendars[0][1],
    }


def guests(wanted: NewBooking, answers: dict[str, str]) -> dict[str, Any]:
    """What the guest told."""
    return {
        "guest": {"name": wanted.guest.name, "email": wanted.guest.email},
        "additional_guests": [
            {"name": guest.name, "email": guest.email} for guest in wanted.additional_guests
        ],
        "additional_fields": answers,
        "timezone": wanted.timezone,
        "email_language": wanted.email_language or "en",
    }


def _hosts(stored: Stored, emails: tuple[str, ...]) -> list[dict[str, str]]:
    """The hosts who take part, the organizer first."""
    taking_part = [host for host in stored.standard.participants if host.email in emails]
    ordered = sorted(taking_part, key=lambda host: not host.is_organizer)
    return [{"email": host.email, "name": host.name or host.email} for host in ordered]


def _calendars(world: World, stored: Stored, emails: tuple[str, ...]) -> list[tuple[str, str]]:
    """Where the event goes, the organizer's calendar first."""
    found = []
    for host in sorted(stored.standard.participants, key=lambda host: not host.is_organizer):
        if host.email in emails and host.booking is not None:
            grant = calendar.grant(world, host.email)
            if grant is None:
                raise bad_request(f"Failed to find a valid Grant for {host.email}")
            found.append(
                (grant["id"], calendar.own_id(host.email, host.booking.calendar_id or "primary"))
            )
    return found
