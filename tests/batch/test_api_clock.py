"""The API's clock, as the `Date` of its responses tells it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from attrs import evolve

from nylas_bookings import Response
from nylas_bookings.batch.api_clock import ApiClock

from . import virtual
from .asking import wanted
from .test_agreeing import lost_call

EIGHT = 1796630400  # 2026-12-07 08:00:00 UTC


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 07 Dec 2026 08:00:00 GMT",
        "Mon, 07 Dec 2026 08:00:00 -0000",
        "Mon, 07 Dec 2026 09:00:00 +0100",
        "Monday, 07-Dec-26 08:00:00 GMT",
        "Mon Dec  7 08:00:00 2026",
    ],
)
def test_in_any_form(monkeypatch: pytest.MonkeyPatch, date: str) -> None:
    """Each form of a date that HTTP has had means the same, wherever this machine is."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        clock = virtual.run(lambda loop: _heard(date))
        assert clock.earliest(time.time()) == pytest.approx(EIGHT, abs=1)
    finally:
        monkeypatch.undo()
        time.tzset()


async def _heard(*dates: str | None) -> ApiClock:
    clock = ApiClock()
    for date in dates:
        clock.hear(Response(200, {} if date is None else {"date": date}, b""))
    return clock


def test_the_last_date_counts() -> None:
    """A response without a date changes nothing; without any, the clock is not known."""

    async def play(loop: virtual.VirtualLoop) -> None:
        assert (await _heard(None, "soon")).earliest(time.time()) is None
        clock = await _heard(
            "Mon, 07 Dec 2026 07:00:00 GMT", "Mon, 07 Dec 2026 08:00:00 GMT", None, "soon"
        )
        now = time.time()
        assert clock.earliest(now - 30) == pytest.approx(EIGHT - 30, abs=1)
        # The wall clock may have been set meanwhile; the loop's cannot be.
        assert clock.earliest(now - 5000, loop.time() - 30) == pytest.approx(EIGHT - 30, abs=1)

    virtual.run(play)


@pytest.mark.parametrize(("seconds", "is_older"), [(-4, True), (-3, True), (-2, False), (9, False)])
def test_what_is_older_than_a_call(seconds: int, is_older: bool) -> None:
    """A time in whole seconds is older when all of its second is, and the margin with it."""

    async def play(loop: virtual.VirtualLoop) -> bool | None:
        clock = await _heard("Mon, 07 Dec 2026 08:00:00 GMT")
        lost = evolve(lost_call(wanted(0)), api_clock=clock, sent_clock=loop.time())
        return lost.is_older(datetime.fromtimestamp(EIGHT + seconds, UTC), 2.0)

    assert virtual.run(play) is is_older
