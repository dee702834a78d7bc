"""At which times a slot may start at all, whoever is free then."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from .reading import Rules
from .wall_clock import DAY, offset, stretches


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


@lru_cache(maxsize=256)
def _times_of_day(step: int, round_to: int) -> tuple[int, ...]:
    """The times of day at which slots start: every step from midnight, each rounded up.

    The vendor counts steps "from the nearest interval" of the time that was asked for, and rounds
    9:05 to 9:15, but does not say from where intervals are counted. Here it is midnight in the
    zone of the event: the answer does not depend on the question, and slots of an hour start on
    the hour, as they do with the vendor whatever the open hours.
    """
    rounded = {-(-time // round_to) * round_to for time in range(0, DAY, step)}
    return tuple(sorted(time for time in rounded if time < DAY))
