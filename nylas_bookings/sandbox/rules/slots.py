"""The slots that hosts have: the times at which one may start, and who is free for all of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from attrs import frozen

from .hosts import Host, free_times, is_free
from .intervals import Interval
from .reading import Rules
from .wall_clock import DAY, offset, stretches

Busy: TypeAlias = Sequence[Interval]
"""When somebody is busy, in epoch seconds; in any order, and overlapping if need be."""


@frozen
class Slot:
    """A time that can be booked, and who would come; in round-robin, one of them."""

    start: int
    end: int
    emails: tuple[str, ...]


def possible_starts(rules: Rules, *, start: int, end: int, now: int, notice: int) -> list[int]:
    """The possible starts from `start` up to `end`, in order.

    A slot belongs to the time in which it starts, even if it ends later: so the slots of a month
    are those of its days. None starts before `now` and `notice` seconds more, and the last day
    that can be booked, on the clock of the event's zone, can be booked to its end.
    """
    start, end = max(start, now + notice), min(end, now + (rules.days + 2) * DAY)
    if start >= end:
        return []
    last_day = (now + offset(rules.zone, now)) // DAY + rules.days
    times = _times_of_day(rules.step, rules.round_to)
    found: list[int] = []
    for first, last, ahead in stretches(rules.zone, start, end):
        for day in range((first + ahead) // DAY, min((last - 1 + ahead) // DAY, last_day) + 1):
            midnight = day * DAY - ahead
            here = times[bisect_left(times, first - midnight) : bisect_left(times, last - midnight)]
            found += [midnight + time for time in here]
    return found


def is_possible_start(rules: Rules, start: int, *, now: int, notice: int) -> bool:
    """Whether `possible_starts` has that one: a booking asks for a single start."""
    if not now + notice <= start < now + (rules.days + 2) * DAY:
        return False
    day, time = divmod(start + offset(rules.zone, start), DAY)
    last_day = (now + offset(rules.zone, now)) // DAY + rules.days
    return day <= last_day and time in _starts_of_day(rules.step, rules.round_to)


@lru_cache(maxsize=256)
def _times_of_day(step: int, round_to: int) -> tuple[int, ...]:
    return tuple(sorted(_starts_of_day(step, round_to)))


@lru_cache(maxsize=256)
def _starts_of_day(step: int, round_to: int) -> frozenset[int]:
    """The times of day at which slots start: every step from midnight, each rounded up.

    The vendor counts steps "from the nearest interval" of the time that was asked for, and rounds
    9:05 to 9:15, but does not say from where intervals are counted. Here it is midnight in the
    zone of the event: the answer does not depend on the question, and slots of an hour start on
    the hour, as they do with the vendor whatever the open hours.
    """
    rounded = {-(-time // round_to) * round_to for time in range(0, DAY, step)}
    return frozenset(time for time in rounded if time < DAY)


def slots(
    rules: Rules, hosts: Sequence[Host], starts: Sequence[int], busy: Mapping[str, Busy]
) -> list[Slot]:
    """The slots for which enough of the hosts are free: all of them, or for round-robin one."""
    free: dict[int, list[str]] = {start: [] for start in starts}
    for host in hosts:
        for start in _free_starts(rules, host, starts, busy.get(host.email, ())):
            free[start].append(host.email)
    return [
        Slot(start, start + rules.duration, tuple(emails))
        for start, emails in free.items()
        if _are_enough(rules, hosts, emails)
    ]


def takers(
    rules: Rules, hosts: Sequence[Host], start: int, busy: Mapping[str, Busy]
) -> tuple[str, ...]:
    """The hosts who are free for the slot at that start; none if they are not enough for it."""
    emails = tuple(
        host.email
        for host in hosts
        if is_free(
            host,
            busy.get(host.email, ()),
            before=rules.before,
            after=rules.after,
            start=start,
            end=start + rules.duration,
        )
    )
    return emails if _are_enough(rules, hosts, emails) else ()


def _are_enough(rules: Rules, hosts: Sequence[Host], free: Sequence[str]) -> bool:
    return len(free) >= (len(hosts) if rules.method == "collective" else 1) and bool(free)


def _free_starts(rules: Rules, host: Host, starts: Sequence[int], busy: Busy) -> list[int]:
    """The starts from which on the host has time for a whole slot."""
    if not starts:
        return []
    free = free_times(
        host,
        busy,
        before=rules.before,
        after=rules.after,
        start=starts[0],
        end=starts[-1] + rules.duration,
    )
    found: list[int] = []
    for begin, end in free:
        last = bisect_right(starts, end - rules.duration)
        found += starts[bisect_left(starts, begin) : last]
    return found
