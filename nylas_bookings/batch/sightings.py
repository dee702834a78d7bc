"""Sightings: events of a calendar that may be of a lost booking, and what they tell of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from attrs import frozen

from .. import references
from ..models.calendar_events import CalendarEvent
from .results import Evidence
from .rows import people_of
from .settling import LostCall, Unclear


@frozen(kw_only=True)
class Sighting:
    """An event that may be the booking's, and the bookings that it tells.

    Attributes:
        bookings: Their ids.
        made_at: When the event was made, if it says so.
        is_complete: Whether those take part who were asked for, and nobody else but hosts.
    """

    event: str
    bookings: tuple[str, ...]
    made_at: datetime | None
    is_complete: bool

    @property
    def name(self) -> str:
        """The same for copies of one event in several calendars."""
        return self.bookings[0] if self.bookings else f"event {self.event}"

    def evidence(self, says: str) -> Evidence:
        """What this event shows."""
        return Evidence(says=says, events=(self.event,), bookings=self.bookings)

    def unclear(self, says: str) -> Unclear:
        """It shows too little."""
        return Unclear(self.evidence(says))


def is_then(event: CalendarEvent, lost: LostCall) -> bool:
    """Whether an event is at the times of the booking."""
    wanted, when = lost.request, event.when
    times = (wanted.start_time, wanted.end_time)
    return when is not None and (when.start_time, when.end_time) == times


def sighting(
    event: CalendarEvent, lost: LostCall, configuration_id: str | None, hosts: Collection[str]
) -> Sighting | None:
    """What an event at these times shows; None if the guest does not take part.

    None also for one that was made for another configuration.
    """
    present = {(person.email or "").casefold() for person in event.participants}
    if lost.request.guest.email.casefold() not in present:
        return None
    of = (event.metadata or {}).get("key5")
    if of and configuration_id and of != configuration_id:
        return None
    told = references.found_in(event.description or "")
    bookings = {
        reference.booking_id: None
        for reference in told
        if reference.configuration_id == (configuration_id or of or reference.configuration_id)
    }
    organizer = event.organizer.email if event.organizer else None
    known_hosts = {*hosts, (organizer or "").casefold()}
    asked = people_of(lost.request)
    return Sighting(
        event=event.id,
        bookings=tuple(bookings),
        made_at=event.created_at,
        is_complete=present - known_hosts == asked - known_hosts,
    )


async def is_taken(sighting: Sighting, lost: LostCall) -> bool:
    """Whether all bookings that an event tells are known to be somebody else's."""
    for booking_id in sighting.bookings:
        if not await lost.belongs_to_another(booking_id):
            return False
    return bool(sighting.bookings)
