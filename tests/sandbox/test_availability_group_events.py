"""Group events on offer: occurrences in the range, with the places that are left."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings.sandbox.rules import (
    Change,
    GroupEventFacts,
    GroupSlot,
    UnusableRule,
    group_offer,
    occurrences,
)

from .diary import ADA, BERLIN, at

NOW = at("2026-11-01 12:00")
START = at("2026-11-02 9:00")
LATER = at("2026-12-31 0:00")
SECOND = "yoga_20261109T080000Z"


def event(**more: Any) -> GroupEventFacts:
    """A weekly series on Mondays at 9:00 in Berlin, for ten guests."""
    values: dict[str, Any] = {
        "id": "yoga",
        "calendar_id": "primary",
        "start": START,
        "end": START + 3600,
        "capacity": 10,
        "timezone": BERLIN,
        "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"],
        "emails": [ADA],
    }
    return GroupEventFacts(**{**values, **more})


def on_offer(*events: GroupEventFacts, **more: Any) -> list[GroupSlot]:
    """What can be joined from November on."""
    values = {"start": 0, "end": LATER, "now": NOW, **more}
    return group_offer(events, **values)


def test_each_event_of_a_series_is_a_slot() -> None:
    """Its id is that of the series and its start in UTC; its master is the series."""
    first, second, third = on_offer(event())
    assert first == GroupSlot(
        start=START,
        end=START + 3600,
        emails=(ADA,),
        event_id="yoga_20261102T080000Z",
        master_id="yoga",
        calendar_id="primary",
        capacity=10,
        left=10,
    )
    assert (second.event_id, third.start) == (SECOND, at("2026-11-16 9:00"))


def test_a_single_event_has_no_master() -> None:
    """An event without recurrence goes by its own id."""
    (slot,) = on_offer(event(recurrence=()))
    assert (slot.event_id, slot.master_id, slot.start) == ("yoga", None, START)


def test_places_are_counted_for_each_event() -> None:
    """Who joined one event of the series takes no place in the others."""
    slots = on_offer(event(guests={SECOND: 4}))
    assert [(slot.capacity, slot.left) for slot in slots] == [(10, 10), (10, 6), (10, 10)]


@pytest.mark.parametrize("guests", [10, 12])
def test_full_events_are_not_on_offer(guests: int) -> None:
    """An event with no place left is left out; `occurrences` still tells of it."""
    full = event(guests={SECOND: guests})
    assert SECOND not in [slot.event_id for slot in on_offer(full)]
    told = {slot.event_id: slot.left for slot in occurrences(full, start=0, end=LATER)}
    assert told[SECOND] == 0


def test_one_event_may_have_another_capacity() -> None:
    """An exception changes the capacity of its own event only."""
    slots = on_offer(event(changes={SECOND: Change(capacity=2)}, guests={SECOND: 1}))
    assert [slot.left for slot in slots] == [10, 1, 10]


def test_one_event_may_be_cancelled() -> None:
    """A cancelled event of a series is gone, and the others stay."""
    slots = on_offer(event(changes={SECOND: Change(cancelled=True)}))
    assert [slot.start for slot in slots] == [START, at("2026-11-16 9:00")]


def test_one_event_may_be_moved() -> None:
    """A moved event keeps its id, and is found where it is, not where it was."""
    there = at("2026-11-20 18:00")
    moved = event(changes={SECOND: Change(start=there, end=there + 5400)})
    assert occurrences(moved, start=at("2026-11-09 0:00"), end=at("2026-11-10 0:00")) == []
    (slot,) = occurrences(moved, start=there, end=there + 1)
    assert (slot.event_id, slot.start, slot.end) == (SECOND, there, there + 5400)


def test_slots_come_in_order() -> None:
    """Events of several series are sorted by their start, and then by id."""
    slots = on_offer(event(), event(id="tea", recurrence=()), event(id="run", start=START - 3600))
    assert [slot.event_id.split("_")[0] for slot in slots][:4] == ["run", "tea", "yoga", "run"]


def test_what_has_begun_cannot_be_joined() -> None:
    """An event that starts now is on offer, one that has begun is not."""
    assert len(on_offer(event(), now=START)) == 3
    assert len(on_offer(event(), now=START + 1)) == 2


def test_the_range_is_that_of_starts() -> None:
    """An event that starts before the end is in the range, one that starts at the end is not."""
    assert len(on_offer(event(), start=START, end=START + 1)) == 1
    assert on_offer(event(), start=START + 1, end=START + 3600) == []
    assert on_offer(event(), start=5, end=5) == []
    assert on_offer(event(recurrence=()), start=0, end=START) == []


@pytest.mark.parametrize(("days", "expected"), [(None, 3), (0, 0), (1, 1), (7, 1), (8, 2), (-5, 0)])
def test_days_ahead_are_counted_to_the_end_of_the_day(days: int | None, expected: int) -> None:
    """On the clock of the event's zone, the last day can be booked to its end."""
    assert len(on_offer(event(), days_ahead=days)) == expected


@pytest.mark.parametrize(("days", "expected"), [(6, 0), (7, 1)])
def test_days_ahead_are_days_of_the_events_zone(days: int, expected: int) -> None:
    """Half past midnight in Berlin belongs to that day, though in UTC it is the day before."""
    night = event(start=at("2026-11-08 0:30"), recurrence=())
    assert len(on_offer(night, days_ahead=days)) == expected


@pytest.mark.parametrize("recurrence", [(), ["RRULE:FREQ=DAILY"]])
def test_an_unknown_zone_is_named(recurrence: list[str]) -> None:
    """The error names the field that has it, for a series and for a single event."""
    with pytest.raises(UnusableRule, match=r"^when\.start_timezone is no known time zone: 'Mars'$"):
        occurrences(event(timezone="Mars", recurrence=recurrence), start=START, end=START + 1)


@pytest.mark.parametrize("timezone", [None, ""])
def test_without_a_zone_a_series_keeps_to_utc(timezone: str | None) -> None:
    """On the clock in Berlin, a series without a zone moves when the clock is changed."""
    starts = [
        slot.start
        for slot in occurrences(
            event(start=at("2026-10-19 9:00"), timezone=timezone), start=0, end=LATER
        )
    ]
    assert starts[-1] == at("2026-11-02 8:00")
