"""A pace that processes share: the turns, what was learned, and the pauses are common to all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import copy
from functools import partial
from types import TracebackType
from typing import Final, Protocol, Self

from attrs import define, field

from ..errors import NotSent
from .learning import Known, Learning
from .line import Line
from .pace import (
    BUSY,
    Pacer,
    asked_pause,
    checked_count,
    checked_rate,
    is_answer,
    is_too_much,
)

_FRESH: Final = 0.05
"""How many seconds old the news of the other processes may be."""

_CLOCK_FRESH: Final = 10.0
_CLOCK_LOOKS: Final = 3

NAME: Final = "nylas-bookings"


class Common(Protocol):
    """What the processes have in common. What keeps it away from us raises `NotSent`."""

    async def time(self) -> float:
        """What time it is there, in seconds since the epoch."""

    async def turn(self, per_second: float, clock: Callable[[], float]) -> bool:
        """Wait for a turn, and say whether that took any time.

        Args:
            per_second: How many turns there are.
            clock: The time there, as it is known here.
        """

    async def change(self, learn: Callable[[Known], Known]) -> None:
        """Change what is known. The function may be called more than once."""

    async def close(self) -> None:
        """Let go of the connection."""


@define(eq=False)
class _Here:
    """What belongs to one event loop.

    Attributes:
        ahead: By how many seconds the common clock is ahead of the loop's.
        failed: When the common place could not be reached last, and why.
        telling: The refusals that are being passed on.
    """

    line: Line
    common: Common
    ahead: float = 0.0
    clock_read: float = float("-inf")
    caught_up: float = float("-inf")
    failed: tuple[float, str] = (float("-inf"), "")
    changing: asyncio.Lock = field(factory=asyncio.Lock)
    telling: set[asyncio.Task[None]] = field(factory=set)

    def now(self) -> float:
        """The common time."""
        return self.line.loop.time() + self.ahead


class SharedPace(Pacer):
    """What all shared paces do, wherever they keep what they share."""

    def __init__(
        self,
        connect: Callable[[], Common],
        per_second: float | None,
        in_flight: int | None,
    ) -> None:
        self._connect = connect
        self._learning = Learning(checked_rate(per_second))
        self._in_flight = checked_count(in_flight)
        self._here: _Here | None = None
        self._heard: list[Callable[[Learning], None]] = []
        self._opens = 0.0
        self._busy_until = 0.0

    @property
    def rate(self) -> float:
        """How many calls a second may leave all processes together, as far as is known here."""
        return self._learning.rate

    async def acquire(self) -> None:
        """Wait for a turn. When that cannot be asked for, nothing may be sent: `NotSent`."""
        here = self._of_this_loop()
        asked = here.line.loop.time()
        await here.line.wait(lambda: self._wait(here, asked))

    def release(self, seconds: float, error: BaseException | None) -> None:
        """Learn from an exchange that is over, and let the next one in."""
        here = self._of_this_loop()
        here.line.leave()
        now = here.now()
        pause = asked_pause(error)
        if pause:
            self._opens = max(self._opens, now + pause)
        if is_too_much(error):
            self._heard.append(partial(Learning.refused, now=now, seconds=seconds))
        elif is_answer(error):
            waited = now < self._busy_until
            heard = partial(Learning.answered, now=now, seconds=seconds, waited=waited)
            self._heard.append(heard)
        if is_too_much(error) or pause:
            self._tell(here)

    async def close(self) -> None:
        """Let go of the connection. Used again, it makes a new one."""
        here, self._here = self._here, None
        if here is not None:
            await asyncio.gather(*here.telling)
            await here.common.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _of_this_loop(self) -> _Here:
        if self._here is None or self._here.line.loop is not asyncio.get_running_loop():
            self._here = _Here(Line(self._in_flight), self._connect())
            self._opens = self._busy_until = 0.0
        return self._here

    async def _wait(self, here: _Here, asked: float) -> None:
        failed_at, why = here.failed
        if failed_at > asked:
            # Whoever has waited meanwhile need not find it out again.
            raise NotSent(why)
        try:
            await self._turn(here)
        except NotSent as error:
            here.failed = (here.line.loop.time(), error.message)
            raise

    async def _turn(self, here: _Here) -> None:
        """Wait for a turn, and for the end of a pause that anybody was asked for."""
        has_turn = False
        while True:
            await self._catch_up(here)
            pause = self._opens - here.now()
            if pause > 0:
                await asyncio.sleep(pause)
            elif has_turn:
                return
            else:
                if await here.common.turn(self._learning.rate, here.now):
                    self._busy_until = here.now() + BUSY
                has_turn = True

    async def _catch_up(self, here: _Here) -> None:
        now = here.line.loop.time()
        if now - here.clock_read > _CLOCK_FRESH:
            here.ahead = await _ahead(here.common, here.line.loop)
            here.clock_read = now
        if now - here.caught_up > _FRESH:
            await self._change(here)

    async def _change(self, here: _Here) -> None:
        """Tell the others what was heard here, and learn what they have heard."""
        async with here.changing:
            heard, opens = self._heard.copy(), self._opens
            learned = self._learning

            def learn(known: Known) -> Known:
                nonlocal learned, opens
                learned, opens = copy(self._learning), max(known.opens, opens)
                learned.adopt(known)
                for lesson in heard:
                    lesson(learned)
                return learned.known(opens)

            asked = here.line.loop.time()
            await here.common.change(learn)
            self._learning, self._opens = learned, max(opens, self._opens)
            del self._heard[: len(heard)]
            here.caught_up = asked

    def _tell(self, here: _Here) -> None:
        """Pass a refusal on at once; if that fails, whoever wants the next turn is told."""
        task = asyncio.create_task(self._told(here))
        here.telling.add(task)
        task.add_done_callback(here.telling.discard)

    async def _told(self, here: _Here) -> None:
        try:
            await self._change(here)
        except NotSent as error:
            here.failed = (here.line.loop.time(), error.message)


async def _ahead(common: Common, loop: asyncio.AbstractEventLoop) -> float:
    """By how much the common clock is ahead, from the look that took the least time."""
    looks = []
    for _ in range(_CLOCK_LOOKS):
        asked = loop.time()
        there = await common.time()
        answered = loop.time()
        looks.append((answered - asked, there - (asked + answered) / 2))
    return min(looks)[1]
