"""The carrier: sends one row, and finds out what became of it when the answer was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import evolve

from .._expiry import Expiry
from .._pace import Held, Pacer
from ..auth import Auth
from ..errors import (
    BatchError,
    BookingsError,
    NoAnswer,
    NotSent,
    Outcome,
    RateLimited,
    SlotUnavailable,
)
from ..models.bookings import Booking
from ..operations import CREATE_BOOKING
from . import stored
from .api_clock import ApiClock
from .journal import Journal
from .results import Evidence, Result
from .rows import Row, is_doubtful, result_of
from .settling import (
    Absent,
    Ask,
    Finding,
    Found,
    LostCall,
    Settler,
    Unclear,
    look_once,
    settled,
)
from .slots import Slots
from .twins import Twins

if TYPE_CHECKING:
    from .._call import Call
    from .._transport import Transport

_MOST_SENDS: Final = 3
"""How often a row is sent, and lost, however often it turns out that there is no booking."""

_MOST_REFUSALS: Final = 5
"""How often a row may end in 429, however often the client has sent it each time."""


SendOnce: TypeAlias = Callable[[Row], Coroutine[Any, Any, Booking | BookingsError | None]]
"""Sends a row by one call of the client. None, when the batch was stopped before."""


class Carrier:
    """Carries rows to the API.

    Args:
        transport: What carries out calls.
        journal: What is told of each step.
        pace: How fast calls may leave.
        slots: How many rows may be on their way. A row keeps its slot until it is given back.
        auth: Who is asking, where a row does not say it; the transport's if not given.

    Attributes:
        stopped: Whether nothing new is to be sent.
        twins: Which rows could be taken for each other.
    """

    def __init__(
        self,
        transport: Transport,
        journal: Journal,
        pace: Pacer | None,
        slots: Slots,
        auth: Auth | None = None,
    ) -> None:
        self._transport = transport
        self._journal = journal
        self._pace = pace
        self._auth = auth or transport.auth
        self._slots = slots
        self._now = asyncio.get_running_loop().time
        self._waiting: set[asyncio.Task[Any]] = set()
        self.stopped: bool = False
        self.twins: Twins = Twins()

    async def send(self, row: Row) -> Booking | BookingsError | None:
        """Send a row; again, after all attempts of the client, while the API has too many calls.

        None, when the batch was stopped before.
        """
        answer = await self._send(row)
        if isinstance(answer, RateLimited):
            return await self._send_again_later(row, answer, self._send)
        return answer

    async def send_unmarked(self, row: Row) -> Booking | BookingsError | None:
        """Do the same with a row that is not marked before, and needs no slot and no turn."""
        answer = await self._call_unmarked(row)
        if isinstance(answer, RateLimited):
            return await self._send_again_later(row, answer, self._call_unmarked)
        return answer

    async def _send_again_later(
        self, row: Row, answer: Booking | BookingsError, send: SendOnce
    ) -> Booking | BookingsError:
        """Send a row that the API has refused, because it has too many calls."""
        refusals = 1
        while isinstance(answer, RateLimited) and refusals < _MOST_REFUSALS and not self.stopped:
            # It may be long until its next turn, and the batch may end before.
            await self._journal.unsent(row)
            again = await send(row)
            if again is None:
                return answer
            answer = again
            refusals += 1
        return answer

    def _send(self, row: Row) -> Coroutine[Any, Any, Booking | BookingsError | None]:
        """Send a row, when it is its turn, and when the journal knows that it will be sent."""
        return self._send_marked(row) if self._pace is None else self._send_paced(row, self._pace)

    async def _send_paced(self, row: Row, pace: Pacer) -> Booking | BookingsError | None:
        await self._slots.prepare(row)
        try:
            await pace.acquire()
        except BookingsError as error:
            # A pace that cannot be asked; without its leave nothing is sent.
            error.operation = CREATE_BOOKING.name
            return error
        held = Held(pace)
        try:
            return await self._send_marked(row, held)
        finally:
            held.give_back()

    async def _send_marked(
        self, row: Row, held: Held | None = None
    ) -> Booking | BookingsError | None:
        """Let the journal know that a row is about to be sent, and send it when it has a slot."""
        await self._slots.prepare(row)
        if self.stopped:
            return None
        row.sending()
        while True:
            began = self._now()
            expires = await self._mark(row)
            marked = self._now()
            if not await self._is_its_turn(row, expires):
                return None
            if expires is None or not expires.has_passed():
                break
            # It waited for its slot for too long: whoever has taken it over says so to the mark.
        called = self._now()
        row.leaves(called)
        answer = await self._call(row, held, expires)
        self._slots.took(marked - began, self._now() - called)
        return answer

    async def _mark(self, row: Row) -> Expiry | None:
        """Let the journal know that a row is about to be sent; return until when that is true."""
        try:
            return await self._journal.sending(row)
        except BaseException as error:
            await self._unmark(row, error)
            raise

    async def _unmark(self, row: Row, error: BaseException) -> None:
        """Take back a mark that came to nothing."""
        row.not_sent()
        if not isinstance(error, BatchError):
            await self._journal.unsent(row)

    async def _is_its_turn(self, row: Row, expires: Expiry | None) -> bool:
        """Wait until there is a slot for the call; when the batch ends before, it is not sent."""
        try:
            await self._slots.begin(row)
        except asyncio.CancelledError:
            await self._took_back(row)
            raise
        # A journal that others can take the row over from must not have failed before it is sent.
        return not (self.stopped and (await self._took_back(row) or expires is not None))

    def _call_unmarked(self, row: Row) -> Coroutine[Any, Any, Booking | BookingsError | None]:
        row.sending()
        return self._call(row, None, None)

    async def _took_back(self, row: Row) -> bool:
        """Say that a row is not sent after all; what cannot be told any more had better be sent."""
        row.not_sent()
        try:
            await self._journal.unsent(row)
        except BatchError:
            row.sending()
            return False
        return True

    async def _call(
        self, row: Row, pace: Held | None, expires: Expiry | None
    ) -> Booking | BookingsError | None:
        """Make the call. Return None if the batch was stopped before any of it left.

        Whatever is raised is the result of this row alone.
        """
        request = row.request
        zone = request.booking_timezone
        calls: list[Call] = []
        answer: Booking | BookingsError | None
        try:
            answer = await self._transport.run(
                CREATE_BOOKING,
                body=lambda: request,
                query=None if zone is None else lambda: {"timezone": zone},
                encoded=row.body,
                auth=request.auth,
                pace=pace,
                begun=calls.append,
                expires=expires,
            )
        except BookingsError as error:
            answer = error
        except asyncio.CancelledError:
            # Only the runner cancels, when nothing new starts any more: this was the last of it.
            answer = stored.interrupted() if _left(calls) else None
        except Exception as error:  # noqa: BLE001 - a sender of the user's may raise anything
            answer = _sender_error(error, _left(calls))
        row.sent(_left(calls), in_doubt=is_doubtful(answer))
        if answer is None:
            await self._journal.unsent(row)
        return answer

    async def settle(self, row: Row, lost: BookingsError, settler: Settler) -> Result:
        """The result of a row whose answer was lost; sent again if there is proof of no booking."""
        while True:
            finding = await self._found_out(row, settler)
            if isinstance(finding, Found):
                return await self._claimed(row, finding, lost)
            once_more = lost.outcome is not Outcome.DONE and row.doubts < _MOST_SENDS
            if not isinstance(finding, Absent) or not once_more or self.stopped:
                return row.unknown(lost, finding.evidence)
            answer = await self._send_again(row)
            if answer is None:
                return row.unknown(lost, finding.evidence)
            if isinstance(answer, SlotUnavailable):
                return await self._taken(row, answer, settler)
            if not is_doubtful(answer):
                return result_of(row, answer)
            assert isinstance(answer, BookingsError)
            lost = answer
            await self._journal.record(row, row.unknown(lost))

    async def _send_again(self, row: Row) -> Booking | BookingsError | None:
        """Send a row whose slot others have by now, and will have while it is looked for again."""
        try:
            return await self.send(row)
        finally:
            self._slots.leave(row)

    async def _found_out(self, row: Row, settler: Settler) -> Finding:
        """What the settler finds, unless the batch ends first."""
        task = asyncio.current_task()
        assert task is not None
        ended = Unclear(row.evidence or Evidence(says="the batch ended before it was settled"))
        if self.stopped:
            return ended
        self._waiting.add(task)
        try:
            return await settled(*self._search(row), settler)
        except asyncio.CancelledError:
            if task in self._waiting:
                raise
            return ended
        finally:
            self._waiting.discard(task)

    def stop(self) -> None:
        """Send nothing new, and do not wait for what could still be found out."""
        self.stopped = True
        while self._waiting:
            self._waiting.pop().cancel()

    async def _taken(self, row: Row, refused: SlotUnavailable, settler: Settler) -> Result:
        """The result of a row whose slot was gone when it was sent again: gone to itself?"""
        finding = await look_once(*self._search(row), settler)
        if isinstance(finding, Found):
            return await self._claimed(row, finding, refused)
        if isinstance(finding, Absent):
            return row.failed(refused)
        return row.unknown(refused, finding.evidence)

    async def _claimed(self, row: Row, found: Found, lost: BookingsError) -> Result:
        """The result of a row whose booking was found, unless another row has it by now."""
        if await self._journal.claim(found.booking.booking_id, row):
            return row.created(found.booking, found.evidence)
        says = "there is a booking, but another row has it"
        return row.unknown(lost, evolve(found.evidence, says=says))

    def _search(self, row: Row) -> tuple[LostCall, Ask]:
        """What is looked for, and what asks the API, whose clock is read meanwhile."""
        clock, own = ApiClock(), row.request.auth
        lost = LostCall(
            request=row.request,
            auth=own or self._auth,
            has_own_auth=own is not None and own != self._auth,
            sent_at=row.sent_at or 0.0,
            sent_clock=row.sent_clock,
            api_clock=clock,
            belongs_to_another=partial(self._journal.belongs_to_another, row=row),
            rivals=partial(self._journal.rivals, row),
        )
        return lost, partial(self._transport.observed(clock.hear).run, pace=self._pace)


def _left(calls: list[Call]) -> int:
    """How many requests have left this machine, if it came to a call."""
    return calls[0].sent - calls[0].unsent if calls else 0


def _sender_error(error: Exception, sends: int) -> BookingsError:
    """Wrap what a sender has raised that is no error of ours."""
    kind = NoAnswer if sends else NotSent
    lost = kind(f"the sender failed ({type(error).__name__})")
    lost.__cause__, lost.attempts = error, sends
    return lost
