"""A shared pace: what one process hears, all processes heed; and without leave nothing is sent."""

from __future__ import annotations

import asyncio

import pytest

from nylas_bookings import AsyncClient, errors
from nylas_bookings._pace.shared import SharedPace

from ..batch import virtual
from ..batch.asking import many
from ..batch.test_pace import Server
from ..samples import PUBLIC
from .common import InMemory, pace

TOO_MANY = errors.RateLimited("slowly", status=429)
PAUSE = errors.RateLimited("later", status=429, retry_after=30.0)


def test_a_refusal_slows_all_of_them() -> None:
    """When the API refuses the call of one process, the others send fewer calls too."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common = InMemory()
        one, other = pace(common, 100.0), pace(common, 100.0)
        await one.acquire()
        await other.acquire()
        one.release(0.1, TOO_MANY)
        await asyncio.sleep(1)
        await other.acquire()
        assert one.rate == other.rate == 85.0
        assert common.known.refused == 100.0

    virtual.run(play)


def test_many_refusals_are_one_lesson() -> None:
    """Calls of several processes that were on their way at a cut do not cut the rate again."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common = InMemory()
        paces = [pace(common, 100.0) for _ in range(3)]
        for each in paces:
            await each.acquire()
        for each in paces:
            await asyncio.sleep(0.01)
            each.release(0.5, TOO_MANY)
        await asyncio.sleep(1)
        assert common.known.rate == 85.0

    virtual.run(play)


def test_a_pause_is_everybodys() -> None:
    """When the API asks one process to wait, no process takes a turn before the time is over."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common = InMemory(ahead=1e9)
        one, other = pace(common, 100.0), pace(common, 100.0)
        await other.acquire()
        await one.acquire()
        one.release(0.1, PAUSE)
        told = loop.time()
        await asyncio.sleep(0.1)
        for each in (other, one):
            await each.acquire()
            assert loop.time() >= told + 30.0

    virtual.run(play)


def test_a_pause_that_comes_meanwhile() -> None:
    """Who waits for a turn when the pause comes does not leave before it is over either."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common = InMemory()
        one, other = pace(common, 0.5), pace(common, 0.5)
        await one.acquire()
        waiting = asyncio.create_task(other.acquire())
        await asyncio.sleep(0.5)
        one.release(0.5, PAUSE)
        told = loop.time()
        await waiting
        assert loop.time() >= told + 30.0

    virtual.run(play)


def test_what_is_learned_comes_back_together() -> None:
    """The answers that all processes get raise the rate of all together."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common = InMemory()
        paces = [pace(common, 100.0) for _ in range(3)]
        await paces[0].acquire()
        paces[0].release(0.1, TOO_MANY)
        await asyncio.sleep(2)
        for _ in range(400):
            for each in paces:
                await each.acquire()
                each.release(0.1, None)
        assert 96.0 < (common.known.rate or 0.0) < 100.0

    virtual.run(play)


def test_the_clock_is_the_common_one() -> None:
    """Turns are asked for with the common clock, however wrong one's own is."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common = InMemory(ahead=12345.0)
        here = pace(common, 10.0)
        for _ in range(5):
            await here.acquire()
        common.ahead += 100.0
        await asyncio.sleep(60)
        await here.acquire()
        for there, known_here in common.turns:
            assert known_here == pytest.approx(there, abs=0.2)

    virtual.run(play)


def test_nothing_is_sent_without_leave() -> None:
    """When the common place is away, calls end as not sent, and a batch goes on without them."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common, server = InMemory(), Server(loop)
        common.away = "it is on holiday"
        nylas = virtual.on(loop, AsyncClient(PUBLIC, send=server.send, pace=pace(common, 10.0)))
        with pytest.raises(errors.NotSent, match=r"bookings\.get: it is on holiday. Nothing was"):
            await nylas.bookings.get("b-1")
        report = await nylas.bookings.create_many(many(50))
        assert (report.created, report.failed) == (0, 50)
        assert {type(result.error) for result in report} == {errors.NotSent}
        assert server.asked == []
        common.away = None
        assert (await nylas.bookings.create_many(many(5))).created == 5

    virtual.run(play)


def test_one_finds_out_for_all_who_wait() -> None:
    """Those who wait in the line while the common place is away do not ask one after the other."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common = InMemory()
        common.away = "gone"
        here = pace(common, 10.0)
        done = await asyncio.gather(*(here.acquire() for _ in range(20)), return_exceptions=True)
        assert {type(error) for error in done} == {errors.NotSent}
        assert common.asked == 1

    virtual.run(play)


def test_a_refusal_that_cannot_be_passed_on() -> None:
    """A refusal that comes while the common place is away is passed on when it is back."""

    async def play(loop: virtual.VirtualLoop) -> None:
        common = InMemory()
        here = pace(common, 100.0)
        await here.acquire()
        common.away = "gone"
        here.release(0.1, TOO_MANY)
        await asyncio.sleep(1)
        common.away = None
        await here.acquire()
        assert common.known.rate == 85.0

    virtual.run(play)


def test_it_can_be_closed() -> None:
    """Closed, a pace lets go of its connection; used again, it makes another."""
    common = InMemory()
    here: SharedPace = pace(common, 100.0)

    async def use() -> None:
        async with here:
            await here.acquire()
            here.release(0.1, TOO_MANY)
        await here.acquire()
        await here.close()

    for _ in range(2):
        asyncio.run(use())
    assert common.closed == 4
