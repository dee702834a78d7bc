"""Slots of a configuration: their length, when they start, and what makes hosts busy."""

from __future__ import annotations

import pytest

from nylas_bookings.models.availability_rules import Buffer
from nylas_bookings.models.configurations import ConfigurationParticipant

from .diary import ADA, BEN, BOOKED_INTO, at, clock, configuration, host, hours, offered, times

DAY = "2026-11-24"
MORNING = hours("9:00", "12:00")


def test_a_slot_lasts_as_long_as_a_meeting() -> None:
    """A slot ends `duration_minutes` after it starts."""
    slots = offered(configuration(duration=25), at(f"{DAY} 9:00"), at(f"{DAY} 10:00")).slots
    assert {slot.end - slot.start for slot in slots} == {25 * 60}


def test_a_meeting_may_be_longer_than_a_day() -> None:
    """A slot of two days needs two days without a break in the open hours."""
    which = configuration(host(ADA, hours("0:00", "24:00", days=[2, 3])), duration=2 * 1440)
    start = at(f"{DAY} 0:00")
    assert [slot.start for slot in offered(which, start, start + 6 * 86400).slots] == [start]


@pytest.mark.parametrize(
    ("duration", "interval", "round_to", "expected"),
    [
        (60, None, None, ["9:00", "10:00", "11:00"]),
        (30, 15, None, ["9:00", "9:15", "9:30", "9:45", "10:00", "10:15"]),
        (60, 0, 0, ["9:00", "10:00", "11:00"]),
        (20, None, None, ["9:00", "9:30", "9:45", "10:00", "10:30", "10:45"]),
        (20, None, 5, ["9:00", "9:20", "9:40", "10:00", "10:20", "10:40"]),
        (30, 10, 30, ["9:00", "9:30", "10:00", "10:30", "11:00", "11:30"]),
        (50, None, 15, ["9:15", "10:00", "11:00"]),
    ],
    ids=["hour", "quarters", "zeros", "rounded", "five", "coarser", "from midnight"],
)
def test_starts_are_counted_from_midnight_and_rounded_up(
    duration: int, interval: int | None, round_to: int | None, expected: list[str]
) -> None:
    """Every interval from midnight, by default the duration, is a start, rounded up."""
    which = configuration(
        host(ADA, MORNING), duration=duration, interval=interval, round_to=round_to
    )
    assert times(which, DAY)[:6] == expected


@pytest.mark.parametrize("opening", ["8:15", "8:30", "9:00"])
def test_slots_of_an_hour_start_on_the_hour(opening: str) -> None:
    """Open hours cut the possible starts, and do not move them."""
    which = configuration(host(ADA, hours(opening, "12:00")), duration=60)
    assert times(which, DAY) == ["9:00", "10:00", "11:00"]


def test_a_time_like_9_05_is_rounded_to_9_15() -> None:
    """The documented example: hours that begin at 9:05 have their first slot at 9:15."""
    which = configuration(host(ADA, hours("9:05", "10:00")), duration=15, interval=5)
    assert times(which, DAY) == ["9:15", "9:30", "9:45"]


def test_slots_start_on_the_hour_of_the_event_zone() -> None:
    """Where the zone is half an hour off, so are the slots on other clocks."""
    kolkata = configuration(timezone="Asia/Kolkata")
    assert clock(offered(kolkata, at(f"{DAY} 9:00"), at(f"{DAY} 12:00")).slots[0].start) == "9:30"


def test_a_slot_belongs_to_the_time_in_which_it_starts() -> None:
    """A slot that starts before the end is offered even if it ends after it."""
    slots = offered(configuration(), at(f"{DAY} 9:00"), at(f"{DAY} 10:30")).slots
    assert [clock(slot.start) for slot in slots] == ["9:00", "10:00"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, ["9:00", "9:30", "11:00", "11:30"]),
        (30, 0, ["9:00", "11:00", "11:30"]),
        (0, 15, ["9:00", "9:30", "11:30"]),
        (60, 60, []),
    ],
)
def test_buffers_make_busy_time_longer(
    before: int | None, after: int | None, expected: list[str]
) -> None:
    """A meeting from 10:00 to 11:00 with 30 minutes before it is busy from 9:30 on."""
    which = configuration(
        host(ADA, MORNING), duration=30, buffer=Buffer(before=before, after=after)
    )
    assert times(which, DAY, busy={ADA: [(at(f"{DAY} 10:00"), at(f"{DAY} 11:00"))]}) == expected


def test_buffers_reach_into_the_time_that_is_asked_for() -> None:
    """A meeting that ended before the time asked for still counts with its buffer."""
    which = configuration(duration=30, buffer=Buffer(after=60))
    busy = {ADA: [(at(f"{DAY} 8:00"), at(f"{DAY} 9:00"))]}
    slots = offered(which, at(f"{DAY} 9:00"), at(f"{DAY} 11:00"), busy=busy).slots
    assert [clock(slot.start) for slot in slots] == ["10:00", "10:30"]


def test_busy_time_may_come_in_any_order_and_overlap() -> None:
    """Busy time from several calendars adds up, however it is sorted."""
    which = configuration(host(ADA, MORNING), duration=15)
    bounds = [("10:40", "11:50"), ("9:10", "9:20"), ("9:00", "10:00"), ("9:50", "10:50")]
    busy = {ADA: [(at(f"{DAY} {first}"), at(f"{DAY} {last}")) for first, last in bounds]}
    assert times(which, DAY, busy=busy) == []


@pytest.mark.parametrize("last", ["10:30", "10:15"])
def test_what_has_no_length_is_not_busy(last: str) -> None:
    """A mark in the calendar, or an event that ends before it begins, blocks nothing."""
    which = configuration(host(ADA, MORNING), buffer=Buffer(before=60, after=60))
    busy = {ADA: [(at(f"{DAY} 10:30"), at(f"{DAY} {last}"))]}
    assert times(which, DAY, busy=busy) == ["9:00", "10:00", "11:00"]


def test_all_hosts_have_to_be_free() -> None:
    """A collective slot is one in which every host is open and free."""
    which = configuration(host(ADA, hours("9:00", "12:00")), host(BEN, hours("10:00", "13:00")))
    busy = {BEN: [(at(f"{DAY} 10:00"), at(f"{DAY} 10:01"))]}
    slots = offered(which, at(f"{DAY} 0:00"), at(f"{DAY} 23:00"), busy=busy).slots
    assert [(clock(slot.start), slot.emails) for slot in slots] == [("11:00", (ADA, BEN))]


def test_who_is_known_by_address_alone_is_merely_invited() -> None:
    """Without availability and booking, a participant neither hosts nor hinders."""
    guest = ConfigurationParticipant(email=BEN)
    which = configuration(host(ADA, MORNING), guest)
    busy = {BEN: [(at(f"{DAY} 0:00"), at(f"{DAY} 23:00"))]}
    assert times(which, DAY, busy=busy) == ["9:00", "10:00", "11:00"]
    assert offered(which, at(f"{DAY} 9:00"), at(f"{DAY} 12:00")).slots[0].emails == (ADA,)


def test_nobody_to_meet_means_no_slots() -> None:
    """A configuration without hosts offers nothing."""
    assert times(configuration(ConfigurationParticipant(email=ADA)), DAY) == []


def test_a_host_without_availability_is_always_free() -> None:
    """Neither default hours nor calendars restrict a host who has no `availability`."""
    always = ConfigurationParticipant(email=ADA, booking=BOOKED_INTO)
    which = configuration(always, default_open_hours=(MORNING,))
    busy = {ADA: [(at(f"{DAY} 0:00"), at(f"{DAY} 23:00"))]}
    assert len(times(which, DAY, busy=busy)) == 24


def test_the_past_is_not_on_offer() -> None:
    """No slot starts before now; one that starts this very second does."""
    which = configuration(host(ADA, MORNING))
    assert times(which, DAY, now=at(f"{DAY} 10:00")) == ["10:00", "11:00"]
    assert times(which, DAY, now=at(f"{DAY} 10:00") + 1) == ["11:00"]


def test_notice_counts_only_when_it_is_asked_for() -> None:
    """The API leaves `min_booking_notice` to the page, so notice is a parameter."""
    which = configuration(host(ADA, MORNING))
    now = at(f"{DAY} 8:30")
    assert times(which, DAY, now=now) == ["9:00", "10:00", "11:00"]
    assert times(which, DAY, now=now, min_notice_minutes=90) == ["10:00", "11:00"]


@pytest.mark.parametrize(("days", "last"), [(None, 30), (30, 30), (1, 1), (0, 0)])
def test_the_last_day_can_be_booked_to_its_end(days: int | None, last: int) -> None:
    """`available_days_in_future`, 30 if not given, counts days, the last one to midnight."""
    which = configuration(days=days, duration=60)
    now = at("2026-11-01 17:20")
    slots = offered(which, now, now + 60 * 86400).slots
    assert slots[-1].start == at(
        f"2026-11-{1 + last:02} 23:00" if last < 30 else "2026-12-01 23:00"
    )


@pytest.mark.parametrize("now", ["0:30", "23:00"])
def test_today_is_what_the_clock_of_the_event_shows(now: str) -> None:
    """Half past midnight in Berlin is that day already, though in UTC it is the day before."""
    start = at(f"{DAY} {now}")
    slots = offered(configuration(days=0), start, start + 9 * 86400).slots
    assert slots[-1].start == at(f"{DAY} 23:00")


@pytest.mark.parametrize("days", [-1, -(10**9)])
def test_days_below_nought_mean_no_slots(days: int) -> None:
    """A configuration that ends before today offers nothing."""
    assert times(configuration(days=days), DAY) == []


def test_nobody_looks_further_than_two_years() -> None:
    """However many days a configuration says, and however much is asked for, it ends."""
    now = at(f"{DAY} 9:00")
    which = configuration(days=10**12, duration=600, interval=1440)
    slots = offered(which, now, 10**15).slots
    assert 730 <= (slots[-1].start - now) / 86400 <= 732


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (10**15, 10**15 + 9), (-(10**15), 5)])
def test_time_that_is_none_has_no_slots(start: int, end: int) -> None:
    """An empty time, one far ahead and one long gone have no slots and raise nothing."""
    assert offered(configuration(), start, end, now=at(f"{DAY} 9:00")).slots == []
