"""How fast calls may leave: they all wait while the API has asked for a pause."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class Gate:
    """Closed for a while, for one asker at a time, when the API has said `Retry-After`."""

    __slots__ = ("_clock", "_opens")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._opens: dict[Hashable, float] = {}

    def __bool__(self) -> bool:
        """Whether anybody may have to wait."""
        return bool(self._opens)

    def close(self, asker: Hashable, seconds: float) -> None:
        """Hold that asker's calls back for so many seconds, unless they wait longer already."""
        now = self._clock()
        self._opens = {who: opens for who, opens in self._opens.items() if opens > now}
        self._opens[asker] = max(self._opens.get(asker, now), now + seconds)

    def wait(self, asker: Hashable) -> float:
        """How many seconds that asker's calls have to wait, 0 for none."""
        opens = self._opens.get(asker)
        if opens is None:
            return 0.0
        left = opens - self._clock()
        if left <= 0:
            del self._opens[asker]
        return max(left, 0.0)
