"""Absence is believed when two looks in a row agree on it, and never from one look alone."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings import PublicConfiguration
from nylas_bookings.batch.results import Evidence
from nylas_bookings.batch.settling import Absent, Finding, Found, LostCall, Unclear, settled
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
        return await settled(_lost(asked), Looks(script), ask), loop.time() - began

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
        return await settled(_lost(asked), Looks("aaa"), ask)

    assert type(virtual.run(play)) is ends


def test_somebody_else_may_have_it() -> None:
    """What is found is not believed while another row may have asked for it too."""

    async def ask(*_: Any, **__: Any) -> None:
        raise AssertionError

    async def play(_: virtual.VirtualLoop) -> Finding:
        return await settled(_lost(wanted(0), is_alone=False), Looks("ffff"), ask)

    finding = virtual.run(play)
    assert type(finding) is Unclear
    assert "another row" in finding.evidence.says


def _lost(asked: Any, *, is_alone: bool = True) -> LostCall:
    async def nobody(_: str) -> bool:
        return False

    return LostCall(
        request=asked,
        auth=PublicConfiguration("c"),
        sent_at=0.0,
        belongs_to_another=nobody,
        is_alone=is_alone,
    )
