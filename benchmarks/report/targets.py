"""A target is a ratio of two rows, or a figure alone; a verdict says whether a run meets it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias

from attrs import frozen

from ..figures import Row, Spread, rounded
from .run import Run

Key: TypeAlias = tuple[str, str, str, str]
"""Benchmark, case, subject, measure."""


@frozen(kw_only=True)
class Target:
    """A figure, or its ratio to another one, and what it may be.

    Attributes:
        says: What it is about.
        of: The row.
        against: The row it is divided by, round by round.
        profile: The command that shows where the time goes, for a target that is missed.
    """

    says: str
    of: Key
    against: Key | None = None
    at_most: float = math.inf
    at_least: float = 0.0
    profile: str | None = None

    def limit(self) -> str:
        """What it may be, in short."""
        return f"≥ {self.at_least:g}" if self.at_least else f"≤ {self.at_most:g}"


@frozen
class Verdict:
    """What was measured beside a target, if both of its rows are there."""

    target: Target
    measured: Spread | None

    @property
    def is_met(self) -> bool:
        """Whether the median is what it may be, in the digits that are shown."""
        if self.measured is None:
            return False
        return self.target.at_least <= rounded(self.measured.median) <= self.target.at_most

    @property
    def is_missed(self) -> bool:
        """Whether it was measured and is not met."""
        return self.measured is not None and not self.is_met

    def __str__(self) -> str:
        if self.measured is None:
            return "not measured"
        return "met" if self.is_met else "MISSED"


def verdicts(run: Run, targets: Iterable[Target]) -> list[Verdict]:
    """Return a verdict for each target of the benchmarks that were run.

    A quick run has smaller sizes, so the targets that it did not measure are left out.
    """
    rows = {row.key: row for row in run.rows}
    names = {row.benchmark for row in run.rows}
    concerned = [target for target in targets if target.of[0] in names]
    found = [Verdict(target, _measured(target, rows)) for target in concerned]
    return [verdict for verdict in found if verdict.measured is not None or not run.quick]


def _measured(target: Target, rows: dict[Key, Row]) -> Spread | None:
    row = rows.get(target.of)
    if row is None or target.against is None:
        return None if row is None else row.spread()
    other = rows.get(target.against)
    return None if other is None else row.against(other)
