"""Subjects measured in turn, in rounds, in an order that changes with each round."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from .figures import Row

Figures: TypeAlias = Mapping[str, float]
"""What was measured once: values by the name of the measure."""

Work: TypeAlias = Callable[[], Figures]
Works: TypeAlias = Mapping[str, Mapping[str, Work]]
"""What to measure, by case and by subject."""


def interleaved(benchmark: str, works: Works, rounds: int) -> list[Row]:
    """Measure everything once a round; the subjects of a case follow each other."""
    measured: dict[tuple[str, str], list[Figures]] = {
        (case, subject): [] for case, subjects in works.items() for subject in subjects
    }
    for number in range(rounds):
        for case, subject in order(works, number):
            report_progress(f"{benchmark}, round {number + 1} of {rounds}: {case}, {subject}")
            measured[case, subject].append(_figures(works[case][subject], case, subject))
    report_progress("")
    return [row for key, figures in measured.items() for row in rows(benchmark, *key, figures)]


def order(works: Mapping[str, Mapping[str, object]], number: int) -> list[tuple[str, str]]:
    """Return cases and their subjects in the order of one round, the same in every run."""
    chance = random.Random(number)
    cases = chance.sample(list(works), len(works))
    return [
        (case, subject)
        for case in cases
        for subject in chance.sample(list(works[case]), len(works[case]))
    ]


def _figures(work: Work, case: str, subject: str) -> Figures:
    try:
        return work()
    except BaseException as error:
        error.add_note(f"while measuring: {case}, {subject}")
        raise


def rows(benchmark: str, case: str, subject: str, figures: Sequence[Figures]) -> list[Row]:
    """Return a row for each measure, with a value for each time that it was measured."""
    return [
        Row(
            benchmark=benchmark,
            case=case,
            subject=subject,
            measure=measure,
            values=tuple(figure[measure] for figure in figures),
        )
        for measure in figures[0]
    ]


def report_progress(text: str) -> None:
    """Show on a terminal what is being measured: a whole run takes three quarters of an hour."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
