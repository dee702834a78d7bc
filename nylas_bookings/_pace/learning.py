"""How many calls a second the API bears, learned from what becomes of them. Pure."""

from __future__ import annotations

from typing import Final

from attrs import define, field, frozen

_FIRST: Final = 4.0
"""Calls a second to begin with, when nobody says how many there may be."""

_LEAST: Final = 0.5
_OVERSHOT: Final = 0.6
"""What is left of the rate when the search for the limit has found it, probably by far."""

_CUT: Final = 0.85
_NEAR: Final = 0.92
_QUICKLY: Final = 0.1
_SLOWLY: Final = 0.005
"""The parts of the limit that come back each second: below what was refused, and near it."""

_SLOWER: Final = 2.0
_SETTLED: Final = 50
_LATENCY_CUT: Final = 0.9
_LATENCY_FLOOR: Final = 0.5
_PERIOD: Final = 1.0


@frozen
class Known:
    """What has been learned, for others to go on with.

    Attributes:
        rate: Calls a second.
        refused: At how many a second the API had too much, if it had.
        cut_at: When the rate was cut last.
        opens: Until when the API has asked everybody to wait.
    """

    rate: float | None = None
    refused: float | None = None
    cut_at: float = 0.0
    opens: float = 0.0


@define
class Learning:
    """The rate: it rises while calls wait for their turn, and falls when the API has too much.

    Attributes:
        most: What the rate never exceeds, if anything.
        rate: Calls a second.
    """

    most: float | None = None
    rate: float = field(init=False)
    _refused: float | None = field(init=False, default=None)
    _cut_at: float = field(init=False, default=float("-inf"))
    _lately: float = field(init=False, default=0.0)
    _usually: float = field(init=False, default=0.0)
    _answers: int = field(init=False, default=0)

    @rate.default
    def _first(self) -> float:
        return _FIRST if self.most is None else self.most

    def answered(self, now: float, seconds: float, *, waited: bool) -> None:
        """A call was answered.

        Args:
            now: When.
            seconds: How long that took.
            waited: Whether calls wait for their turn; without that the rate is not what limits.
        """
        self._answers += 1
        self._lately += (seconds - self._lately) * max(0.1, 1 / self._answers)
        self._usually += (seconds - self._usually) * max(0.005, 1 / self._answers)
        if self._is_slower() and now - self._cut_at > _PERIOD:
            self._slow_down(now)
        elif waited:
            self._rise()

    def refused(self, now: float, seconds: float) -> None:
        """The API had too much. What left before the last cut says nothing about the rate since."""
        if now - seconds < self._cut_at:
            return
        searching = self._refused is None and self.most is None
        self._refused = self.rate
        self._cut_at = now
        self.rate = max(_LEAST, self.rate * (_OVERSHOT if searching else _CUT))

    def known(self, opens: float) -> Known:
        """What others can go on with."""
        return Known(self.rate, self._refused, max(self._cut_at, 0.0), opens)

    def adopt(self, known: Known) -> None:
        """Go on with what others have learned. How long answers take is for each to find out."""
        if known.rate is None:
            return
        self.rate = known.rate if self.most is None else min(known.rate, self.most)
        self._refused, self._cut_at = known.refused, known.cut_at

    def _rise(self) -> None:
        """A step up for one answer: so many of them a second make the rise of a second."""
        limit = self._refused if self._refused is not None else self.most
        if limit is None:
            step = 1.0
        else:
            step = limit * (_QUICKLY if self.rate < limit * _NEAR else _SLOWLY) / self.rate
        self.rate += step
        if self.most is not None:
            self.rate = min(self.rate, self.most)

    def _is_slower(self) -> bool:
        return self._answers > _SETTLED and self._lately > self._usually * _SLOWER

    def _slow_down(self, now: float) -> None:
        limit = self._refused or self.most or self.rate
        self._cut_at = now
        self.rate = max(_LEAST, min(self.rate, limit * _LATENCY_FLOOR), self.rate * _LATENCY_CUT)
