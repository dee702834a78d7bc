"""The gate: the calls of an asker all wait while the API has asked for a pause."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

_FEW: Final = 64


class Gate:
    """Closed for a while, for one asker at a time, when the API has said `Retry-After`.

    Attributes:
        held_back: Until when, by the asker; empty when nobody has to wait.
    """

    __slots__ = ("_all_open", "_clock", "_room", "held_back")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all_open = 0.0
        self._room = _FEW
        self.held_back: dict[Hashable, float] = {}

    def close(self, asker: Hashable, seconds: float) -> None:
        """Hold that asker's calls back for so many seconds, unless they wait longer already."""
        now = self._clock()
        opens = max(self.held_back.get(asker, now), now + seconds)
        self.held_back[asker] = opens
        self._all_open = max(self._all_open, opens)
        if len(self.held_back) > self._room:
            # Not each time: in a storm there may be thousands of visitors.
            self.held_back = {who: at for who, at in self.held_back.items() if at > now}
            self._room = 2 * max(len(self.held_back), _FEW)

    def wait(self, asker: Hashable) -> float:
        """How many seconds that asker's calls have to wait, 0 for none."""
        now = self._clock()
        if now >= self._all_open:
            self.held_back.clear()
        return max(self.held_back.get(asker, now) - now, 0.0)
