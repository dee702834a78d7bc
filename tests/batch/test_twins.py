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


async def test_cancelled_just_as_its_turn_comes() -> None:
    """A row that is cancelled when it has just been let in lets the next one in."""
    twins = Twins()
    first, second, third = (_row(number, JANE) for number in (1, 2, 3))
    await twins.enter(first)
    entering = [asyncio.ensure_future(twins.enter(one)) for one in (second, third)]
    await asyncio.sleep(0)
    twins.leave(first)
    entering[0].cancel()
    await asyncio.gather(entering[0], return_exceptions=True)
    assert entering[0].cancelled()
    async with asyncio.timeout(1):
        await entering[1]
    twins.leave(third)
    assert await _enters_at_once(twins, second)


async def test_addresses_as_providers_return_them() -> None:
    """The same guest in other letters, or at the same domain in punycode, is the same guest."""
    twins = Twins()
    forms = [
        "Ren\u00e9@B\u00fccher.example",
        "rene\u0301@bu\u0308cher.example",
        "REN\u00c9@xn--bcher-kva.example",
        "rene\u0301@XN--BCHER-KVA.example",
    ]
    same = [_row(number, Guest(name="René", email=form)) for number, form in enumerate(forms, 1)]
    await twins.enter(same[0])
    for one in same[1:]:
        assert not await _enters_at_once(twins, one)
    other = Guest(name="Rene", email="rene@b\u00fccher.example")
    assert await _enters_at_once(twins, _row(9, other))
