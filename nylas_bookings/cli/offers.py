"""Finds the slot that is meant by the time at which it starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from ..errors import InvalidRequest
from ..models import TimeSlot
from . import times
from .running import NotOffered

if TYPE_CHECKING:
    from .._client.client import AsyncClient


async def wanted(
    nylas: AsyncClient, start: str, end: str | None, zone: str | None, booking_id: str | None = None
) -> TimeSlot:
    """The slot from one time to another; without an end, the one that is offered at that time."""
    where = times.zone(zone)
    starts = times.moment(start, where, "--start")
    if end is not None:
        return TimeSlot(start_time=starts, end_time=times.moment(end, where, "--end"))
    return await _offered(nylas, starts, booking_id)


async def _offered(nylas: AsyncClient, starts: datetime, booking_id: str | None) -> TimeSlot:
    availability = await nylas.availability.get(
        start_time=starts, end_time=starts + timedelta(days=1), booking_id=booking_id
    )
    slots = availability.time_slots
    found = [slot for slot in slots if slot.start_time == starts]
    if not found:
        raise NotOffered(f"nothing is offered at {_typed(starts)}{_instead(slots, starts)}")
    if len(found) > 1:
        raise InvalidRequest(f"{len(found)} slots begin at {_typed(starts)}: say --end")
    return found[0]


def _instead(slots: Sequence[TimeSlot], starts: datetime) -> str:
    """What can be booked soon after that time, as it would be typed."""
    if starts < datetime.now(UTC) and not slots:
        return ", which is in the past"
    after = min((slot.start_time for slot in slots if slot.start_time > starts), default=None)
    return "" if after is None else f"; the next slot begins at {_typed(after, starts.tzinfo)}"


def _typed(moment: datetime, where: tzinfo | None = None) -> str:
    there = moment if where is None else moment.astimezone(where)
    return there.isoformat(timespec="seconds" if there.second else "minutes")
