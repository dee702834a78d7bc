"""Times that are typed: read in one way, or refused."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nylas_bookings.cli import times
from nylas_bookings.errors import InvalidRequest

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2027, 1, 4, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "2027-01-04T09:00+01:00",
        "2027-01-04T08:00Z",
        "2027-01-04 09:00",
        "20270104T0900",
        "1799049600",
    ],
)
def test_the_same_moment(typed: str) -> None:
    """With an offset, in the zone, or in epoch seconds: it is one moment."""
    assert times.moment(typed, BERLIN, "--start") == NINE


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("2027-03-28T02:30", "the clocks skip 02:30"),
        ("2027-10-31T02:30", "add +0200 or +0100"),
        ("tomorrow", "is not a time"),
        ("9" * 30, "not a time in epoch seconds"),
    ],
)
def test_no_moment(typed: str, complaint: str) -> None:
    """A time that the zone does not have, or has twice, is refused with a word of help."""
    with pytest.raises(InvalidRequest, match=complaint.replace("+", r"\+")):
        times.moment(typed, BERLIN, "--start")


def test_what_local_time_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's time has the name that it has on that day, in winter as in summer."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert times.name_of(None, NINE) == "local time, CET"
        assert times.name_of(None, datetime(2027, 7, 1, tzinfo=UTC)) == "local time, CEST"
        assert times.name_of(BERLIN, NINE) == "Europe/Berlin"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_no_zone() -> None:
    """Without a zone, a time needs an offset."""
    with pytest.raises(InvalidRequest, match="names no zone"):
        times.moment("2027-01-04T09:00", None, "--start")
