"""`slots`: availability that reads like a calendar."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from nylas_bookings.cli import week
from nylas_bookings.models import TimeSlot
from nylas_bookings.sandbox import Sandbox

from .commands import CommandLine

BERLIN = ZoneInfo("Europe/Berlin")
HALF = timedelta(minutes=30)


def drawn(starts: list[datetime], first: date, days: int = 7, width: int = 80) -> list[str]:
    """The lines of a calendar, in Berlin."""
    file = io.StringIO()
    slots = [TimeSlot(start_time=start, end_time=start + HALF) for start in starts]
    Console(file=file, width=width).print(week.calendar(slots, first, days, BERLIN, width))
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_a_week(nylas: CommandLine, sandbox: Sandbox) -> None:
    """Days stand next to each other, times below each other, on the visitor's clocks."""
    sandbox.add_event(sandbox.organizer_email, 1799053200, 1799053200 + 1800)
    done = nylas("slots", "--from", "2027-01-04", "--zone", "Europe/Berlin")
    lines = [line.rstrip() for line in done.out.splitlines()]
    assert lines[0] == "4 – 10 January 2027, Europe/Berlin"
    assert " ".join(lines[1].split()) == "Mon 4 Tue 5 Wed 6 Thu 7 Fri 8 Sat 9 Sun 10"
    assert lines[2].split() == ["·", "10:00", "10:00", "10:00", "10:00", "·", "·"]
    assert lines[3].split() == ["10:30"] * 5 + ["·", "·"]
    assert lines[-1] == "79 slots of 30 minutes"


def test_narrow() -> None:
    """Where a week does not fit, as many days as do are next to each other."""
    starts = [datetime(2027, 1, day, 9, tzinfo=UTC) for day in range(4, 9)]
    lines = drawn(starts, date(2027, 1, 4), 5, width=36)
    assert max(map(len, lines)) <= 36
    assert [line for line in lines if "January" in line] == [
        "4 – 7 January 2027, Europe/Berlin",
        "8 January 2027, Europe/Berlin",
    ]


def test_other_days_do_not_count() -> None:
    """What is told of other days than those that are shown is neither drawn nor counted."""
    starts = [datetime(2027, 1, day, 9, tzinfo=UTC) for day in (3, 4, 5, 11)]
    assert drawn(starts, date(2027, 1, 4))[-1] == "2 slots of 30 minutes"


def test_month_and_year_end() -> None:
    """A stretch over the end of a month names both."""
    lines = drawn([], date(2026, 12, 30))
    assert lines[0] == "30 December 2026 – 5 January 2027, Europe/Berlin"
    assert lines[-1] == "Nothing can be booked in these days."


def test_clocks_go_back() -> None:
    """A time that comes twice has two lines."""
    starts = [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    lines = drawn(starts, date(2027, 10, 31), 1)
    assert [line for line in lines if ":" in line] == ["02:30", "02:30"]


def test_lengths_that_differ() -> None:
    """Slots of several lengths are counted without one."""
    slots = [
        TimeSlot(start_time=start, end_time=start + timedelta(minutes=minutes))
        for minutes, start in (
            (30, datetime(2027, 1, 4, 9, tzinfo=UTC)),
            (60, datetime(2027, 1, 4, 11, tzinfo=UTC)),
        )
    ]
    file = io.StringIO()
    Console(file=file).print(week.calendar(slots, date(2027, 1, 4), 1, BERLIN, 80))
    assert file.getvalue().rstrip().endswith("\n2 slots")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--from", "monday"), "is not a day"),
        (("--zone", "Berlin"), "there is no time zone"),
        (("--zone", "../etc/passwd"), "there is no time zone"),
        (("--from", "9999-12-31", "--days", "366"), "further away"),
        (("--days", "0"), "days"),
    ],
)
def test_what_is_no_day(nylas: CommandLine, options: tuple[str, ...], complaint: str) -> None:
    """What is no day, no zone and no number of days is refused."""
    done = nylas("slots", *options)
    assert done.code == 2
    assert complaint in done.err
