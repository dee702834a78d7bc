"""Rows that a calendar cannot tell apart are seen to one after the other."""

from __future__ import annotations

import asyncio

from nylas_bookings import Guest
from nylas_bookings.batch.rows import Row, row
from nylas_bookings.batch.twins import Twins

from .asking import wanted

JANE, BOB = Guest(name="Jane", email="jane@example.com"), Guest(name="Bob", email="BOB@example.com")


def _row(position: int, guest: Guest, *others: Guest, slot: int = 0) -> Row:
    return row(position, wanted(slot, guest=guest, additional_guests=others))


async def _enters_at_once(twins: Twins, one: Row) -> bool:
    entering = asyncio.ensure_future(twins.enter(one))
    await asyncio.sleep(0)
    if entering.done():
        return True
    entering.cancel()
    await asyncio.gather(entering, return_exceptions=True)
    return False


async def test_one_after_the_other() -> None:
    """The same people at the same time wait for each other, in whatever order they are named."""
    twins = Twins()
    first = _row(1, JANE, BOB)
    await twins.enter(first)
    assert not await _enters_at_once(twins, _row(2, BOB, JANE))
    assert await _enters_at_once(twins, _row(3, JANE))
    assert await _enters_at_once(twins, _row(4, JANE, BOB, slot=1))
    twins.leave(first)
    assert await _enters_at_once(twins, _row(5, BOB, JANE))


async def test_who_waits_comes_in_turn() -> None:
    """The one that has waited longest is next, and who gave up is passed over."""
    twins = Twins()
    first, second, third = (_row(number, JANE) for number in (1, 2, 3))
    await twins.enter(first)
    entering = [asyncio.ensure_future(twins.enter(one)) for one in (second, third)]
    await asyncio.sleep(0)
    entering[0].cancel()
    await asyncio.gather(entering[0], return_exceptions=True)
    twins.leave(first)
    await entering[1]
    twins.leave(third)
    assert await _enters_at_once(twins, second)


async def test_one_that_may_have_booked() -> None:
    """A row of unknown outcome makes the others unsure of what they find, and not itself."""
    twins = Twins()
    unknown, other, later = _row(1, JANE, BOB), _row(2, BOB, JANE), _row(3, JANE, BOB, slot=1)
    assert not twins.another_is_unsure(other)
    twins.unsure_of(unknown)
    assert twins.another_is_unsure(other)
    assert not twins.another_is_unsure(unknown)
    assert not twins.another_is_unsure(later)
