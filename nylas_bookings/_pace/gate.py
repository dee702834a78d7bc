"""The gate: the calls of an asker all wait while the API has asked for a pause."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

_FEW: Final = 64

PROBE_SECONDS: Final = 60.0
"""The longest pause that is obeyed to the second; in a longer one, a call leaves as often as this.

An hour may be the mistake of a proxy on the way, and then the first call that succeeds ends it.
"""


class Gate:
    """Closed for a while, for one asker at a time, when the API has said `Retry-After`.

    Attributes:
        held_back: Until when, by the asker; empty when nobody has to wait.
    """

    __slots__ = ("_all_open", "_clock", "_probes", "_room", "held_back")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all_open = 0.0
        self._room = _FEW
        self._probes: dict[Hashable, float] = {}
        self.held_back: dict[Hashable, float] = {}

    def close(self, asker: Hashable, seconds: float) -> None:
        """Hold that asker's calls back for so many seconds, unless they wait longer already."""
        now = self._clock()
        opens = max(self.held_back.get(asker, now), now + seconds)
        self.held_back[asker] = opens
        self._probes.setdefault(asker, now + PROBE_SECONDS)
        self._all_open = max(self._all_open, opens)
        if len(self.held_back) > self._room:
            # Not each time: in a storm there may be thousands of visitors.
            self.held_back = {who: at for who, at in self.held_back.items() if at > now}
            self._probes = {who: self._probes[who] for who in self.held_back}
            self._room = 2 * max(len(self.held_back), _FEW)

    def open(self, asker: Hashable) -> None:
        """Let that asker's calls leave again."""
        self.held_back.pop(asker, None)
        self._probes.pop(asker, None)

    def is_closed(self, asker: Hashable) -> bool:
        """Tell whether that asker's calls have to wait, but for a probe."""
        return self.held_back.get(asker, 0.0) > self._clock()

    def wait(self, asker: Hashable) -> float:
        """How many seconds that asker's calls have to wait, 0 for none and for a probe."""
        now = self._clock()
        if now >= self._all_open:
            self.held_back.clear()
            self._probes.clear()
        left = self.held_back.get(asker, now) - now
        if left <= 0:
            self.open(asker)
            return 0.0
        if now >= self._probes[asker]:
            self._probes[asker] = now + PROBE_SECONDS
            return 0.0
        return left
