"""The runner: rows from the input, calls to the API, results into the journal, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, TypeAlias

from attrs import define

from ..errors import BatchError, BookingsError
from ..models.bookings import Booking
from . import stored
from .carrier import Carrier
from .journal import Counts, Journal, KeepsBookings
from .results import Result
from .rows import Row, is_doubtful, result_of
from .scratch import Scratch
from .settling import Settler
from .slots import Slots
from .source import Rows

_MOST_DOUBTS: Final = 1000
"""How many rows may wait to be settled before no further ones are sent."""

Tell: TypeAlias = Callable[[Result], Coroutine[Any, Any, None]]
"""Hands a result to whoever wants to know."""


@define(kw_only=True, eq=False)
class Plan:
    """What a run is about.

    Attributes:
        tell: Hears of each result, if anybody does.
        ends: Whether a result ends the batch, if any can.
        slots: How many rows may be seen to at a time.
        memory: The journal, if it is one in memory and nothing else holds a row up, such as a rate
            limit or a settler. Then rows are neither marked, nor do they wait for a slot: a worker
            has one call in flight.
    """

    carrier: Carrier
    journal: Journal
    settler: Settler | None
    tell: Tell | None
    ends: Callable[[Result], bool] | None
    slots: Slots
    memory: Scratch | None = None


class Runner:
    """One run of a batch."""

    def __init__(self, plan: Plan, source: Rows) -> None:
        self._plan = plan
        self._journal = plan.journal
        self._carrier = plan.carrier
        self._source = source
        self._record_created = _recorder(plan)
        self._workers: set[asyncio.Task[None]] = set()
        self._doubts: set[asyncio.Task[None]] = set()
        self._begun: set[asyncio.Task[None]] = set()
        self._failure: Exception | None = None

    @property
    def stopped(self) -> bool:
        """Whether the batch was ended before its input was."""
        return self._carrier.stopped

    async def run(self) -> None:
        """Carry out the batch. Cancelled, it ends at once, and what is on its way is unknown."""
        self._employ()
        try:
            await _all_of(self._workers)
            await _all_of(self._doubts)
        except asyncio.CancelledError:
            self._stop()
            _cancel(self._workers | self._begun)
            await _all_of(self._workers)
            await _all_of(self._doubts)
            raise
        finally:
            await self._source.close()
        if self._failure is not None:
            raise self._failure

    async def finish(self) -> Counts:
        """Bring the journal to its end."""
        # A row that was read when the batch was stopped may not have come as far as the journal.
        complete = self._source.complete and not self.stopped
        return await self._journal.finish(complete=complete)

    async def tell_contested(self) -> None:
        """Tell what became of rows of which it was told that they had another row's booking.

        That another row has it shows when both are written down, and both may be told by then.
        """
        tell, contested = self._plan.tell, self._journal.contested
        if tell is None or not contested:
            return
        for result in self._journal.results():
            if result.key in contested:
                await tell(result)

    def _employ(self) -> None:
        """Have as many at work as are needed now."""
        while len(self._workers) < self._plan.slots.rows and not self.stopped:
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    def _is_one_too_many(self) -> bool:
        """Whether fewer are needed at work now; the one that asks does not count any more then."""
        if len(self._workers) <= self._plan.slots.rows:
            return False
        current = asyncio.current_task()
        assert current is not None
        self._workers.discard(current)
        return True

    async def _work(self) -> None:
        """Take one row after the other, as long as so many are needed."""
        try:
            while not self._is_one_too_many():
                if (row := await self._source.next()) is None:
                    return
                try:
                    await self._process(row)
                finally:
                    self._plan.slots.leave(row)
                while len(self._doubts) >= _MOST_DOUBTS:
                    await asyncio.wait(self._doubts, return_when=asyncio.FIRST_COMPLETED)
                self._employ()
        except Exception as error:  # noqa: BLE001 - whatever it is, the others come to a clean end
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if self._failure is None:
            self._failure = error
        self._stop()

    def _stop(self) -> None:
        """Start nothing new; what waits to be settled does not wait any longer."""
        self._source.stop()
        self._carrier.stop()

    def _process(self, row: Row) -> Coroutine[Any, Any, None]:
        # Chosen for each row: a method that is kept in an attribute would keep the input alive.
        memory = self._plan.memory
        return self._row(row) if memory is None else self._send_directly(memory, row)

    async def _row(self, row: Row) -> None:
        known = await self._journal.find(row)
        if known is None:
            await self._journal.plan(row)
            await self._send_row(row, None)
            return
        row.number, row.sends, row.doubts = known.number, known.sends, known.doubts
        row.sent_at, row.evidence = known.sent_at, known.evidence
        if known.state in ("sending", "unknown"):
            await self._send_row(row, known.error or stored.interrupted())
        elif known.state == "planned" or known.may_repeat:
            await self._send_row(row, None)

    async def _send_directly(self, memory: Scratch, row: Row) -> None:
        """Send a row of which nothing is known, nor written down, before it has a result."""
        memory.meet(row)
        if self.stopped:
            return
        answer = await self._carrier.send_unmarked(row)
        if answer is not None:
            await self._conclude(row, answer)

    def _send_row(self, row: Row, lost: BookingsError | None) -> Coroutine[Any, Any, object]:
        """Send a row, alone among those that look like it, where a settler has to find it."""
        settler = self._plan.settler
        return self._sent(row, lost) if settler is None else self._alone(row, lost, settler)

    async def _alone(self, row: Row, lost: BookingsError | None, settler: Settler) -> None:
        """Send a row that is new, or was lost, while no other can be taken for it."""
        await self._carrier.twins.enter(row)
        in_doubt = None
        try:
            in_doubt = await self._sent(row, lost)
        finally:
            if in_doubt is None:
                self._carrier.twins.leave(row)
        if in_doubt is not None:
            self._settle_later(row, in_doubt, settler)

    async def _sent(self, row: Row, lost: BookingsError | None) -> BookingsError | None:
        """Send a row, if it was not lost before; what it ended in, if that has to be settled."""
        if lost is None:
            if self.stopped:
                return None
            answer = await self._carrier.send(row)
            if answer is None:
                return None
            if not is_doubtful(answer) or self._plan.settler is None or self.stopped:
                await self._conclude(row, answer)
                return None
            assert isinstance(answer, BookingsError)
            lost = answer
        elif self._plan.settler is None or self.stopped:
            await self._finish(row, row.unknown(lost))
            return None
        await self._journal.record(row, row.unknown(lost))
        return lost

    def _settle_later(self, row: Row, lost: BookingsError, settler: Settler) -> None:
        task = asyncio.create_task(self._doubt(row, lost, settler))
        self._doubts.add(task)
        task.add_done_callback(self._doubts.discard)
        task.add_done_callback(lambda _: self._carrier.twins.leave(row))

    async def _doubt(self, row: Row, lost: BookingsError, settler: Settler) -> None:
        """Settle a row."""
        task = asyncio.current_task()
        assert task is not None
        # A task that was cancelled before it began would say nothing of its row.
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        try:
            await self._finish(row, await self._carrier.settle(row, lost, settler))
        except Exception as error:  # noqa: BLE001 - as in _work
            self._fail(error)

    async def _conclude(self, row: Row, answer: Booking | BookingsError) -> None:
        """Finish a row with the answer to its call; without a result, where nobody hears of it."""
        if self._record_created is None or isinstance(answer, BookingsError):
            await self._finish(row, result_of(row, answer))
            return
        try:
            self._record_created(row, answer)
        except BatchError as error:
            self._fail(error)

    async def _finish(self, row: Row, result: Result) -> None:
        """Write down a result, tell of it, and see whether it ends the batch."""
        try:
            await self._journal.record(row, result)
        except BatchError as error:
            # What the journal cannot hold, the caller is told all the same.
            self._fail(error)
        tell, ends = self._plan.tell, self._plan.ends
        if tell is not None:
            await tell(result)
        if ends is not None and not self.stopped and ends(result):
            self._stop()


def _recorder(plan: Plan) -> Callable[[Row, Booking], None] | None:
    """What writes down a booking as it is, if nobody hears of its result before it is read."""
    is_heard = plan.tell is not None or plan.ends is not None
    if is_heard or not isinstance(plan.journal, KeepsBookings):
        return None
    return plan.journal.record_created


def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    for task in list(tasks):
        task.cancel()


async def _all_of(tasks: set[asyncio.Task[None]]) -> None:
    """Wait until all have ended, those included that come meanwhile; they raise nothing."""
    while waiting := [task for task in tasks if not task.done()]:
        await asyncio.wait(waiting)
