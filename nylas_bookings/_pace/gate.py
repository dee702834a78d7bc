"""The gate: the calls of an asker all wait while the API has asked for a pause."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class Gate:
    """Closed for a while, for one asker at a time, when the API has said `Retry-After`.

    Attributes:
        held_back: Until when, by the asker; empty when nobody has to wait.
    """

    __slots__ = ("_clock", "held_back")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.held_back: dict[Hashable, float] = {}

    def close(self, asker: Hashable, seconds: float) -> None:
        """Hold that asker's calls back for so many seconds, unless they wait longer already."""
        now = self._clock()
        self.held_back = {who: opens for who, opens in self.held_back.items() if opens > now}
        self.held_back[asker] = max(self.held_back.get(asker, now), now + seconds)

    def wait(self, asker: Hashable) -> float:
        """How many seconds that asker's calls have to wait, 0 for none."""
        opens = self.held_back.get(asker)
        if opens is None:
            return 0.0
        left = opens - self._clock()
        if left <= 0:
            del self.held_back[asker]
        return max(left, 0.0)
