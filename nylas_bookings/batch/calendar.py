"""Settling by the calendar: the event that a lost call would have made is there, or it is not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from attrs import evolve, field, frozen

from .._frames import hides_fields
from ..auth import ApiKey, PublicPage, configuration_of
from ..errors import InvalidRequest, NotFound
from ..models import GroupConfiguration
from ..models.calendar_events import CalendarEvent
from ..models.configurations import AnyConfiguration
from ..models.pages import Page
from ..operations import GET_BOOKING, GET_CONFIGURATION, Operation
from .results import Evidence
from .rows import slot_of
from .search_scope import CalendarRef, SearchScope, is_meant, of_hosts
from .settling import Absent, Ask, Finding, Found, LostCall, Unclear
from .sightings import Sighting, is_taken, is_then, sighting

# Not in the table of operations: it belongs to the Calendar API, and the client does not offer it.
LIST_EVENTS: Final[Operation[Page[CalendarEvent]]] = Operation(
    "events.list", "GET", "/v3/grants/{grant_id}/events", None, "Page[CalendarEvent]", True
)

_PAGE: Final = "200"
_MOST_PAGES: Final = 50
_AROUND: Final = 60
_TOO_OLD: Final = "there is an event with this guest, but it was made before the call"


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
    at these times with this guest, or with nobody but hosts; of a group event, when the event is
    there without the guest. Any other event with this guest proves neither.

    Args:
        api_key: The application's key; it reads calendars and configurations.
        grant_id: The organizer's grant.
        limit: How many seconds after its end a call may still take effect: 90 for the API, as the
            vendor documents, and 20 for the kernel, which may deliver the request so late.
        pause: How many seconds to wait between the two looks that have to agree on absence.
        clock_margin: How many seconds the clock that dates events may be behind the one that dates
            the API's responses. This machine's own clock does not enter.
        calendar_id: Where to look when the configuration does not say where it books.
        configuration_id: Whose event it would be, when the client's auth does not name it: with a
            `SessionToken` or a `PublicPage`. A session that a row brings along may be of another
            one, so that such a row is never proven absent.
    """

    api_key: ApiKey = field(converter=_key, repr=False)
    grant_id: str
    limit: float = field(default=110.0, kw_only=True, validator=_seconds)
    pause: float = field(default=5.0, kw_only=True, validator=_seconds)
    clock_margin: float = field(default=2.0, kw_only=True, validator=_seconds)
    calendar_id: str = field(default="primary", kw_only=True)
    configuration_id: str | None = field(default=None, kw_only=True)

    async def look(self, lost: LostCall, ask: Ask) -> Finding:
        """Look once."""
        where = await self._scope(lost, ask)
        events = [e for place in where.places for e in await self._events(lost, place, ask)]
        fitting: dict[str, Sighting] = {}
        doubtful: dict[str, Sighting] = {}
        for event in events:
            one = sighting(
                event, lost, where.configuration_id, where.hosts, is_joined=where.is_group
            )
            if one is None or await is_taken(one, lost):
                continue
            if lost.is_older(one.made_at, self.clock_margin):
                one = evolve(one, doubt=one.doubt or _TOO_OLD)
            (fitting if one.doubt is None else doubtful).setdefault(one.name, one)
        if not fitting and not doubtful:
            return _nothing(where, lost, {event.id for event in events})
        if where.is_group or len(fitting) > 1:
            return _too_much(where, [*fitting.values(), *doubtful.values()])
        if not fitting:
            return _doubtful([*doubtful.values()])
        return await self._judged(next(iter(fitting.values())), lost, ask)

    async def _judged(self, seen: Sighting, lost: LostCall, ask: Ask) -> Finding:
        """Whether the only event that may be the booking's is the booking's."""
        if len(seen.bookings) != 1:
            return seen.unclear("there is an event, but which booking it is of is not known")
        if (problem := lost.problem_with_age(seen.made_at, self.clock_margin)) is not None:
            return seen.unclear(f"there is an event, but {problem}")
        if not seen.is_complete:
            return seen.unclear("there is an event, but others take part than were asked for")
        try:
            booking = await ask(GET_BOOKING, seen.bookings[0], auth=lost.auth)
        except NotFound:
            return seen.unclear("there is an event, but the API does not know its booking")
        says = "its event is in the calendar, and the API knows its booking"
        return Found(booking, seen.evidence(says), seen.made_at, seen.hosts)

    async def _events(self, lost: LostCall, place: CalendarRef, ask: Ask) -> list[CalendarEvent]:
        """The events at the times of the booking."""
        start, end = slot_of(lost.request)
        # The vendor refuses filters by time and by metadata in one query, so the times it is; and
        # does not say whether an event that begins or ends with the time asked for is within it.
        query = {
            "calendar_id": place.calendar,
            "start": str(start - _AROUND),
            "end": str(end + _AROUND),
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

    async def _scope(self, lost: LostCall, ask: Ask) -> SearchScope:
        """The calendars in which the configuration books now, or the one that was named."""
        configuration_id = self._configuration_id(lost)
        configuration = await self._configuration(configuration_id, ask)
        if configuration is None or not is_meant(configuration, lost):
            place = CalendarRef(self.grant_id, self.calendar_id)
            known = None if configuration is not None else configuration_id
            return SearchScope(places=(place,), configuration_id=known, certain=False)
        if isinstance(configuration, GroupConfiguration):
            named = (configuration.group_booking.calendar_id, lost.request.calendar_id)
            places = [CalendarRef(self.grant_id, name) for name in dict.fromkeys(named) if name]
            return SearchScope(
                places=tuple(places),
                configuration_id=configuration_id,
                certain=True,
                is_group=True,
            )
        otherwise = CalendarRef(self.grant_id, self.calendar_id)
        return of_hosts(configuration, configuration_id, lost, otherwise)

    def _configuration_id(self, lost: LostCall) -> str | None:
        """Of which configuration the booking would be, if that is known."""
        named = configuration_of(lost.auth)
        if named is not None:
            return named
        # Nothing in a session says of which configuration it is. A page has a slug to compare.
        is_covered = not lost.has_own_auth or isinstance(lost.auth, PublicPage)
        return self.configuration_id if is_covered else None

    async def _configuration(
        self, configuration_id: str | None, ask: Ask
    ) -> AnyConfiguration | None:
        """The configuration; None when it is not known.

        It is read for each look: hosts and calendars may have been added since the last one.
        """
        if configuration_id is None:
            return None
        try:
            configuration: AnyConfiguration = await ask(
                GET_CONFIGURATION, self.grant_id, configuration_id, auth=self.api_key
            )
        except NotFound:
            return None
        return configuration


def _nothing(where: SearchScope, lost: LostCall, seen: Collection[str]) -> Finding:
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


def _doubtful(sightings: list[Sighting]) -> Unclear:
    """There are events that may be the booking's, but something speaks against each."""
    return Unclear(_evidence_of(sightings, sightings[0].doubt or ""))


def _too_much(where: SearchScope, sightings: list[Sighting]) -> Unclear:
    says = (
        "the guest takes part in the group event, but by which booking is not known"
        if where.is_group
        else "several events may be the one"
    )
    return Unclear(_evidence_of(sightings, says))


def _evidence_of(sightings: list[Sighting], says: str) -> Evidence:
    events = tuple(one.event for one in sightings)
    bookings = tuple(booking for one in sightings for booking in one.bookings)
    return Evidence(says=says, events=events, bookings=bookings)
