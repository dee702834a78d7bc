"""Daylight saving: open hours are what the clock on the wall shows, slots last real minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from nylas_bookings.models.availability_rules import Buffer

from .diary import ADA, BERLIN, configuration, host, hours, offered, on, times

LORD_HOWE, NEW_YORK = "Australia/Lord_Howe", "America/New_York"


class Change(NamedTuple):
    """A day on which the clock is changed, and the half hours around it as it shows them."""

    zone: str
    date: str
    length: float
    shown: str


FORWARD = "1:00 1:30 3:00 3:30"
BACK = "1:00 1:30 2:00 2:30 2:00 2:30 3:00 3:30"
AMERICAN_BACK = "1:00 1:30 1:00 1:30 2:00 2:30 3:00 3:30"
CHANGES = [
    Change(BERLIN, "2026-03-29", 23, FORWARD),
    Change(BERLIN, "2026-10-25", 25, BACK),
    Change(NEW_YORK, "2026-03-08", 23, FORWARD),
    Change(NEW_YORK, "2026-11-01", 25, AMERICAN_BACK),
    Change(LORD_HOWE, "2026-10-04", 23.5, "1:00 1:30 2:30 3:00 3:30"),
    Change(LORD_HOWE, "2026-04-05", 24.5, "1:00 1:30 1:30 2:00 2:30 3:00 3:30"),
    Change("Asia/Kolkata", "2026-03-29", 24, "1:00 1:30 2:00 2:30 3:00 3:30"),
]
EACH = pytest.mark.parametrize("change", CHANGES, ids=lambda c: f"{c.zone} {c.date}")


@EACH
def test_a_day_has_as_many_slots_as_it_has_time(change: Change) -> None:
    """Half hours the clock skips do not exist, and those it shows twice are there twice."""
    which = configuration(duration=30, interval=30, timezone=change.zone)
    found = times(which, change.date, change.zone)
    assert len(found) == change.length * 2
    night = [time for time in found if time in {"1:00", "1:30", "2:00", "2:30", "3:00", "3:30"}]
    assert " ".join(night) == change.shown


@EACH
def test_a_slot_lasts_real_minutes(change: Change) -> None:
    """A slot over the change of the clock ends a real hour after it starts."""
    which = configuration(duration=60, interval=15, timezone=change.zone)
    noon = int(datetime.fromisoformat(f"{change.date} 12:00").replace(tzinfo=UTC).timestamp())
    slots = offered(which, noon - 86400, noon + 86400).slots
    assert {slot.end - slot.start for slot in slots} == {3600}
    assert len({slot.start for slot in slots}) == len(slots)


@EACH
def test_open_hours_keep_to_the_wall(change: Change) -> None:
    """Nine to five is nine to five, whether or not the clock was changed in the night."""
    which = configuration(host(ADA, hours("9:00", "17:00")), timezone=change.zone)
    assert times(which, change.date, change.zone) == [f"{hour}:00" for hour in range(9, 17)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2:30", "5:00", ["3:00", "3:30", "4:00", "4:30"]),
        ("1:00", "2:30", ["1:00", "1:30"]),
        ("2:00", "3:00", []),
        ("1:30", "3:30", ["1:30", "3:00"]),
    ],
)
def test_hours_in_the_gap_of_spring(start: str, end: str, expected: list[str]) -> None:
    """Hours that begin or end at a time that is skipped begin or end where it is skipped."""
    which = configuration(host(ADA, hours(start, end)), duration=30)
    assert times(which, "2026-03-29") == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2:30", "4:00", ["2:30", "2:30", "3:00", "3:30"]),
        ("1:30", "2:30", ["1:30", "2:00", "2:00"]),
        ("2:00", "3:00", ["2:00", "2:30", "2:00", "2:30"]),
        ("2:15", "2:45", []),
    ],
)
def test_hours_in_the_repeated_hour_of_autumn(start: str, end: str, expected: list[str]) -> None:
    """Hours within the hour that comes twice are open twice."""
    which = configuration(host(ADA, hours(start, end)), duration=30)
    assert times(which, "2026-10-25") == expected


def test_slots_may_run_through_the_change() -> None:
    """In spring an hour from 1:30 ends at 3:30; in autumn, the first 2:30 is open to the second."""
    which = configuration(host(ADA, hours("1:30", "3:30")), duration=60, interval=30)
    assert times(which, "2026-03-29") == ["1:30"]
    assert times(which, "2026-10-25") == ["1:30", "2:00", "2:30", "2:00", "2:30"]


def test_buffers_are_real_minutes() -> None:
    """An hour after a meeting that ends at the first 2:00 of autumn is the second 2:00."""
    which = configuration(host(ADA, hours("1:00", "4:00")), duration=30, buffer=Buffer(after=60))
    first_two = int(datetime(2026, 10, 25, 0, 0, tzinfo=UTC).timestamp())
    busy = {ADA: [(first_two - 3600, first_two)]}
    assert times(which, "2026-10-25", busy=busy) == ["2:00", "2:30", "3:00", "3:30"]


def test_hours_of_a_date_keep_to_the_wall_too() -> None:
    """Hours of a single date begin when the clock shows it on that date."""
    dates = (on("2026-03-29", "2:30", "4:00"), on("2026-10-25", "0:00", "24:00"))
    which = configuration(host(ADA, specific_time_availability=dates), duration=30)
    assert times(which, "2026-03-29") == ["3:00", "3:30"]
    assert len(times(which, "2026-10-25")) == 50


def test_the_clock_may_be_changed_at_midnight() -> None:
    """Cairo skips the first hour of a day in spring, and repeats the last of a day in autumn."""
    night = host(ADA, hours("0:00", "2:00"), hours("23:00", "24:00"))
    cairo = configuration(night, timezone="Africa/Cairo")
    assert times(cairo, "2026-04-24", "Africa/Cairo") == ["1:00", "23:00"]
    assert times(cairo, "2026-10-29", "Africa/Cairo") == ["0:00", "1:00", "23:00", "23:00"]


def test_hosts_in_zones_that_change_on_different_days() -> None:
    """Between the changes of New York and Berlin, their common hours are an hour longer."""
    nine_to_five = hours("9:00", "17:00")
    which = configuration(
        host(ADA, nine_to_five, timezone=BERLIN), host("b@x.com", nine_to_five, timezone=NEW_YORK)
    )
    assert times(which, "2026-10-23") == ["15:00", "16:00"]
    assert times(which, "2026-10-26") == ["14:00", "15:00", "16:00"]
    assert times(which, "2026-11-02") == ["15:00", "16:00"]
