"""Recurring events: RRULE and EXDATE lines, on the clock of the event's zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings.sandbox.rules import UnusableRule
from nylas_bookings.sandbox.rules.recurrence import expanded

from ..examples import examples
from .diary import BERLIN, at, clock

FIRST = at("2026-10-19 9:00")
LATER = at("2026-12-31 0:00")
NEW_YORK = "America/New_York"


def starts(*lines: str, first: int = FIRST, zone: str = BERLIN, end: int = LATER) -> list[int]:
    """When the events of a series start, from its beginning on."""
    return expanded(lines, first=first, where=ZoneInfo(zone), start=first, end=end)


def test_a_series_keeps_its_time_of_day() -> None:
    """Weekly at 9:00 stays at 9:00 over the change of the clock."""
    assert starts("RRULE:FREQ=WEEKLY;COUNT=3") == [
        at("2026-10-19 9:00"),
        at("2026-10-26 9:00"),
        at("2026-11-02 9:00"),
    ]


def test_a_time_that_is_skipped_is_moved_and_one_that_comes_twice_comes_once() -> None:
    """As RFC 5545 says: 2:30 becomes 3:30 in spring, and is the first of two in autumn."""
    spring = starts("RRULE:FREQ=DAILY;COUNT=3", first=at("2026-03-28 2:30"), end=LATER)
    assert [clock(start) for start in spring] == ["2:30", "3:30", "2:30"]
    autumn = starts("RRULE:FREQ=DAILY;COUNT=3", first=at("2026-10-24 2:30"))
    assert autumn[1] == at("2026-10-25 2:30", fold=0)
    assert len(autumn) == 3


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", ["10-19", "10-21", "10-23"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", ["10-19", "10-21", "10-26"]),
        ("FREQ=MONTHLY;BYDAY=3MO", ["10-19", "11-16", "12-21"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["10-31", "11-30"]),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=11", ["11-11"]),
        ("freq=weekly;count=1;", ["10-19"]),
        ("FREQ=WEEKLY;UNTIL=20261026T080000Z", ["10-19", "10-26"]),
        ("FREQ=WEEKLY;UNTIL=20261026T075959Z", ["10-19"]),
        ("FREQ=WEEKLY;UNTIL=20261026T090000", ["10-19", "10-26"]),
        ("FREQ=WEEKLY;UNTIL=20261026", ["10-19", "10-26"]),
        ("FREQ=DAILY;UNTIL=20261020", ["10-19", "10-20"]),
        ("FREQ=WEEKLY;COUNT=2;WKST=SU", ["10-19", "10-26"]),
        ("FREQ=MONTHLY;UNTIL=99991231T235959Z", ["10-19", "11-19", "12-19"]),
        ("FREQ=WEEKLY;UNTIL=00010101", []),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", []),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", []),
    ],
)
def test_rules_are_those_of_rfc_5545(rule: str, dates: list[str]) -> None:
    """Frequencies from a day up, with ends in UTC, in local time, or at the end of a date."""
    assert starts(f"RRULE:{rule}") == [at(f"2026-{date} 9:00") for date in dates]


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE:20261026T080000Z",
        "EXDATE:20261026T090000",
        "EXDATE;TZID=Europe/Berlin:20261026T090000",
        "exdate;tzid=America/New_York:20261026T040000",
        "EXDATE;VALUE=DATE:20261026",
        "EXDATE:20261026",
        "EXDATE:20260101T080000Z,20261026T080000Z",
    ],
)
def test_excluded_events_are_gone(line: str) -> None:
    """EXDATE takes an event out: by its instant, by local time, or by its whole date."""
    found = starts("RRULE:FREQ=WEEKLY;COUNT=3", line)
    assert found == [at("2026-10-19 9:00"), at("2026-11-02 9:00")]


def test_an_excluded_time_has_to_be_that_of_the_event() -> None:
    """EXDATE at midnight does not take out an event at 9:00."""
    assert len(starts("RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261026T000000Z")) == 3


def test_an_excluded_date_is_one_of_the_events_zone() -> None:
    """Half past midnight in Berlin belongs to that date, though in UTC it is the day before."""
    found = starts("RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261026", first=at("2026-10-19 0:30"))
    assert found == [at("2026-10-19 0:30")]


def test_a_series_may_begin_on_a_leap_day() -> None:
    """Every year on the 29th of February is every four years."""
    leap = at("2024-02-29 9:00")
    found = starts("RRULE:FREQ=YEARLY", first=leap, end=at("2029-01-01 0:00"))
    assert found == [leap, at("2028-02-29 9:00")]


def test_several_rules_add_up() -> None:
    """A day that two rules give is there once."""
    found = starts("RRULE:FREQ=WEEKLY;COUNT=2", "RRULE:FREQ=DAILY;COUNT=2")
    assert found == [FIRST, at("2026-10-20 9:00"), at("2026-10-26 9:00")]


def test_without_a_rule_there_is_the_first_event() -> None:
    """Exclusions alone leave the event itself."""
    assert starts("EXDATE:20261026T080000Z") == [FIRST]
    assert starts("EXDATE:20261019T070000Z") == []


def test_only_what_was_asked_for_is_told() -> None:
    """Of an endless series, only the events that start in the range."""
    found = expanded(
        ["RRULE:FREQ=DAILY"],
        first=at("2020-01-01 9:00"),
        where=ZoneInfo(BERLIN),
        start=at("2026-11-24 9:00"),
        end=at("2026-11-26 9:00"),
    )
    assert found == [at("2026-11-24 9:00"), at("2026-11-25 9:00")]


def test_of_a_long_time_the_first_ten_years_are_looked_at() -> None:
    """An endless series, asked for to the end of time, has an end."""
    found = starts("RRULE:FREQ=DAILY", end=10**15)
    assert (found[0], found[-1]) == (FIRST, at("2036-10-18 9:00"))


@pytest.mark.parametrize("start", [10**15, -(10**15), 0])
def test_there_is_nothing_before_or_after_all_time(start: int) -> None:
    """A range that no calendar has, or that ends before the series begins, has no events."""
    where = ZoneInfo(BERLIN)
    lines = ["RRULE:FREQ=DAILY"]
    assert expanded(lines, first=FIRST, where=where, start=start, end=start + 9) == []


@pytest.mark.parametrize("first", [-1, 10**12, 10**20])
def test_a_series_that_begins_out_of_reach_is_refused(first: int) -> None:
    """What begins before 1970, or in thousands of years, is refused by name."""
    with pytest.raises(UnusableRule) as caught:
        starts("RRULE:FREQ=DAILY", first=first, end=first + 1)
    assert caught.value.field == "when.start_time"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "FREQ=DAILY",
        "RRULE:",
        "RRULE:FREQ=HOURLY",
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=NEVER",
        "RRULE:INTERVAL=2",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=DAILY;INTERVAL=-1",
        "RRULE:FREQ=DAILY;INTERVAL=99999999999999999999",
        "RRULE:FREQ=DAILY;COUNT=0",
        "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20261231",
        "RRULE:FREQ=DAILY;UNTIL=tomorrow",
        "RRULE:FREQ=DAILY;UNTIL=20261331",
        "RRULE:FREQ=DAILY;BYHOUR=9,10",
        "RRULE:FREQ=WEEKLY;BYDAY=XX",
        "RRULE:FREQ=WEEKLY;BYDAY=",
        "RRULE:FREQ=MONTHLY;BYDAY=54TH",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=x",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=0",
        "EXDATE:soon",
        "EXDATE:",
        "EXDATE;TZID=Mars/Olympus:20261026T090000",
        "RDATE:20261026T090000",
        "DTSTART:20261026T090000",
    ],
)
def test_lines_that_cannot_be_kept_are_refused(line: str) -> None:
    """What is no rule, never ends, or comes several times a day is refused by name."""
    with pytest.raises(UnusableRule) as caught:
        starts(line)
    assert caught.value.field == "recurrence"


NUMBERS = st.sampled_from(
    ["1", "2", "-1", "0", "13", "31", "32", "53", "54", "366", "400", "", "x"]
)
DAYS = st.sampled_from(["MO", "SU", "2TU", "-1FR", "0WE", "6SA", "54TH", "MO,TU", "(1)", "M", ""])
PARTS = st.one_of(
    st.builds("{}={}".format, st.sampled_from(["BYDAY", "WKST"]), DAYS),
    st.builds(
        "{}={}".format,
        st.sampled_from(
            ["INTERVAL", "COUNT", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"]
        ),
        NUMBERS,
    ),
    st.builds("UNTIL={}".format, st.sampled_from(["20261231", "20261231T000000Z", "1", ""])),
    st.text(max_size=5),
)
FREQUENCIES = st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])


@examples(50)
@given(FREQUENCIES, st.lists(PARTS, max_size=3), st.sampled_from([BERLIN, NEW_YORK]))
def test_any_rule_gives_times_or_is_refused(frequency: str, parts: list[str], zone: str) -> None:
    """Whatever is in a rule, there are times in order, at most one a day, or a clear refusal."""
    line = ";".join([f"RRULE:FREQ={frequency}", *parts])
    try:
        found = starts(line, zone=zone)
    except UnusableRule:
        return
    assert found == sorted(set(found))
    assert len(found) <= 75
