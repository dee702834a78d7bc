"""Bookings and receipts, as people read them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from rich.text import Text

from . import printing, times
from .documents import document
from .running import Answer

if TYPE_CHECKING:
    from ..models import Booking, BookingReceipt, Receipt, TimeSlot

_STYLES: Final = {"booked": "green", "pending": "yellow", "cancelled": "red"}


def booking(told: Booking, **more: object) -> Answer:
    """A booking, with what is known of it besides."""
    organizer = told.organizer
    facts = {
        "booking": told.booking_id,
        "status": status(told.status),
        "title": told.title,
        **more,
        "organizer": person(organizer.name, organizer.email),
        "location": told.location,
        "event": told.event_id,
        "request": told.request_id,
    }
    return Answer(document(told), printing.facts(facts))


def receipt(told: BookingReceipt, done: str, **more: object) -> Answer:
    """The yes to a change of a booking."""
    facts = {
        "booking": told.booking_id,
        "status": status("was gone already" if told.already_gone else done),
        **more,
        "request": told.request_id,
    }
    return Answer(document(told), printing.facts(facts))


def gone(told: Receipt, done: str, **more: object) -> Answer:
    """The yes to the end of something."""
    state = status("was gone already" if told.already_gone else done)
    return Answer(
        document(told), printing.facts({**more, "status": state, "request": told.request_id})
    )


def status(word: str) -> Text:
    """A state, in its colour."""
    return printing.text(word, _STYLES.get(word, "bold"))


def person(name: str | None, email: str | None) -> str:
    """Somebody with their address."""
    return f"{name or ''} <{email}>".strip() if email else name or ""


def stretch(slot: TimeSlot, zone: str | None) -> str:
    """When something is, on the clocks of a zone."""
    where = times.zone(zone)
    start, end = (times.local(one, where) for one in (slot.start_time, slot.end_time))
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{long_day(end)}, {end:%H:%M}"
    return f"{long_day(start)}, {start:%H:%M}–{until} ({times.name_of(where, start)})"


def long_day(of: datetime) -> str:
    """A day as people write it."""
    return f"{of:%a} {of.day} {of:%B %Y}"
