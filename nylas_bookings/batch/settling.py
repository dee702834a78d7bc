"""Settling: finding out what a call has done whose answer was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias

from attrs import evolve, field, frozen

from ..auth import Auth
from ..errors import BookingsError
from ..models._times import stretch
from ..models.bookings import Booking, NewBooking
from ..operations import GET_AVAILABILITY
from .api_clock import ApiClock
from .results import Evidence
from .rows import Rival, people_of, slot_of

_OTHER_CLOCKS: Final = 60
"""How many seconds apart the clocks of machines that work on one batch may be."""

Ask: TypeAlias = Callable[..., Coroutine[Any, Any, Any]]
"""Carries out an operation, as the client does."""


@frozen(kw_only=True)
class LostCall:
    """A `bookings.create` whose answer was lost.

    Attributes:
        request: What was asked for.
        auth: Who asked.
        has_own_auth: Whether that is the row's own, and not the client's.
        sent_at: When it was sent first, in seconds since the epoch.
        sent_clock: When the first of its requests left that may have booked, by the event loop's
            clock; None if another run has sent it.
        api_clock: The API's clock, after its first response to `ask`.
        belongs_to_another: Whether somebody else is known to have made a booking.
        rivals: The other rows for this slot of which nobody knows what they have made.
    """

    request: NewBooking
    auth: Auth | None = field(repr=False)
    sent_at: float
    belongs_to_another: Callable[[str], Awaitable[bool]]
    rivals: Callable[[], Awaitable[Sequence[Rival]]]
    api_clock: ApiClock = field(factory=ApiClock, repr=False)
    sent_clock: float | None = None
    has_own_auth: bool = False

    def problem_with_age(self, made_at: datetime | None, margin: float) -> str | None:
        """Why something may have been made before the call was sent, if it may."""
        if made_at is None:
            return "when it was made is not known"
        if (is_older := self.is_older(made_at, margin)) is None:
            return "the API's clock is not known, so it may have been made before the call"
        return "it was made before the call" if is_older else None

    def is_older(self, made_at: datetime | None, margin: float) -> bool | None:
        """Whether something was made before the call was sent; None if that is not known.

        Args:
            made_at: When it was made, by the API's clock.
            margin: How many seconds that clock may be behind the one that dates responses.
        """
        sent = self.api_clock.earliest(self.sent_at, self.sent_clock)
        if made_at is None or sent is None:
            return None
        # The moment at which it was made has whole seconds, cut off.
        return made_at.timestamp() + 1 + margin <= sent


@frozen
class Found:
    """There is a booking, and it is the one.

    Attributes:
        made_at: When it was made, by the API's clock.
        hosts: The addresses that were not compared. A row that differs in nothing else may have
            made the booking just as well.
    """

    booking: Booking
    evidence: Evidence
    made_at: datetime | None = None
    hosts: frozenset[str] = frozenset()


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


async def settled(lost: LostCall, ask: Ask, settler: Settler) -> Finding:
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


async def look_once(lost: LostCall, ask: Ask, settler: Settler) -> Finding:
    """What is there to be seen now; absence means nothing yet."""
    return await _look(lost, settler, ask, 1)


async def _look(lost: LostCall, settler: Settler, ask: Ask, looks: int) -> Finding:
    try:
        finding = await settler.look(lost, ask)
        if isinstance(finding, Found) and await _has_rival(lost, finding):
            says = "another row, of unknown outcome, asks for the same"
            finding = Unclear(evolve(finding.evidence, says=says))
    except BookingsError as error:
        return Unclear(Evidence(says=f"it could not be looked for: {error}", looks=looks))
    return evolve(finding, evidence=evolve(finding.evidence, looks=looks))


async def _has_rival(lost: LostCall, found: Found) -> bool:
    """Whether another row may have made that booking, and nobody knows what it has made."""
    mine = people_of(lost.request) - found.hosts
    return any(
        rival.people - found.hosts == mine and not _is_later(rival, lost, found)
        for rival in await lost.rivals()
    )


def _is_later(rival: Rival, lost: LostCall, found: Found) -> bool:
    """Whether a booking was there before another row was sent, perhaps from another machine."""
    if rival.sent_at is None or found.made_at is None:
        return False
    sent = lost.api_clock.earliest(rival.sent_at)
    return sent is not None and found.made_at.timestamp() + _OTHER_CLOCKS < sent


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
        (slot.start_time.timestamp(), slot.end_time.timestamp()) == slot_of(wanted)
        and (wanted.event_id is None or slot.event_id == wanted.event_id)
        for slot in availability.time_slots
    )
