"""The oracle: availability by asking of every minute whether each host is open and free then.

It is slow, and shares nothing with the code it checks: no intervals, no arithmetic on offsets, no
parsing into numbers. Times of day are compared as texts, `09:00` before `17:00`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from nylas_bookings.models.availability_rules import OpenHours, SpecificTime
from nylas_bookings.models.configurations import Configuration, ConfigurationParticipant
from nylas_bookings.sandbox.rules import Busy

MINUTE = 60


@cache
def wall(instant: int, zone: str) -> tuple[str, int, str]:
    """Date, day of the week (0 is Sunday) and time of day, as a clock in that zone shows them."""
    local = datetime.fromtimestamp(instant, ZoneInfo(zone))
    return local.strftime("%Y-%m-%d"), int(local.strftime("%w")), local.strftime("%H:%M")


def within(time: str, start: str, end: str) -> bool:
    """Whether a time of day lies in hours; midnight as an end, after another start, is the last."""
    start = start.zfill(5)
    end = "24:00" if end.zfill(5) == "00:00" != start else end.zfill(5)
    return start <= time < end


def is_open(which: Configuration, person: ConfigurationParticipant, minute: int) -> bool:
    """Whether the host's hours include that minute."""
    rules = which.availability.availability_rules
    event_zone = which.event_booking.timezone
    own_zone = person.timezone or event_zone or "UTC"
    own = [(s, s.timezone or own_zone) for s in person.specific_time_availability or ()]
    others = [
        (s, s.timezone or event_zone or "UTC")
        for s in rules.default_specific_time_availability or ()
        if s.date not in {mine.date for mine, _ in own}
    ]
    special = own if person.only_specific_time_availability else own + others
    if any(_holds(entry, zone, minute) for entry, zone in special):
        return True
    if person.only_specific_time_availability or rules.only_specific_time_availability:
        return False
    dates = {entry.date for entry, _ in special}
    return any(_weekly(block, zone, minute, dates) for block, zone in _blocks(which, person))


def _holds(entry: SpecificTime, zone: str, minute: int) -> bool:
    date, _, time = wall(minute, zone)
    return date == entry.date and within(time, entry.start, entry.end)


def _weekly(block: OpenHours, zone: str, minute: int, dates: set[str]) -> bool:
    date, weekday, time = wall(minute, zone)
    if date in dates or date in (block.exdates or ()) or weekday not in (block.days or ()):
        return False
    return within(time, block.start or "00:00", block.end or "24:00")


def _blocks(which: Configuration, person: ConfigurationParticipant) -> list[tuple[OpenHours, str]]:
    event_zone = which.event_booking.timezone
    own_zone = person.timezone or event_zone or "UTC"
    default = which.availability.availability_rules.default_open_hours
    if person.availability and person.availability.open_hours:
        return [(block, block.timezone or own_zone) for block in person.availability.open_hours]
    if person.availability and default:
        return [(block, event_zone or block.timezone or "UTC") for block in default]
    return [(OpenHours(days=range(7)), own_zone)]


def is_free(which: Configuration, person: ConfigurationParticipant, start: int, busy: Busy) -> bool:
    """Whether the host could take a slot that starts then."""
    end = start + which.availability.duration_minutes * MINUTE
    buffer = which.availability.availability_rules.buffer
    before, after = (buffer.before * MINUTE, buffer.after * MINUTE) if buffer else (0, 0)
    if person.availability is not None:
        for first, last in busy:
            if first < last and start < last + after and end > first - before:
                return False
    return all(is_open(which, person, minute) for minute in range(start, end, MINUTE))


def may_start(which: Configuration, instant: int, now: int) -> bool:
    """Whether slots can start then at all, whoever is free."""
    zone = which.event_booking.timezone or "UTC"
    interval = which.availability.interval_minutes or which.availability.duration_minutes
    round_to = which.availability.round_to or 15
    date, _, shown = wall(instant, zone)
    minutes = int(shown[:2]) * 60 + int(shown[3:])
    just_before = range(max(0, minutes - round_to + 1), minutes + 1)
    counted = minutes % round_to == 0 and any(time % interval == 0 for time in just_before)
    days = which.scheduler.available_days_in_future
    today = datetime.strptime(wall(now, zone)[0], "%Y-%m-%d")  # noqa: DTZ007  a date
    later = (datetime.strptime(date, "%Y-%m-%d") - today).days  # noqa: DTZ007  a date
    return counted and instant >= now and later <= (30 if days is None else days)


def slots(
    which: Configuration, start: int, end: int, now: int, busy: Mapping[str, Busy]
) -> dict[int, set[str]]:
    """Who could take the slots of a collective or `max-availability` configuration, by start."""
    hosts = [p for p in which.participants if p.availability or p.booking]
    method = which.availability.availability_rules.availability_method
    enough = 1 if method == "max-availability" else len(hosts)
    found = {}
    for instant in range(start + -start % MINUTE, end, MINUTE):
        if may_start(which, instant, now):
            free = {
                person.email
                for person in hosts
                if is_free(which, person, instant, busy.get(person.email, ()))
            }
            if free and len(free) >= enough:
                found[instant] = free
    return found
