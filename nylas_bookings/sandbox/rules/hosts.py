"""A host of a configuration: when the host's hours are, and when the host is free within them.

Open hours are wall time: an instant is open when the clock on the wall shows a time within them.
Where the clock is put forward, hours that it skips do not exist; where it is put back, hours that
it shows twice are open twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from attrs import frozen

from .intervals import Interval, merged, padded, without
from .wall_clock import DAY, stretches, weekday


@frozen
class WeeklyHours:
    """Hours on days of the week (0 is Sunday), but not on the excluded dates."""

    zone: ZoneInfo
    start: int
    end: int
    days: frozenset[int]
    exdates: frozenset[int]

    def dates(self, first: int, last: int) -> Iterable[int]:
        """The days, from one to another, on which they hold."""
        days = range(first, last + 1)
        return [day for day in days if weekday(day) in self.days and day not in self.exdates]


@frozen
class DatedHours:
    """Hours on one date; start and end are the same where the date is closed."""

    zone: ZoneInfo
    start: int
    end: int
    day: int

    def dates(self, first: int, last: int) -> Iterable[int]:
        """The days, from one to another, on which they hold."""
        return (self.day,) if first <= self.day <= last else ()


@frozen(kw_only=True)
class Host:
    """Somebody who can be met.

    Attributes:
        email: Under which the host's busy time is found.
        weekly: Hours of every week; they do not hold on dates that have hours of their own.
        dated: Hours of single dates.
        always_free: Whether the host's calendars do not matter.
    """

    email: str
    weekly: tuple[WeeklyHours, ...]
    dated: tuple[DatedHours, ...]
    always_free: bool = False


def free_times(
    host: Host, busy: Sequence[Interval], *, before: int, after: int, start: int, end: int
) -> list[Interval]:
    """When the host can be met between start and end: in open hours, outside padded busy time."""
    times = open_times(host, start, end)
    if host.always_free or not busy:
        return times
    return without(times, padded(busy, before=before, after=after, start=start, end=end))


def is_free(
    host: Host, busy: Sequence[Interval], *, before: int, after: int, start: int, end: int
) -> bool:
    """Whether `free_times` has all of the time from start to end."""
    if not host.always_free:
        for first, last in busy:
            if first < last and first - before < end and last + after > start:
                return False
    return open_times(host, start, end) == [(start, end)]


def open_times(host: Host, start: int, end: int) -> list[Interval]:
    """When the host's hours are between start and end, busy or not."""
    special = {hours.day for hours in host.dated}
    found: list[Interval] = []
    for weekly in host.weekly:
        found += _instants(weekly, start, end, special)
    for dated in host.dated:
        found += _instants(dated, start, end, ())
    return merged(found)


def _instants(
    hours: WeeklyHours | DatedHours, start: int, end: int, closed: Collection[int]
) -> Iterator[Interval]:
    """The hours as instants between start and end, but for those of the closed days."""
    for first, last, ahead in stretches(hours.zone, start, end):
        for day in hours.dates((first + ahead) // DAY, (last - 1 + ahead) // DAY):
            if day not in closed:
                midnight = day * DAY - ahead
                yield max(first, midnight + hours.start), min(last, midnight + hours.end)
