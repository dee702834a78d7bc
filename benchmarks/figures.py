"""Rows of measured values, one a round; medians with quartiles; ratios paired within a round."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from attrs import frozen


@frozen
class Spread:
    """A median, with the quartiles around it."""

    low: float
    median: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return short(self.median)
        return f"{short(self.median)} ({short(self.low)}–{short(self.high)})"

    def is_apart_from(self, other: Spread) -> bool:
        """Whether their quartiles do not overlap."""
        return self.low > other.high or self.high < other.low


def short(value: float) -> str:
    """Three digits that count, and no power of ten."""
    return f"{value:,.{_decimals(value)}f}"


def rounded(value: float) -> float:
    """The value that `short` shows."""
    return round(value, _decimals(value))


def _decimals(value: float) -> int:
    if abs(value) >= 100:
        return 0
    return 1 if abs(value) >= 10 else 2


def spread(values: Iterable[float]) -> Spread:
    """The spread of some values."""
    ordered = sorted(values)
    if len(ordered) < 2:
        return Spread(ordered[0], ordered[0], ordered[0])
    return Spread(*statistics.quantiles(ordered, n=4, method="inclusive"))


@frozen(kw_only=True)
class Row:
    """What one subject did in one case, once a round.

    Attributes:
        benchmark: The name of the benchmark.
        case: What was done. The first subject of a case is what the others are held against.
        subject: Who did it.
        measure: What was measured; the last word is the unit.
        values: One value for each round.
    """

    benchmark: str
    case: str
    subject: str
    measure: str
    values: tuple[float, ...]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in any run."""
        return self.benchmark, self.case, self.subject, self.measure

    @property
    def more_is_better(self) -> bool:
        """Rates shall be high; times and memory low."""
        return self.measure.endswith("/s")

    def spread(self) -> Spread:
        """Its median, with the quartiles."""
        return spread(self.values)

    def against(self, other: Row) -> Spread:
        """How many times the other it is: machines drift, and a round drifts together."""
        return spread(paired(self.values, other.values))


def paired(values: Sequence[float], references: Sequence[float]) -> list[float]:
    """The ratios, round by round."""
    return [value / by for value, by in zip(values, references, strict=True)]
