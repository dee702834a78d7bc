"""Group events: which meetings can be joined, series expanded, with the places that are left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from .reading import bookable_days
from .recurrence import expanded
from .wall_clock import DAY, offset, zone


@frozen(kw_only=True)
class Change:
    """How one event of a series differs from the others."""

    start: int | None = None
    end: int | None = None
    capacity: int | None = None
    cancelled: bool = False


_UNCHANGED: Final = Change()


@frozen(kw_only=True)
class GroupEventFacts:
    """What has to be known of a group event, or of a series of them.

    Attributes:
        capacity: How many guests may join each of them.
        timezone: In which a series stays at its time of day; UTC if not given.
        recurrence: The RRULE and EXDATE lines of a series; none for a single event.
        emails: Who takes part from the host's side.
        guests: How many guests have joined, by the id of the very event.
        changes: What is different in events of the series, by their ids.
    """

    id: str
    calendar_id: str
    start: int
    end: int
    capacity: int
    timezone: str | None = None
    recurrence: Sequence[str] = ()
    emails: Sequence[str] = ()
    guests: Mapping[str, int] = field(factory=dict)
    changes: Mapping[str, Change] = field(factory=dict)


@frozen(kw_only=True)
class GroupSlot:
    """A group event that can be joined.

    Attributes:
        event_id: The very event.
        master_id: The series it is one of, if it is.
        capacity: How many may join it in all.
        left: How many may still join it.
    """

    start: int
    end: int
    emails: tuple[str, ...]
    event_id: str
    master_id: str | None
    calendar_id: str
    capacity: int
    left: int


def group_offer(
    events: Iterable[GroupEventFacts],
    *,
    start: int,
    end: int,
    now: int,
    days_ahead: int | None = None,
) -> list[GroupSlot]:
    """The group events that start between start and end and have places left, in order.

    As with other slots none has begun by now, and the last day that can be booked, here on the
    clock of the event's zone, can be booked to its end.
    """
    days = bookable_days(days_ahead)
    first, last = max(start, now), min(end, now + (days + 2) * DAY)
    found = [
        slot
        for event in events
        for slot in occurrences(event, start=first, end=last)
        if slot.left and _day(event, slot.start) <= _day(event, now) + days
    ]
    return sorted(found, key=lambda slot: (slot.start, slot.event_id))


def occurrences(event: GroupEventFacts, *, start: int, end: int) -> list[GroupSlot]:
    """The events of a series, or the one event, that start between start and end, full or not."""
    if start >= end:
        return []
    found = [*_unmoved(event, start, end), *_moved(event)]
    return [
        _slot(event, event_id, begin)
        for event_id, begin in found
        if start <= begin < end and not _change(event, event_id).cancelled
    ]


def occurrence_id(master_id: str, start: int) -> str:
    """The id of an event of a series: that of the series, and when it starts unless it is moved."""
    return f"{master_id}_{datetime.fromtimestamp(start, UTC):%Y%m%dT%H%M%SZ}"


def _unmoved(event: GroupEventFacts, start: int, end: int) -> Iterator[tuple[str, int]]:
    where = _zone(event)
    if not event.recurrence:
        yield event.id, event.start
        return
    for begin in expanded(event.recurrence, first=event.start, where=where, start=start, end=end):
        event_id = occurrence_id(event.id, begin)
        if _change(event, event_id).start is None:
            yield event_id, begin


def _moved(event: GroupEventFacts) -> Iterator[tuple[str, int]]:
    for event_id, change in event.changes.items():
        if change.start is not None:
            yield event_id, change.start


def _slot(event: GroupEventFacts, event_id: str, start: int) -> GroupSlot:
    change = _change(event, event_id)
    capacity = event.capacity if change.capacity is None else change.capacity
    return GroupSlot(
        start=start,
        end=start + event.end - event.start if change.end is None else change.end,
        emails=tuple(event.emails),
        event_id=event_id,
        master_id=event.id if event.recurrence else None,
        calendar_id=event.calendar_id,
        capacity=capacity,
        left=max(0, capacity - event.guests.get(event_id, 0)),
    )


def _change(event: GroupEventFacts, event_id: str) -> Change:
    return event.changes.get(event_id, _UNCHANGED)


def _day(event: GroupEventFacts, instant: int) -> int:
    return (instant + offset(_zone(event), instant)) // DAY


def _zone(event: GroupEventFacts) -> ZoneInfo:
    return zone(event.timezone or "UTC", "when.start_timezone")
