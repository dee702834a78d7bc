"""The events of a series: a calendar keeps the rule, and whoever looks in sees each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from .group_events import occurrence_id
from .recurrence import expanded
from .wall_clock import DAY, offset, zone

_OF_SERIES: Final = re.compile(r"(.+)_(\d{8}T\d{6}Z)")
_BLOCK: Final = 32 * DAY


def unrolled(events: Iterable[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    """The events with each series in pieces, as far as they touch a stretch of time.

    A piece that is among the events for itself is told as it is there.
    """
    events = [*events]
    apart = {event["id"] for event in events}
    found = []
    for event in events:
        if event.get("recurrence"):
            found += [one for one in pieces(event, start, end) if one["id"] not in apart]
        else:
            found.append(event)
    return sorted(found, key=lambda event: event["when"]["start_time"])


def pieces(event: dict[str, Any], start: int, end: int) -> list[dict[str, Any]]:
    """The events of a series that touch a stretch of time, as the rule has them."""
    one = {key: value for key, value in event.items() if key != "recurrence"}
    return [
        {
            **one,
            "id": event_id,
            "master_event_id": event["id"],
            "when": {**event["when"], "start_time": begin, "end_time": finish},
        }
        for event_id, (begin, finish) in times(event, start, end).items()
    ]


def times(event: dict[str, Any], start: int, end: int) -> dict[str, tuple[int, int]]:
    """When the events of a series are that touch a stretch of time, by their ids."""
    length = event["when"]["end_time"] - event["when"]["start_time"]
    return {
        occurrence_id(event["id"], begin): (begin, begin + length)
        for begin in _begins(event, start - length + 1, end)
    }


def moved(instant: int, before: dict[str, Any], after: dict[str, Any]) -> int:
    """When an event is after its series was moved: by as much as that, on the wall clock."""
    (then, there), (now, here) = _first(before), _first(after)
    if (then, there) == (now, here):
        return instant
    further = (now + offset(here, now)) - (then + offset(there, then))
    wall = datetime.fromtimestamp(instant + offset(there, instant) + further, UTC)
    return int(wall.replace(tzinfo=here).timestamp())


def origin(event_id: str) -> tuple[str, int] | None:
    """The series that an id names one event of, and when the rule has that."""
    found = _OF_SERIES.fullmatch(event_id)
    if found is None:
        return None
    try:
        begin = datetime.strptime(found[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return found[1], int(begin.timestamp())


def _first(event: dict[str, Any]) -> tuple[int, ZoneInfo]:
    """When a series begins, and in which zone it keeps its time of day."""
    when = event["when"]
    return when["start_time"], zone(when.get("start_timezone") or "UTC", "start_timezone")


def _begins(event: dict[str, Any], start: int, end: int) -> Sequence[int]:
    first, where = _first(event)
    lines = tuple(event["recurrence"])
    if end - start > _BLOCK:
        return expanded(lines, first=first, where=where, start=start, end=end)
    blocks = range(start // _BLOCK, (end - 1) // _BLOCK + 1)
    near = [begin for number in blocks for begin in _in_block(lines, first, where, number)]
    return [begin for begin in near if start <= begin < end]


@lru_cache(maxsize=1024)
def _in_block(lines: tuple[str, ...], first: int, where: ZoneInfo, number: int) -> Sequence[int]:
    """Those of some weeks: whoever books asks for a few minutes of the same weeks all the time."""
    start = number * _BLOCK
    return expanded(lines, first=first, where=where, start=start, end=start + _BLOCK)
