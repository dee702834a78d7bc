"""The clock on the wall: zones, times of day and dates as numbers, and daylight-saving changes.

An instant is a number of epoch seconds. A day is the number of days since 1970-01-01, and a time of
day the number of seconds since midnight, both as a clock on a wall in some zone shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

DAY: Final = 86400
UTC: Final = ZoneInfo("UTC")
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()

Stretch: TypeAlias = tuple[int, int, int]
"""From an instant, up to another, and how far the wall clock is ahead of UTC in between."""


class UnusableRule(ValueError):
    """Something in a configuration or an event that no availability can be computed from.

    Attributes:
        field: Which one, such as `participants[0].timezone`.
        problem: What is wrong with it.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem)
        self.field = field
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.field} {self.problem}"


def zone(name: str, field: str) -> ZoneInfo:
    """The zone of that name, which `field` holds. `utc` is known too: the API itself says so."""
    found = _zone(name)
    if found is None:
        raise UnusableRule(field, f"is no known time zone: {name!r}")
    return found


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return UTC if name.upper() == "UTC" else ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a name unknown, a path outside, a folder
        return None


def time_of_day(text: str, field: str) -> int:
    """`9:00`, `09:00` and even `24:00`, in seconds since midnight."""
    hours, colon, minutes = text.partition(":")
    if colon and 1 <= len(hours) <= 2 and len(minutes) == 2 and (hours + minutes).isdecimal():
        seconds = int(hours) * 3600 + int(minutes) * 60
        if int(minutes) < 60 and seconds <= DAY:
            return seconds
    raise UnusableRule(field, f"is no time of day such as 9:00: {text!r}")


def day(text: str, field: str) -> int:
    """`2026-12-24`, in days since 1970-01-01."""
    try:
        return date.fromisoformat(text).toordinal() - _FIRST_DAY
    except ValueError:
        raise UnusableRule(field, f"is no date such as 2026-12-24: {text!r}") from None


def weekday(number: int) -> int:
    """The day of the week of a day, with the API's numbers: 0 is Sunday."""
    return (number + 4) % 7


def offset(where: ZoneInfo, instant: int) -> int:
    """How many seconds the clock on that wall is ahead of UTC."""
    ahead = datetime.fromtimestamp(instant, where).utcoffset()
    return ahead.days * DAY + ahead.seconds if ahead else 0


def stretches(where: ZoneInfo, start: int, end: int) -> Sequence[Stretch]:
    """The time from start to end, cut where the clock on that wall is put forward or back."""
    day = start // DAY
    if not start < end <= (day + 1) * DAY:
        return _cut(where, start, end)
    # Within a day, as most questions are, all have the same answer, but for its ends.
    whole = _cut(where, day * DAY, (day + 1) * DAY)
    if len(whole) == 1:
        return ((start, end, whole[0][2]),)
    return [
        (max(first, start), min(last, end), ahead)
        for first, last, ahead in whole
        if first < end and last > start
    ]


@lru_cache(maxsize=512)
def _cut(where: ZoneInfo, start: int, end: int) -> tuple[Stretch, ...]:
    if start >= end:
        return ()
    found: list[Stretch] = []
    begin, ahead = start, offset(where, start)
    at = start
    while at < end:
        following = min(at + DAY, end)
        if offset(where, following) == ahead:
            at = following
            continue
        at = _change(where, at, following, ahead)
        found.append((begin, at, ahead))
        begin, ahead = at, offset(where, at)
    if begin < end:
        found.append((begin, end, ahead))
    return tuple(found)


def _change(where: ZoneInfo, before: int, after: int, ahead: int) -> int:
    """The first instant after one, up to another, at which the clock has been changed."""
    while after - before > 1:
        middle = (before + after) // 2
        if offset(where, middle) == ahead:
            before = middle
        else:
            after = middle
    return after
