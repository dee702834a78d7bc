"""The events of a series by the times they touch, and where they go when it is moved."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings.sandbox.rules.recurrence import expanded
from nylas_bookings.sandbox.rules.series import moved, times

from .diary import BERLIN, at

FIRST = at("2027-03-25 2:30")
DAY = 86400
DAILY = {
    "id": "series",
    "recurrence": ["RRULE:FREQ=DAILY", "EXDATE:20270401"],
    "when": {"start_time": FIRST, "end_time": FIRST + 3 * 3600, "start_timezone": BERLIN},
}


@given(start=st.integers(FIRST - DAY, FIRST + 90 * DAY), length=st.integers(1, 70 * DAY))
def test_what_touches_a_stretch_of_time(start: int, length: int) -> None:
    """A look at some hours or weeks finds the same events as a look at all of them."""
    end = start + length
    all_begins = expanded(
        DAILY["recurrence"],
        first=FIRST,
        where=ZoneInfo(BERLIN),
        start=FIRST,
        end=FIRST + 200 * DAY,
    )
    touching = [(begin, begin + 3 * 3600) for begin in all_begins]
    found = times(DAILY, start, end)
    assert list(found.values()) == [one for one in touching if one[1] > start and one[0] < end]


def test_an_event_of_a_skipped_hour_stays() -> None:
    """Half past two that is shown as half past three is no reason to move."""
    skipped = at("2027-03-28 3:30")
    assert (skipped, skipped + 3 * 3600) in times(DAILY, skipped, skipped + 1).values()
    assert moved(skipped, DAILY, DAILY) == skipped
    later = {**DAILY, "when": {**DAILY["when"], "start_time": FIRST + 8 * 3600}}
    assert moved(at("2027-03-30 2:30"), DAILY, later) == at("2027-03-30 10:30")
