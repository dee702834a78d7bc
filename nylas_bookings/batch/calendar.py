"""Settling by the calendar: the event that a lost call would have made is there, or it is not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from attrs import field, frozen

from .._frames import hides_fields
from ..auth import ApiKey, configuration_of
from ..errors import InvalidRequest, NotFound
from ..models import Configuration, GroupConfiguration
from ..models.calendar_events import CalendarEvent
from ..models.pages import Page
from ..operations import GET_BOOKING, GET_CONFIGURATION, Operation
from .results import Evidence
from .settling import Absent, Ask, Finding, Found, LostCall, Unclear
from .sightings import Sighting, is_taken, is_then, sighting

# Not in the table of operations: it belongs to the Calendar API, and the client does not offer it.
LIST_EVENTS: Final[Operation[Page[CalendarEvent]]] = Operation(
    "events.list", "GET", "/v3/grants/{grant_id}/events", None, "Page[CalendarEvent]", True
)

_PAGE: Final = "200"
_MOST_PAGES: Final = 50
_AROUND: Final = 60


@frozen
class _Place:
    """A calendar in which the event would be."""

    grant: str
    calendar: str


@frozen(kw_only=True)
class _Where:
    """Where the event of a booking would be.

    Attributes:
        places: The calendars.
        certain: Whether it cannot be anywhere else.
        is_group: Whether the event is there before the booking, and the guest only joins it.
        hosts: The addresses of those whom the configuration brings along.
    """

    places: tuple[_Place, ...]
    certain: bool
    is_group: bool = False
    hosts: frozenset[str] = frozenset()


def _seconds(instance: object, attribute: Any, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise InvalidRequest(f"CalendarSettler.{attribute.name} is a number of seconds")


def _key(key: ApiKey | str) -> ApiKey:
    return key if isinstance(key, ApiKey) else ApiKey(key)


@hides_fields
@frozen(eq=False)
class CalendarSettler:
    """Looks for the event of a lost booking in the hosts' calendars.

    An event is the booking's when it was made for the same configuration, at the same times, for
    the same people, after the call was sent, and when it tells a booking that no other row has and
    that the API knows. There is none when no calendar in which the configuration books has an event
    at these times with this guest; of a group event, when the event is there without the guest.

    Args:
        api_key: The application's key; it reads calendars and configurations.
        grant_id: The organizer's grant.
        limit: How many seconds the API may still be working on a call that it was sent. The vendor
            documents 90.
        pause: How many seconds to wait between the two looks that have to agree on absence.
        clock_margin: How many seconds the API's clock may be behind this machine's.
        calendar_id: Where to look when the configuration does not say where it books.
        configuration_id: Whose event it would be, when the call's auth does not name it: with a
            `SessionToken` or a `PublicPage`.
    """

    api_key: ApiKey = field(converter=_key, repr=False)
    grant_id: str
    limit: float = field(default=90.0, kw_only=True, validator=_seconds)
    pause: float = field(default=5.0, kw_only=True, validator=_seconds)
    clock_margin: float = field(default=60.0, kw_only=True, validator=_seconds)
    calendar_id: str = field(default="primary", kw_only=True)
    configuration_id: str | None = field(default=None, kw_only=True)
    _configurations: dict[str, Configuration | GroupConfiguration | None] = field(
        init=False, factory=dict, repr=False
    )

    async def look(self, lost: LostCall, ask: Ask) -> Finding:
        """Look once."""
        configuration_id = configuration_of(lost.auth) or self.configuration_id
        where = await self._where(lost, configuration_id, ask)
        events = [e for place in where.places for e in await self._events(lost, place, ask)]
        seen: dict[str, Sighting] = {}
        for event in events:
            one = sighting(event, lost, configuration_id, where.hosts)
            if one is not None and not await is_taken(one, lost):
                seen.setdefault(one.name, one)
        if not seen:
            return _nothing(where, lost, {event.id for event in events})
        if where.is_group or len(seen) > 1:
            return _too_much(where, list(seen.values()))
        return await self._judged(next(iter(seen.values())), lost, ask)

    async def _judged(self, seen: Sighting, lost: LostCall, ask: Ask) -> Finding:
        """Whether the only event that may be the booking's is the booking's."""
        since = datetime.fromtimestamp(lost.sent_at, UTC) - timedelta(seconds=self.clock_margin)
        if len(seen.bookings) != 1:
            return seen.unclear("there is an event, but which booking it is of is not known")
        if seen.made_at is None:
            return seen.unclear("there is an event, but when it was made is not known")
        if seen.made_at < since:
            return seen.unclear("there is an event, but it was made before the call")
        if not seen.is_complete:
            return seen.unclear("there is an event, but others take part than were asked for")
        try:
            booking = await ask(GET_BOOKING, seen.bookings[0], auth=lost.auth)
        except NotFound:
            return seen.unclear("there is an event, but the API does not know its booking")
        says = "its event is in the calendar, and the API knows its booking"
        return Found(booking, seen.evidence(says))

    async def _events(self, lost: LostCall, place: _Place, ask: Ask) -> list[CalendarEvent]:
        """The events at the times of the booking."""
        wanted = lost.request
        # The vendor refuses filters by time and by metadata in one query, so the times it is; and
        # does not say whether an event that begins or ends with the time asked for is within it.
        query = {
            "calendar_id": place.calendar,
            "start": str(int(wanted.start_time.timestamp()) - _AROUND),
            "end": str(int(wanted.end_time.timestamp()) + _AROUND),
            "expand_recurring": "true",
            "show_cancelled": "true",
            "limit": _PAGE,
        }
        events: list[CalendarEvent] = []
        for _ in range(_MOST_PAGES):
            page = await ask(LIST_EVENTS, place.grant, query=query.copy, auth=self.api_key)
            events += [event for event in page.items if is_then(event, lost)]
            if page.next_cursor is None:
                return events
            query["page_token"] = page.next_cursor
        raise InvalidRequest("the calendar has too many events at that time to look through")

    async def _where(self, lost: LostCall, configuration_id: str | None, ask: Ask) -> _Where:
        """The calendars in which the configuration books, or the one that was named."""
        configuration = await self._configuration(configuration_id, ask)
        if isinstance(configuration, GroupConfiguration):
            named = (configuration.group_booking.calendar_id, lost.request.calendar_id)
            places = [_Place(self.grant_id, name) for name in dict.fromkeys(named) if name]
            return _Where(places=tuple(places), certain=True, is_group=True)
        if configuration is not None:
            return _of_hosts(configuration, lost, self.grant_id, self.calendar_id)
        return _Where(places=(_Place(self.grant_id, self.calendar_id),), certain=False)

    async def _configuration(
        self, configuration_id: str | None, ask: Ask
    ) -> Configuration | GroupConfiguration | None:
        """The configuration, read once; None when it is not known."""
        if configuration_id is None:
            return None
        if configuration_id not in self._configurations:
            try:
                read = await ask(
                    GET_CONFIGURATION, self.grant_id, configuration_id, auth=self.api_key
                )
            except NotFound:
                read = None
            self._configurations[configuration_id] = read
        return self._configurations[configuration_id]


def _of_hosts(
    configuration: Configuration, lost: LostCall, grant_id: str, otherwise: str
) -> _Where:
    """The calendars of the hosts who may have been booked. An address names a grant as its id does.

    With one host for everybody it is the organizer's; in turn, it may be any host's.
    """
    hosts = configuration.participants
    rules = configuration.availability.availability_rules
    in_turn = rules is not None and rules.availability_method not in (None, "collective")
    asked = {host.email.casefold() for host in lost.request.participants or ()}
    organizers = [host for host in hosts if host.is_organizer]
    if in_turn:
        booked = [host for host in hosts if not asked or host.email.casefold() in asked]
    else:
        booked = organizers or [host for host in hosts if host.booking is not None]
    places = tuple(
        _Place(grant_id if host.is_organizer else host.email, host.booking.calendar_id)
        for host in booked
        if host.booking is not None and host.booking.calendar_id
    )
    return _Where(
        places=places or (_Place(grant_id, otherwise),),
        certain=bool(places) and len(places) == len(booked),
        hosts=frozenset({host.email.casefold() for host in hosts} | asked),
    )


def _nothing(where: _Where, lost: LostCall, seen: Collection[str]) -> Finding:
    """There is no trace: which is only worth something where there would have to be one."""
    if where.is_group and lost.request.event_id not in seen:
        return Unclear(Evidence(says="the group event that was to be joined cannot be seen"))
    if where.certain:
        return Absent(Evidence(says="no event at these times has this guest"))
    return Unclear(
        Evidence(
            says="no event at these times has this guest, but in which calendar the configuration "
            "books is not known"
        )
    )


def _too_much(where: _Where, sightings: list[Sighting]) -> Unclear:
    says = (
        "the guest takes part in the group event, but by which booking is not known"
        if where.is_group
        else "several events may be the one"
    )
    events = tuple(one.event for one in sightings)
    bookings = tuple(booking for one in sightings for booking in one.bookings)
    return Unclear(Evidence(says=says, events=events, bookings=bookings))
