"""What several paces have in common, in the memory of a test, and how it can be away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nylas_bookings._pace.learning import Known
from nylas_bookings._pace.shared import SharedPace
from nylas_bookings.errors import NotSent


class InMemory:
    """What the paces of one test share.

    Attributes:
        ahead: By how much its clock is ahead.
        away: Why it cannot be reached, if it cannot.
        turns: When turns were taken, by its own clock and by that of the taker.
    """

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead
        self.away: str | None = None
        self.known = Known()
        self.asked = 0
        self.closed = 0
        self.turns: list[tuple[float, float]] = []
        self._next = 0.0

    async def _reach(self) -> float:
        self.asked += 1
        await asyncio.sleep(0.001)
        if self.away:
            raise NotSent(self.away)
        return asyncio.get_running_loop().time() + self.ahead

    async def time(self) -> float:
        """What time it is there."""
        return await self._reach()

    async def turn(self, per_second: float, clock: Callable[[], float]) -> bool:
        """One turn after the other."""
        now = await self._reach()
        turn = max(self._next, now)
        self._next = turn + 1 / per_second
        await asyncio.sleep(turn - now)
        self.turns.append((turn, clock()))
        return turn > now

    async def change(self, learn: Callable[[Known], Known]) -> None:
        """Change what is known, after another try that came to nothing."""
        await self._reach()
        learn(self.known)
        await asyncio.sleep(0)
        self.known = learn(self.known)

    async def close(self) -> None:
        """Count it."""
        self.closed += 1


def pace(common: InMemory, per_second: float | None = None) -> SharedPace:
    """A pace that shares what is in memory."""
    return SharedPace(lambda: common, per_second, None)
