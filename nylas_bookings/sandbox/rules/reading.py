"""A configuration, read: what of it decides about times, in numbers, with defaults filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from ...models.availability_rules import AvailabilityRules, Buffer, OpenHours, SpecificTime
from ...models.configurations import Configuration, ConfigurationParticipant
from .hosts import DatedHours, Host, WeeklyHours
from .wall_clock import DAY, UTC, UnusableRule, day, time_of_day, zone

METHODS: Final = ("collective", "max-fairness", "max-availability")
FARTHEST_DAYS: Final = 731
_EVERY_DAY: Final = frozenset(range(7))
_IN_RULES: Final = "availability.availability_rules"
_NO_RULES: Final = AvailabilityRules()
_NO_BUFFER: Final = Buffer()


@frozen(kw_only=True)
class Rules:
    """What decides about times; all of them in seconds, but for the days.

    Attributes:
        method: One of `METHODS`.
        step: From one possible start to the next.
        round_to: Starts are rounded up to a multiple of it.
        before: The buffer before busy time.
        after: The buffer after busy time.
        days: The last day that can be booked, counted from today.
        zone: Where days begin and possible starts are counted.
        hosts: Who can be met.
        invited: The addresses of all participants, hosts or not, in lower case.
    """

    method: str
    duration: int
    step: int
    round_to: int
    before: int
    after: int
    days: int
    zone: ZoneInfo
    hosts: tuple[Host, ...]
    invited: frozenset[str]


@frozen(kw_only=True)
class _Defaults:
    """The hours of hosts who have none of their own, and whether only those of dates count."""

    weekly: tuple[WeeklyHours, ...]
    dated: tuple[DatedHours, ...]
    only_dates: bool


def read(configuration: Configuration) -> Rules:
    """The rules of a configuration; raises `UnusableRule` for those that cannot be kept.

    Nothing says how far ahead the API looks at most. Here it is two years: without an end, a
    configuration for a thousand years would keep the sandbox busy for as long.
    """
    availability = configuration.availability
    rules = availability.availability_rules or _NO_RULES
    buffer = rules.buffer or _NO_BUFFER
    minutes = availability.duration_minutes
    scheduler = configuration.scheduler
    event_zone = _zone(configuration.event_booking.timezone, "event_booking.timezone", UTC)
    hosts = _hosts(configuration, rules, event_zone)
    return Rules(
        method=_method(rules, len(hosts)),
        duration=_seconds(minutes, minutes, "duration_minutes"),
        step=_seconds(availability.interval_minutes, minutes, "interval_minutes"),
        round_to=_seconds(availability.round_to, 15, "round_to"),
        before=60 * (buffer.before or 0),
        after=60 * (buffer.after or 0),
        days=bookable_days(scheduler.available_days_in_future if scheduler else None),
        zone=event_zone,
        hosts=hosts,
        invited=frozenset(person.email.casefold() for person in configuration.participants),
    )


def bookable_days(days: int | None) -> int:
    """The last day that can be booked, counted from today: 30 if not given, at most two years."""
    return 30 if days is None else min(days, FARTHEST_DAYS)


def _seconds(minutes: int | None, default: int, name: str) -> int:
    """Minutes that are not given, or none, are the default ones."""
    seconds = 60 * (minutes or default)
    if not 0 < seconds <= FARTHEST_DAYS * DAY:
        raise UnusableRule(f"availability.{name}", f"is no usable length of time: {minutes}")
    return seconds


def _method(rules: AvailabilityRules, hosts: int) -> str:
    """How hosts are taken. With one host there are no turns, whatever the configuration says."""
    method = rules.availability_method or "collective"
    if method not in METHODS:
        raise UnusableRule(f"{_IN_RULES}.availability_method", f"is unknown: {method!r}")
    return method if hosts > 1 else "collective"


def _zone(name: str | None, field: str, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone of that name; an empty one counts as not given."""
    return zone(name, field) if name else otherwise


def _hosts(
    configuration: Configuration, rules: AvailabilityRules, event_zone: ZoneInfo
) -> tuple[Host, ...]:
    """The participants who can be met: those who are known by e-mail alone are merely invited."""
    default = _defaults(configuration, rules, event_zone)
    return tuple(
        _host(participant, f"participants[{number}]", event_zone, default)
        for number, participant in enumerate(configuration.participants)
        if participant.availability is not None or participant.booking is not None
    )


def _host(
    participant: ConfigurationParticipant, field: str, event_zone: ZoneInfo, default: _Defaults
) -> Host:
    """A host with the hours that hold for the host.

    Without `availability` a host is free "at all times", so neither calendars nor weekly hours
    matter; hours of single dates still do, as they are told of all participants.
    """
    own_zone = _zone(participant.timezone, f"{field}.timezone", event_zone)
    entries = participant.specific_time_availability or ()
    own = _dated(entries, f"{field}.specific_time_availability", own_zone)
    only_own = bool(participant.only_specific_time_availability)
    weekly = _weekly(participant, field, own_zone, default.weekly)
    return Host(
        email=participant.email,
        weekly=() if only_own or default.only_dates else weekly,
        dated=own if only_own else own + _others(default.dated, own),
        always_free=participant.availability is None,
    )


def _weekly(
    participant: ConfigurationParticipant,
    field: str,
    own_zone: ZoneInfo,
    default: tuple[WeeklyHours, ...],
) -> tuple[WeeklyHours, ...]:
    """The host's own open hours, else the default ones, else all hours."""
    availability = participant.availability
    if availability and availability.open_hours:
        field = f"{field}.availability.open_hours"
        return tuple(
            _open_hours(hours, f"{field}[{number}]", own_zone)
            for number, hours in enumerate(availability.open_hours)
        )
    if availability and default:
        return default
    return (WeeklyHours(own_zone, 0, DAY, _EVERY_DAY, frozenset()),)


def _defaults(
    configuration: Configuration, rules: AvailabilityRules, event_zone: ZoneInfo
) -> _Defaults:
    """The default hours: weekly ones are in the zone of the event, and else in their own."""
    weekly = tuple(
        _open_hours(hours, f"{_IN_RULES}.default_open_hours[{number}]", event_zone)
        for number, hours in enumerate(rules.default_open_hours or ())
    )
    if configuration.event_booking.timezone:
        weekly = tuple(evolve(hours, zone=event_zone) for hours in weekly)
    entries = rules.default_specific_time_availability or ()
    field = f"{_IN_RULES}.default_specific_time_availability"
    return _Defaults(
        weekly=weekly,
        dated=_dated(entries, field, event_zone),
        only_dates=bool(rules.only_specific_time_availability),
    )


def _open_hours(hours: OpenHours, field: str, zone_otherwise: ZoneInfo) -> WeeklyHours:
    """A block of open hours; without days it holds on none, without times on the whole day."""
    where = _zone(hours.timezone, f"{field}.timezone", zone_otherwise)
    start, end = _times(hours.start or "0:00", hours.end or "24:00", field)
    days = frozenset(hours.days or ())
    if not days <= _EVERY_DAY:
        raise UnusableRule(f"{field}.days", f"go from 0, Sunday, to 6, Saturday: {sorted(days)}")
    exdates = frozenset(day(text, f"{field}.exdates") for text in hours.exdates or ())
    return WeeklyHours(where, start, end, days, exdates)


def _dated(
    entries: Sequence[SpecificTime], field: str, zone_otherwise: ZoneInfo
) -> tuple[DatedHours, ...]:
    """Hours of single dates: several for one date add up, and closed ones add nothing."""
    return tuple(
        DatedHours(
            _zone(entry.timezone, f"{field}[{number}].timezone", zone_otherwise),
            *_times(entry.start, entry.end, f"{field}[{number}]"),
            day(entry.date, f"{field}[{number}].date"),
        )
        for number, entry in enumerate(entries)
    )


def _others(default: Sequence[DatedHours], own: Sequence[DatedHours]) -> tuple[DatedHours, ...]:
    """The default hours of the dates for which the host has none of their own."""
    dates = {hours.day for hours in own}
    return tuple(hours for hours in default if hours.day not in dates)


def _times(start: str, end: str, field: str) -> tuple[int, int]:
    """Two times of one day: midnight as an end is the end of the day, unless it is the start too.

    The API's open hours "cannot span multiple days": hours past midnight are two blocks.
    """
    first, last = time_of_day(start, f"{field}.start"), time_of_day(end, f"{field}.end")
    if last == 0 < first:
        last = DAY
    if last < first:
        raise UnusableRule(f"{field}.end", f"is before the start, {start}: hours end at midnight")
    return first, last
