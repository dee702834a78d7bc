"""Availability held against an oracle that looks at every minute by itself."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings.models.availability_rules import Buffer, OpenHours, SpecificTime
from nylas_bookings.models.configurations import Configuration, ConfigurationParticipant
from nylas_bookings.sandbox.rules import is_offered, read

from ..examples import examples
from . import minute_by_minute
from .diary import ADA, BEN, CAT, at, configuration, host, offered

HOUR = 3600
CHANGES = {
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Africa/Cairo": [date(2026, 4, 24), date(2026, 10, 30)],
    "Asia/Kolkata": [date(2026, 6, 1)],
}
ZONES = st.sampled_from(sorted(CHANGES))
RARELY = st.sampled_from([None, False, False, False, False, True])
MAYBE_ZONE = st.none() | st.just("") | ZONES
MINUTES = st.sampled_from([0, 13, 15, 30, 45])
ODD = st.sampled_from([("00:00", "00:00"), ("2:30", "3:15"), ("22:00", "0:00"), ("0:00", "24:00")])
PERIODS = (
    ODD
    | st.tuples(
        st.builds("{}:{:02}".format, st.integers(0, 11), MINUTES),
        st.builds("{}:{:02}".format, st.integers(12, 23), MINUTES),
    )
).map(lambda pair: {"start": pair[0], "end": pair[1]})
DAYS = st.sets(st.integers(0, 6), min_size=5).map(sorted).map(tuple)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[str, date, int, int]:
    """A zone, and up to two days, around a change of the clock there if there is one."""
    zone = draw(ZONES)
    day = draw(st.sampled_from(CHANGES[zone])) + timedelta(days=draw(st.integers(-1, 0)))
    start = at(f"{day} 0:00", zone) + draw(st.sampled_from([-HOUR, 0, 0, 61, 8 * HOUR + 7]))
    return zone, day, start, start + draw(st.sampled_from([3, 26, 26, 40])) * HOUR


def dates(day: date) -> st.SearchStrategy[str]:
    """Dates around that one."""
    return st.integers(-1, 2).map(lambda days: (day + timedelta(days=days)).isoformat())


def open_hours(day: date) -> st.SearchStrategy[list[OpenHours]]:
    """A few blocks of open hours."""
    exdates = st.lists(dates(day), max_size=1)
    block = st.tuples(PERIODS, DAYS, MAYBE_ZONE, exdates).map(
        lambda p: OpenHours(**p[0], days=p[1], timezone=p[2], exdates=p[3])
    )
    return st.lists(block, max_size=2)


def dated_hours(day: date) -> st.SearchStrategy[list[SpecificTime]]:
    """Hours of a few dates."""
    entry = st.tuples(dates(day), PERIODS, MAYBE_ZONE).map(
        lambda p: SpecificTime(date=p[0], **p[1], timezone=p[2])
    )
    return st.lists(entry, max_size=2)


@st.composite
def hosts(draw: st.DrawFn, email: str, day: date) -> ConfigurationParticipant:
    """A host of any kind."""
    more: dict[str, Any] = {
        "timezone": draw(MAYBE_ZONE),
        "specific_time_availability": draw(dated_hours(day)),
        "only_specific_time_availability": draw(RARELY),
    }
    if draw(st.integers(0, 5)) == 0:
        more["availability"] = None
    return host(email, *draw(open_hours(day)), **more)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Configuration, int, int, dict[str, list[tuple[int, int]]]]:
    """A configuration, a stretch of time, and who is busy in it."""
    zone, day, start, end = draw(stretches())
    emails = draw(st.sampled_from([[ADA], [ADA, BEN], [ADA, BEN, CAT]]))
    which = configuration(
        *(draw(hosts(email, day)) for email in emails),
        duration=draw(st.sampled_from([15, 30, 45, 60, 90])),
        interval=draw(st.sampled_from([None, 15, 20, 50, 120])),
        round_to=draw(st.sampled_from([None, 5, 20, 30, 60])),
        timezone=draw(st.sampled_from([zone, "", None])),
        days=draw(st.sampled_from([None, 0, 1])),
        buffer=draw(
            st.sampled_from([None, Buffer(before=30, after=0), Buffer(before=5, after=15)])
        ),
        availability_method=draw(st.sampled_from([None, "max-availability"])),
        default_open_hours=draw(open_hours(day)),
        default_specific_time_availability=draw(dated_hours(day)),
        only_specific_time_availability=draw(RARELY),
    )
    moments = st.integers(start - 2 * HOUR, end + 2 * HOUR)
    meetings = st.tuples(moments, st.integers(-10, 4 * HOUR)).map(lambda p: (p[0], p[0] + p[1]))
    busy = {email: draw(st.lists(meetings, max_size=3)) for email in emails}
    return which, start, end, busy


@examples(30)
@given(cases(), st.integers(-3 * HOUR, 3 * HOUR))
def test_the_slots_are_those_that_every_minute_allows(case: Any, ahead: int) -> None:
    """A slot is offered when each minute of it is open and free for enough hosts, and only then."""
    which, start, end, busy = case
    found = offered(which, start, end, now=start + ahead, busy=busy).slots
    expected = minute_by_minute.slots(which, start, end, start + ahead, busy)
    assert {slot.start: set(slot.emails) for slot in found} == expected
    assert [slot.start for slot in found] == sorted(expected)


@examples(20)
@given(cases(), st.lists(st.integers(0, 40 * HOUR), max_size=3))
def test_slots_do_not_depend_on_how_the_time_is_cut(case: Any, cuts: list[int]) -> None:
    """Asked month by month or at once, the slots are the same."""
    which, start, end, busy = case
    bounds = [start, *sorted(start + cut for cut in cuts if start + cut < end), end]
    pieces = [
        slot
        for first, last in pairwise(bounds)
        for slot in offered(which, first, last, now=start, busy=busy).slots
    ]
    assert pieces == offered(which, start, end, now=start, busy=busy).slots


@examples(20)
@given(cases(), st.integers(0, 40 * HOUR))
def test_the_question_for_one_slot_agrees(case: Any, later: int) -> None:
    """`is_offered` names the hosts of each slot on offer, and nobody for any other time."""
    which, start, end, busy = case
    rules = read(which)
    found = {slot.start: slot for slot in offered(which, start, end, busy=busy).slots}
    minute = start + later - (start + later) % 60
    for begin in {*found, *range(minute, min(minute + HOUR, end), 300)}:
        asked = is_offered(rules, start=begin, end=begin + rules.duration, now=start, busy=busy)
        assert asked == (found[begin].emails if begin in found else None)
