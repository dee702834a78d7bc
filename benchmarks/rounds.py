"""Subjects measured in turn, in an order that changes each round, and compared within a round."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen


@frozen
class Spread:
    """A median, with the quartiles around it."""

    low: float
    median: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f}–{self.high:.2f})"


def spread(values: Iterable[float]) -> Spread:
    """The spread of some values."""
    ordered = sorted(values)
    if len(ordered) < 2:
        return Spread(ordered[0], ordered[0], ordered[0])
    low, median, high = statistics.quantiles(ordered, n=4, method="inclusive")
    return Spread(low, median, high)


def ratios(figures: Mapping[str, Sequence[float]], base: str) -> dict[str, Spread]:
    """Each subject against one of them, paired within each round."""
    return {
        name: spread(
            value / reference for value, reference in zip(values, figures[base], strict=True)
        )
        for name, values in figures.items()
    }


def shuffled(names: Iterable[str], round_number: int) -> list[str]:
    """The names in the order of one round; the same order whenever it is measured again."""
    order = list(names)
    random.Random(round_number).shuffle(order)
    return order
