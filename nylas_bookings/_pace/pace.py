"""Pace: so many calls a second and in flight, for everything that shares it."""

from __future__ import annotations

import asyncio
import math
from typing import Final, Protocol

from attrs import define

from ..errors import APIError, BookingsError, InvalidRequest, RateLimited
from .learning import Learning
from .line import Line

BURST_SECONDS: Final = 0.1
"""How many seconds' worth of calls may leave at once, after a silence."""

BUSY: Final = 1.0
"""For how many seconds after a wait the pace counts as what limits."""


class Pacer(Protocol):
    """What a client asks before each exchange, and tells after it. `Pace` is one."""

    async def acquire(self) -> None:
        """Wait for a turn."""

    def release(self, seconds: float, error: BaseException | None) -> None:
        """The exchange is over.

        Args:
            seconds: How long it took.
            error: What it ended in, if not in success.
        """


@define
class _Turns:
    """What belongs to one event loop. aiolimiter keeps the time, in units of one burst."""

    line: Line
    limiter: _Limiter
    owed: float = 0.0


class _Limiter(Protocol):
    def has_capacity(self, amount: float = 1) -> bool: ...
    async def acquire(self, amount: float = 1) -> None: ...


class Pace:
    """At most so many calls a second and in flight, shared by all clients that are given it.

    It learns: when the API refuses with 429 or gets slow, fewer calls leave, and then slowly more
    again. When the API asks for a pause, everybody pauses. For one event loop at a time.

    Args:
        per_second: How many calls a second there are at most; without it, the limit is searched.
        in_flight: How many calls are on their way at a time, at most.
    """

    def __init__(self, per_second: float | None = None, in_flight: int | None = None) -> None:
        self._learning = Learning(checked_rate(per_second))
        self._in_flight = checked_count(in_flight)
        self._turns: _Turns | None = None
        self._opens = 0.0
        self._busy_until = 0.0

    @property
    def rate(self) -> float:
        """How many calls a second may leave now."""
        return self._learning.rate

    async def acquire(self) -> None:
        """Wait for a turn, in the order of asking."""
        turns = self._of_this_loop()
        await turns.line.wait(lambda: self._wait(turns))

    def release(self, seconds: float, error: BaseException | None) -> None:
        """Learn from an exchange that is over, and let the next one in."""
        turns = self._of_this_loop()
        turns.line.leave()
        now = turns.line.loop.time()
        self._opens = max(self._opens, now + asked_pause(error))
        if is_too_much(error):
            self._learning.refused(now, seconds)
        elif is_answer(error):
            self._learning.answered(now, seconds, waited=now < self._busy_until)

    def _of_this_loop(self) -> _Turns:
        if self._turns is None or self._turns.line.loop is not asyncio.get_running_loop():
            from aiolimiter import AsyncLimiter

            self._turns = _Turns(Line(self._in_flight), AsyncLimiter(1.0, BURST_SECONDS))
            self._opens = self._busy_until = 0.0
        return self._turns

    async def _wait(self, turns: _Turns) -> None:
        while (pause := self._opens - turns.line.loop.time()) > 0:  # noqa: ASYNC110 - it may move
            await asyncio.sleep(pause)
        # More than a whole burst cannot be had at once: the next call pays the rest, and waits.
        while turns.owed > 0:
            part = min(turns.owed, 1.0)
            await self._pay(turns, part)
            turns.owed -= part
        cost = 1 / (self._learning.rate * BURST_SECONDS)
        await self._pay(turns, min(cost, 1.0))
        turns.owed = max(0.0, cost - 1.0)

    async def _pay(self, turns: _Turns, amount: float) -> None:
        if not turns.limiter.has_capacity(amount):
            self._busy_until = turns.line.loop.time() + BUSY
        await turns.limiter.acquire(amount)


class Held:
    """A pace for one call, whose first turn was waited for before the call began."""

    def __init__(self, pace: Pacer) -> None:
        self._pace = pace
        self._held = True

    async def acquire(self) -> None:
        """Take the turn that was waited for, or wait for another."""
        if self._held:
            self._held = False
        else:
            await self._pace.acquire()

    def release(self, seconds: float, error: BaseException | None) -> None:
        """The exchange is over."""
        self._pace.release(seconds, error)

    def give_back(self) -> None:
        """Let somebody else have the turn, if it was not taken."""
        if self._held:
            self._held = False
            self._pace.release(0.0, asyncio.CancelledError())


def is_answer(error: BaseException | None) -> bool:
    """Whether the API has answered."""
    return error is None or isinstance(error, APIError)


def is_too_much(error: BaseException | None) -> bool:
    """Whether the API had too many calls."""
    return isinstance(error, RateLimited) or (isinstance(error, APIError) and error.status == 503)


def asked_pause(error: BaseException | None) -> float:
    """How many seconds the API has asked everybody to wait."""
    return (error.retry_after or 0.0) if isinstance(error, BookingsError) else 0.0


def checked_rate(per_second: float | None) -> float | None:
    """Refuse what is no number of calls a second."""
    number = isinstance(per_second, int | float) and not isinstance(per_second, bool)
    if per_second is not None and not (number and 0 < per_second < math.inf):
        raise InvalidRequest("Pace.per_second is a number above 0")
    return None if per_second is None else float(per_second)


def checked_count(in_flight: int | None) -> int | None:
    """Refuse what is no number of calls on their way."""
    if in_flight is not None and (type(in_flight) is not int or in_flight < 1):
        raise InvalidRequest("Pace.in_flight is a number from 1")
    return in_flight


def checked_pace(pace: Pacer | None) -> Pacer | None:
    """Refuse what cannot be asked for a turn."""
    if isinstance(pace, type):
        raise InvalidRequest(f"a Pace is needed here, not the class {pace.__name__}")
    if pace is not None and not (hasattr(pace, "acquire") and hasattr(pace, "release")):
        raise InvalidRequest(f"a Pace is needed here, not {type(pace).__name__}")
    return pace
