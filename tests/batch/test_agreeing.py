"""Absence is believed when two looks in a row agree on it, and never from one look alone."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
from attrs import evolve

from nylas_bookings import PublicConfiguration, Response
from nylas_bookings.batch.api_clock import ApiClock
from nylas_bookings.batch.results import Evidence
from nylas_bookings.batch.rows import Rival
from nylas_bookings.batch.settling import (
    Absent,
    Finding,
    Found,
    LostCall,
    Unclear,
    look_once,
    settled,
)
from nylas_bookings.models import Availability, Booking, Organizer, TimeSlot

from . import virtual
from .asking import wanted

BOOKING = Booking(booking_id="b", event_id="e", organizer=Organizer(), title="t", status="booked")
KINDS = {
    "a": Absent(Evidence(says="absent")),
    "u": Unclear(Evidence(says="unclear")),
    "f": Found(BOOKING, Evidence(says="found")),
}


class Looks:
    """A settler that sees what is scripted."""

    limit, pause = 90.0, 5.0

    def __init__(self, script: str) -> None:
        self._script = list(script)

    async def look(self, lost: LostCall, ask: Any) -> Finding:
        """The next of the script."""
        return KINDS[self._script.pop(0)]


@pytest.mark.parametrize(
    ("script", "ends", "seconds"),
    [
        ("f", Found, 0),
        ("af", Found, 90),
        ("aaf", Found, 95),
        ("aaa", Absent, 95),
        ("uaa", Absent, 95),
        ("auu", Unclear, 95),
        ("auaa", Absent, 100),
        ("auaf", Found, 100),
        ("aaua", Unclear, 100),
        ("auau", Unclear, 100),
    ],
)
def test_two_looks_agree(script: str, ends: type, seconds: float) -> None:
    """What a first look misses counts for nothing; after the limit two looks have to agree."""
    asked = wanted(0)

    async def ask(*_: Any, **__: Any) -> Availability:
        slot = TimeSlot(start_time=asked.start_time, end_time=asked.end_time)
        return Availability(time_slots=(slot,))

    async def play(loop: virtual.VirtualLoop) -> tuple[Finding, float]:
        began = loop.time()
        return await settled(lost_call(asked), ask, Looks(script)), loop.time() - began

    finding, took = virtual.run(play)
    assert type(finding) is ends
    assert took == pytest.approx(seconds, abs=0.01)


@pytest.mark.parametrize(("event_id", "ends"), [("other", Unclear), ("mine", Absent)])
def test_the_very_event_has_to_be_on_offer(event_id: str, ends: type) -> None:
    """Another group event at the same time says nothing of the one that was asked for."""
    asked = wanted(0, event_id="mine")

    async def ask(*_: Any, **__: Any) -> Availability:
        slot = TimeSlot(start_time=asked.start_time, end_time=asked.end_time, event_id=event_id)
        return Availability(time_slots=(slot,))

    async def play(_: virtual.VirtualLoop) -> Finding:
        return await settled(lost_call(asked), ask, Looks("aaa"))

    assert type(virtual.run(play)) is ends


def _heard(date: datetime) -> ApiClock:
    """Return a clock that showed this a moment ago."""
    clock = ApiClock()
    clock.hear(Response(200, {"date": format_datetime(date, usegmt=True)}, b""))
    return clock


class Sees(Looks):
    """A settler that always sees the same."""

    def __init__(self, finding: Finding) -> None:
        self._finding = finding

    async def look(self, lost: LostCall, ask: Any) -> Finding:
        """The same as ever."""
        return self._finding


@pytest.mark.parametrize(
    ("people", "sent_ago", "is_believed"),
    [
        ({"guest0@example.com"}, 10, False),
        ({"guest0@example.com"}, None, False),
        ({"guest0@example.com", "host@example.com"}, 10, False),
        ({"guest0@example.com", "bob@example.com"}, 10, True),
        ({"bob@example.com"}, 10, True),
        ({"guest0@example.com"}, -50, False),
        ({"guest0@example.com"}, -70, True),
    ],
)
def test_another_row_may_have_made_it(
    people: set[str], sent_ago: float | None, is_believed: bool
) -> None:
    """What is found is not believed while a row that differs in hosts at most may have made it."""

    async def ask(*_: Any, **__: Any) -> None:
        raise AssertionError

    async def play(_: virtual.VirtualLoop) -> Finding:
        now = datetime.now(UTC).replace(microsecond=0)
        rival = Rival(frozenset(people), None if sent_ago is None else time.time() - sent_ago)
        found = Found(BOOKING, Evidence(says="found"), now, frozenset({"host@example.com"}))
        lost = evolve(lost_call(wanted(0), rival), api_clock=_heard(now))
        return await look_once(lost, ask, Sees(found))

    finding = virtual.run(play)
    assert type(finding) is (Found if is_believed else Unclear)
    assert is_believed or "another row" in finding.evidence.says


def lost_call(asked: Any, *rivals: Rival) -> LostCall:
    """A call for a booking that others may have asked for too."""

    async def nobody(_: str) -> bool:
        return False

    async def these() -> tuple[Rival, ...]:
        return rivals

    return LostCall(
        request=asked,
        auth=PublicConfiguration("c"),
        sent_at=0.0,
        belongs_to_another=nobody,
        rivals=these,
    )
