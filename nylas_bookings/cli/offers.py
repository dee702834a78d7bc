"""Finds the slot that is meant by the time at which it starts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..errors import BookingsError, InvalidRequest
from ..models import TimeSlot
from . import times

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
    found = [slot for slot in availability.time_slots if slot.start_time == starts]
    if not found:
        raise BookingsError(f"nothing is offered at {starts.isoformat()}")
    if len(found) > 1:
        raise InvalidRequest(f"{len(found)} slots begin at {starts.isoformat()}: say --end")
    return found[0]
