"""What Nylas would write to hosts and guests, and to whom."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from attrs import evolve, frozen

from .. import events
from ..booked import Booking
from ..configurations import Stored
from ..world import World
from .times import told


@frozen
class Letter:
    """A kind of mail.

    Attributes:
        kind: The trigger that goes with it, for those who read the outbox.
        subject: With the title of the meeting in it.
        opening: What happened.
    """

    kind: str
    subject: str
    opening: str


Mail: TypeAlias = tuple[str, str, str | None, str, str]
"""To whom, of which kind, about which booking if about one, subject and body."""

_LETTERS: Final = {
    "created": Letter("booking.created", "Confirmed: {title}", "The meeting is booked."),
    "pending": Letter(
        "booking.pending",
        "Waiting for confirmation: {title}",
        "The meeting takes place if the host confirms it.",
    ),
    "confirmed": Letter("booking.created", "Confirmed: {title}", "The host has confirmed."),
    "rescheduled": Letter(
        "booking.rescheduled", "Rescheduled: {title}", "The meeting has another time."
    ),
    "cancelled": Letter("booking.cancelled", "Cancelled: {title}", "The meeting is cancelled."),
    "declined": Letter(
        "booking.cancelled", "Declined: {title}", "The host has declined the meeting."
    ),
    "reminder": Letter("booking.reminder", "Reminder: {title}", "The meeting is about to begin."),
}


def of_change(world: World, stored: Stored, booking: Booking, what: str, **more: Any) -> list[Mail]:
    """What guests and hosts read of what happened to a booking.

    Until the organizer has said yes, only the organizer and the guest are told.
    """
    guests, hosts = _guests(booking), list(booking.document["hosts"])
    if booking.status == "pending" or what == "declined":
        guests, hosts = guests[:1], [booking.document["organizer"]]
    if booking.status == "pending" and what == "created":
        what = "pending"
    return _written(world, stored, booking, _LETTERS[what], hosts=hosts, guests=guests, **more)


def of_reminder(
    world: World, stored: Stored, booking: Booking, reminder: dict[str, Any], *, hosts_too: bool
) -> list[Mail]:
    """What those read for whom a reminder is meant."""
    letter = _LETTERS["reminder"]
    if subject := reminder.get("email_subject"):
        letter = evolve(letter, subject=_literally(subject))
    meant_for = reminder.get("recipient") or "all"
    hosts = booking.document["hosts"] if hosts_too and meant_for != "guest" else []
    guests = _guests(booking) if meant_for != "host" else []
    return _written(world, stored, booking, letter, hosts=hosts, guests=guests)


def _written(
    world: World,
    stored: Stored,
    booking: Booking,
    letter: Letter,
    *,
    hosts: list[Any],
    guests: list[Any],
    **more: Any,
) -> list[Mail]:
    """One letter to all of these; hosts and guests read it in their own zones."""
    if stored.event.get("disable_emails"):
        return []
    host_zone = booking.document["host_timezone"]
    guest_zone = booking.document["timezone"] or host_zone
    links = [] if letter.kind == "booking.cancelled" else _links(world, stored, booking)
    for_hosts = links if booking.status != "pending" else [_question(world, stored, booking)]
    about = {zone: _about(stored, booking, zone, more) for zone in {host_zone, guest_zone}}
    mails: list[Mail] = []
    for people, words, zone, what_can_be_done in (
        (hosts, letter, host_zone, for_hosts),
        (guests, _worded(stored, letter), guest_zone, links),
    ):
        subject = words.subject.format(title=booking.document["title"])
        body = "\n".join([words.opening, "", *about[zone], "", *what_can_be_done]).rstrip() + "\n"
        mails += [(person["email"], words.kind, booking.id, subject, body) for person in people]
    return mails


def _guests(booking: Booking) -> list[dict[str, Any]]:
    return events.once_each(events.guests(booking.document))


def _literally(text: str) -> str:
    """A text that holds no place for the title, whatever braces are in it."""
    return text.replace("{", "{{").replace("}", "}}")


def _worded(stored: Stored, letter: Letter) -> Letter:
    """The configuration's own words, which it may have for a booking that is certain."""
    template = stored.scheduler.get("email_template") or {}
    own = template.get("booking_confirmed") or {}
    if letter.kind != "booking.created" or not own:
        return letter
    return Letter(
        letter.kind,
        _literally(own["title"]) if own.get("title") else letter.subject,
        own.get("body") or letter.opening,
    )


def _about(stored: Stored, booking: Booking, zone: str, more: dict[str, Any]) -> list[str]:
    """What there is to know of the meeting, a line each."""
    booked = booking.document
    lines = [f"What: {booked['title']}", f"When: {told(booking.start, booking.end, zone)}"]
    if "old_start_time" in more:
        lines.append(f"Until now: {told(more['old_start_time'], more['old_end_time'], zone)}")
    if booked["location"]:
        lines.append(f"Where: {booked['location']}")
    if not stored.event.get("hide_participants"):
        people = [f"{one['name']} <{one['email']}>" for one in events.people(booked)]
        lines.append(f"Who: {', '.join(people)}")
    if more.get("cancellation_reason"):
        lines.append(f"Reason: {more['cancellation_reason']}")
    return lines


def _links(world: World, stored: Stored, booking: Booking) -> list[str]:
    """What can still be done, as far as the configuration lets anybody do it."""
    offered = events.offered(world, stored, booking)
    return [f"{word}: {address}" for word, address in offered]


def _question(world: World, stored: Stored, booking: Booking) -> str:
    """What only the organizer may answer."""
    page = events.link(world, stored, booking, "organizer_confirmation_url")
    return f"Confirm or decline: {page}"
