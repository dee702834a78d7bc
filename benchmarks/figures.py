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
    """Format a value with three significant digits and without an exponent."""
    return f"{value:,.{_decimals(value)}f}"


def rounded(value: float) -> float:
    """Round a value as `short` shows it."""
    return round(value, _decimals(value))


def _decimals(value: float) -> int:
    if abs(value) >= 100:
        return 0
    return 1 if abs(value) >= 10 else 2


def spread(values: Iterable[float]) -> Spread:
    """Return the median and the quartiles of values."""
    ordered = sorted(values)
    if len(ordered) < 2:
        return Spread(ordered[0], ordered[0], ordered[0])
    return Spread(*statistics.quantiles(ordered, n=4, method="inclusive"))


@frozen(kw_only=True)
class Row:
    """The values of one subject in one case, one for each round or turn.

    Attributes:
        benchmark: The name of the benchmark.
        case: What was done. The first subject of a case is the reference of the others.
        subject: Who did it.
        measure: What was measured; the last word is the unit.
        values: One value for each round or turn.
    """

    benchmark: str
    case: str
    subject: str
    measure: str
    values: tuple[float, ...]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What identifies it in every run."""
        return self.benchmark, self.case, self.subject, self.measure

    @property
    def more_is_better(self) -> bool:
        """Whether it is a rate, which should be high; times and memory should be low."""
        return self.measure.endswith("/s")

    def spread(self) -> Spread:
        """Its median, with the quartiles."""
        return spread(self.values)

    def against(self, other: Row) -> Spread:
        """Return its ratio to another row, paired within each round."""
        return spread(paired(self.values, other.values))


def paired(values: Sequence[float], references: Sequence[float]) -> list[float]:
    """Return the ratios, round by round."""
    return [value / by for value, by in zip(values, references, strict=True)]
