"""Sightings: events of a calendar that may be of a lost booking, and what they tell of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from attrs import field, frozen

from .. import references
from ..models.calendar_events import CalendarEvent, EventParticipant
from .addresses import comparable, comparable_set
from .results import Evidence
from .rows import people_of, slot_of
from .settling import LostCall, Unclear

_NO_GUEST: Final = "there is an event at these times, but it does not say who its guests are"
_NO_CONFIGURATION: Final = (
    "there is an event with this guest, but it does not say of which configuration it is"
)
_OTHER_CONFIGURATION: Final = (
    "there is an event with this guest, but it says that it is of another configuration"
)


@frozen(kw_only=True)
class Sighting:
    """An event that may be the booking's, and the bookings that it tells.

    Attributes:
        bookings: Their ids.
        made_at: When the event was made, if it says so.
        is_complete: Whether those take part who were asked for, and nobody else but hosts.
        hosts: The addresses that were not compared, because they are of hosts.
        doubt: What speaks against it. Such an event proves no booking, but no absence either.
    """

    event: str
    bookings: tuple[str, ...]
    made_at: datetime | None
    is_complete: bool
    hosts: frozenset[str] = field(repr=False)
    doubt: str | None = None

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
    when = event.when
    if when is None or when.start_time is None or when.end_time is None:
        return False
    return (when.start_time.timestamp(), when.end_time.timestamp()) == slot_of(lost.request)


def sighting(
    event: CalendarEvent,
    lost: LostCall,
    configuration_id: str | None,
    hosts: Collection[str],
    *,
    is_joined: bool,
) -> Sighting | None:
    """What an event at these times shows; None if it lists its guests, and this one not.

    Args:
        event: The event.
        lost: The call whose booking is looked for.
        configuration_id: The configuration of that booking, if it is known.
        hosts: The addresses of the hosts that are known, as they can be compared.
        is_joined: Whether it is there without guests too, and a booking only joins it.
    """
    present = comparable_set(person.email for person in event.participants)
    known_hosts = frozenset(hosts) | _organizer(event.organizer)
    asked = people_of(lost.request)
    doubt = None
    if comparable(lost.request.guest.email) in present:
        doubt = _doubt(event, configuration_id)
    elif _may_hide_guests(event, present <= known_hosts, is_joined=is_joined):
        doubt = _NO_GUEST
    else:
        return None
    return Sighting(
        event=event.id,
        bookings=_bookings(event, configuration_id),
        made_at=event.created_at,
        is_complete=present - known_hosts == asked - known_hosts,
        hosts=known_hosts,
        doubt=doubt,
    )


async def is_taken(sighting: Sighting, lost: LostCall) -> bool:
    """Whether all bookings that an event tells are known to be somebody else's."""
    for booking_id in sighting.bookings:
        if not await lost.belongs_to_another(booking_id):
            return False
    return bool(sighting.bookings)


def _organizer(organizer: EventParticipant | None) -> frozenset[str]:
    return frozenset() if organizer is None else comparable_set([organizer.email])


def _may_hide_guests(event: CalendarEvent, has_only_hosts: bool, *, is_joined: bool) -> bool:
    """Whether a guest may take part of whom the event shows nothing."""
    has_unnamed = any(not person.email for person in event.participants)
    return has_unnamed or (has_only_hosts and not is_joined)


def _doubt(event: CalendarEvent, configuration_id: str | None) -> str | None:
    """Why an event with this guest may not be of the configuration, if anything says so."""
    of = (event.metadata or {}).get("key5")
    if not of:
        return _NO_CONFIGURATION
    if configuration_id is not None and of != configuration_id:
        # Also an id in other letters: so nobody writes it, as far as anybody knows.
        return _OTHER_CONFIGURATION
    return None


def _bookings(event: CalendarEvent, configuration_id: str | None) -> tuple[str, ...]:
    """The bookings of which there are links in the description.

    Any text that is long enough looks like a link, so that its configuration has to be a known one.
    """
    of = (event.metadata or {}).get("key5")
    known = {id_.casefold() for id_ in (configuration_id, of) if isinstance(id_, str)}
    return tuple(
        reference.booking_id
        for reference in references.found_in(event.description or "")
        if not known or reference.configuration_id in known
    )
