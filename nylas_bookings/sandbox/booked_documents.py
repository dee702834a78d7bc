"""What a booking is besides its times and its state: people, answers, and where its event goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..models.bookings import Guest, NewBooking
from . import calendar, group_events
from .additional_fields import checked_answers
from .configurations import Stored
from .refusals import bad_request
from .rescheduling import Rescheduling
from .rules import GroupSlot
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
    return {
        "title": event.title,
        "description": event.description or "",
        "location": event.location or "",
        **guests(wanted, answers),
        "invited": _invited(stored, wanted),
        **of_hosts(world, stored, hosts),
        "host_timezone": zone or event.timezone or "UTC",
    }


def of_hosts(world: World, stored: Stored, hosts: tuple[str, ...]) -> dict[str, Any]:
    """What depends on the hosts: whose booking it is, and where its event goes."""
    people = _hosts(stored, hosts)
    calendars = _calendars(world, stored, hosts)
    if not calendars:
        raise bad_request("no participant has a calendar for the event")
    return {
        "hosts": people,
        "organizer": {"email": people[0]["email"], "name": people[0]["name"]},
        "calendars": calendars,
        "grant_id": calendars[0][0],
        "calendar_id": calendars[0][1],
    }


def guests(wanted: NewBooking, answers: dict[str, str]) -> dict[str, Any]:
    """What the guest told."""
    return {
        "guest": _person(wanted.guest),
        "additional_guests": [_person(guest) for guest in wanted.additional_guests],
        "additional_fields": answers,
        "timezone": wanted.timezone,
        "email_language": wanted.email_language or "en",
    }


def of_group(world: World, stored: Stored, slot: GroupSlot) -> dict[str, Any]:
    """What a booking is because of the group event that its guest has joined."""
    meeting = group_events.read(world, stored, slot.master_id or slot.event_id)
    organized_by = calendar.owner(world, stored.grant_id)
    return {
        "title": meeting["title"],
        "description": meeting.get("description") or "",
        "location": meeting.get("location") or "",
        "hosts": [organized_by],
        "organizer": organized_by,
        "host_timezone": meeting["when"].get("start_timezone") or "UTC",
        "calendars": [],
        "grant_id": stored.grant_id,
        "calendar_id": slot.calendar_id,
    }


def told_anew(stored: Stored, wanted: Rescheduling) -> dict[str, Any]:
    """What the guest told with a reschedule, if anything."""
    told: dict[str, Any] = {}
    if wanted.guest is not None:
        told["guest"] = _person(wanted.guest)
    if wanted.additional_guests is not None:
        told["additional_guests"] = [_person(guest) for guest in wanted.additional_guests]
    if wanted.additional_fields is not None:
        told["additional_fields"] = answers(stored, wanted.additional_fields)
    if wanted.timezone is not None:
        told["timezone"] = wanted.timezone
    if wanted.email_language:
        told["email_language"] = wanted.email_language
    return told


def answers(stored: Stored, given: Mapping[str, str] | None) -> dict[str, str]:
    """The answers to the configuration's questions; refuses those that do not fit."""
    fields = stored.model.scheduler.additional_fields if stored.model.scheduler else None
    return checked_answers(fields or {}, given or {})


def _person(guest: Guest) -> dict[str, str]:
    return {"name": guest.name, "email": guest.email}


def _invited(stored: Stored, wanted: NewBooking) -> list[dict[str, str]]:
    """Who is known by e-mail alone: told of the meeting, whoever of the hosts holds it.

    Who names the participants of a meeting that all hosts hold names all of them.
    """
    found = [
        person
        for person in stored.standard.participants
        if person.availability is None and person.booking is None
    ]
    if found and wanted.participants and stored.rules.method == "collective":
        asked = {participant.email.casefold() for participant in wanted.participants}
        found = [person for person in found if person.email.casefold() in asked]
    return [{"email": person.email, "name": person.name or person.email} for person in found]


def _hosts(stored: Stored, emails: tuple[str, ...]) -> list[dict[str, str]]:
    """The hosts who take part, the organizer first."""
    return [
        {"email": host.email, "name": host.name or host.email}
        for host in stored.organizer_first
        if host.email in emails
    ]


def _calendars(world: World, stored: Stored, emails: tuple[str, ...]) -> list[tuple[str, str]]:
    """Where the event goes, the organizer's calendar first."""
    found = []
    for host in stored.organizer_first:
        if host.email in emails and host.booking is not None:
            grant = calendar.grant(world, host.email)
            if grant is None:
                raise bad_request(f"Failed to find a valid Grant for {host.email}")
            found.append(
                (grant["id"], calendar.own_id(host.email, host.booking.calendar_id or "primary"))
            )
    return found
