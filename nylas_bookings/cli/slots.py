"""The command `slots`: a week of availability."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter, validators

from . import asking, printing, times
from .documents import document
from .options import Json
from .running import Answer, reading


@reading
async def slots(
    *,
    first: Annotated[str | None, Parameter(name="--from")] = None,
    days: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=366))] = 7,
    zone: Annotated[str | None, Parameter(name="--zone")] = None,
    booking_id: str | None = None,
    json: Json = False,
) -> Answer:
    """Show what can be booked, a week at a time.

    Parameters
    ----------
    first
        The first day, such as 2027-01-04; today if not given.
    days
        How many days; 7 if not given.
    zone
        The visitor's time zone, such as Europe/Berlin; the one of this machine if not given.
    booking_id
        A booking to be moved: its own time counts as free.
    """
    from datetime import UTC, datetime

    from . import week

    where = times.zone(zone)
    begin = times.day(first, where)
    start, end = times.midnight(begin, where), times.midnight(times.later(begin, days), where)
    start = max(start, datetime.now(UTC).replace(microsecond=0)) if first is None else start
    async with asking.client() as nylas:
        offer = await nylas.availability.get(start_time=start, end_time=end, booking_id=booking_id)
    shown = week.calendar(offer.time_slots, begin, days, where, printing.console().width)
    return Answer(document(offer), shown)
