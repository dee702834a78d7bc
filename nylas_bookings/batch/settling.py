"""Settling: finding out what a call has done whose answer was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeAlias

from attrs import evolve, field, frozen

from ..auth import Auth
from ..errors import BookingsError
from ..models._times import stretch
from ..models.bookings import Booking, NewBooking
from ..operations import GET_AVAILABILITY
from .results import Evidence

Ask: TypeAlias = Callable[..., Coroutine[Any, Any, Any]]
"""Carries out an operation, as the client does."""


@frozen(kw_only=True)
class LostCall:
    """A `bookings.create` whose answer was lost.

    Attributes:
        request: What was asked for.
        auth: Who asked.
        sent_at: When it was sent, in seconds since the epoch.
        belongs_to_another: Whether somebody else is known to have made a booking.
        is_alone: Whether nobody else may have asked for the same slot and guest in vain.
    """

    request: NewBooking
    auth: Auth | None = field(repr=False)
    sent_at: float
    belongs_to_another: Callable[[str], Awaitable[bool]]
    is_alone: bool = True


@frozen
class Found:
    """There is a booking, and it is the one."""

    booking: Booking
    evidence: Evidence


@frozen
class Absent:
    """There is no trace of a booking, where there would have to be one."""

    evidence: Evidence


@frozen
class Unclear:
    """What was seen proves nothing."""

    evidence: Evidence


Finding: TypeAlias = Found | Absent | Unclear


class Settler(Protocol):
    """Looks for the booking of a lost call. `CalendarSettler` and `WebhookSettler` are two."""

    @property
    def limit(self) -> float:
        """How many seconds the API may still be working on a call that it was sent."""

    @property
    def pause(self) -> float:
        """How many seconds to wait before absence is believed."""

    async def look(self, lost: LostCall, ask: Ask) -> Finding:
        """Look once."""


async def settled(lost: LostCall, settler: Settler, ask: Ask) -> Finding:
    """What became of a call that was lost until now; `Absent` means that it may be sent again.

    A first look finds most bookings at once. That there is none is believed when two looks agree
    on it after the limit, and the slot is still offered. A third may help where other rows were
    settled meanwhile, whose bookings looked like this one's.
    """
    began = asyncio.get_running_loop().time()
    first = await _look(lost, settler, ask, 1)
    if isinstance(first, Found):
        return first
    await _sleep_until(began + settler.limit)
    before = await _look(lost, settler, ask, 2)
    for looks in (3, 4):
        if isinstance(before, Found):
            return before
        await asyncio.sleep(settler.pause)
        now = await _look(lost, settler, ask, looks)
        if isinstance(before, Absent) and isinstance(now, Absent):
            return await _still_offered(lost, ask, now.evidence)
        if isinstance(before, Unclear) and isinstance(now, Unclear):
            return now
        before = now
    if isinstance(before, Absent):
        return Unclear(evolve(before.evidence, says="each look at the calendar saw something else"))
    return before


async def look_once(lost: LostCall, settler: Settler, ask: Ask) -> Finding:
    """What is there to be seen now; absence means nothing yet."""
    return await _look(lost, settler, ask, 1)


async def _look(lost: LostCall, settler: Settler, ask: Ask, looks: int) -> Finding:
    try:
        finding = await settler.look(lost, ask)
    except BookingsError as error:
        return Unclear(Evidence(says=f"it could not be looked for: {error}", looks=looks))
    evidence = evolve(finding.evidence, looks=looks)
    if isinstance(finding, Found) and not lost.is_alone:
        return Unclear(evolve(evidence, says="another row, of unknown outcome, asks for the same"))
    return evolve(finding, evidence=evidence)


async def _sleep_until(moment: float) -> None:
    left = moment - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)


async def _still_offered(lost: LostCall, ask: Ask, evidence: Evidence) -> Finding:
    """Absent, if the slot could be booked now. One that is gone proves nothing: who has it?"""
    try:
        offered = await _is_offered(lost, ask)
    except BookingsError as error:
        return Unclear(evolve(evidence, says=f"{evidence.says}; the slot is not known: {error}"))
    if offered:
        return Absent(evolve(evidence, slot_offered=True))
    says = f"{evidence.says}; but the slot is gone, and who has it is not known"
    return Unclear(evolve(evidence, says=says, slot_offered=False))


async def _is_offered(lost: LostCall, ask: Ask) -> bool:
    wanted = lost.request
    around = {k: str(v) for k, v in stretch(wanted.start_time, wanted.end_time).items()}
    availability = await ask(GET_AVAILABILITY, query=lambda: around, auth=lost.auth)
    return any(
        (slot.start_time, slot.end_time) == (wanted.start_time, wanted.end_time)
        and (wanted.event_id is None or slot.event_id == wanted.event_id)
        for slot in availability.time_slots
    )
