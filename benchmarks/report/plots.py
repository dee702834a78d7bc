"""A run as SVG: bars with quartiles for each case, and lines where something grows."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from ..figures import Row
from .run import Run

_OURS = re.compile(r"AsyncClient|Client|create_many|nylas_bookings")


def draw(run: Run, folder: Path) -> None:
    """One file for each case, of its first measure."""
    folder.mkdir(parents=True, exist_ok=True)
    figure_class: Any = import_module("matplotlib.figure").Figure
    for (name, case), rows in run.cases().items():
        shown = [row for row in rows if row.measure == rows[0].measure]
        figure = figure_class(figsize=(8, 1.2 + 0.35 * len(shown)), layout="constrained")
        axes = figure.subplots()
        axes.set_title(f"{name}: {case}")
        if _grows(shown):
            _line(axes, shown)
        else:
            _bars(axes, shown)
        figure.savefig(folder / f"{_file_name(name, case)}.svg")


def _grows(rows: list[Row]) -> bool:
    """Whether the subjects are sizes."""
    return len(rows) > 1 and all(row.subject.replace(",", "").isdigit() for row in rows)


def _file_name(name: str, case: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{name} {case}".lower()).strip("-")


def _errors(rows: list[Row]) -> list[list[float]]:
    spreads = [row.spread() for row in rows]
    return [[s.median - s.low for s in spreads], [s.high - s.median for s in spreads]]


def _bars(axes: Any, rows: list[Row]) -> None:
    names = [row.subject for row in rows]
    medians = [row.spread().median for row in rows]
    colors = ["tab:blue" if _OURS.search(name) else "silver" for name in names]
    axes.barh(names, medians, xerr=_errors(rows), color=colors)
    axes.invert_yaxis()
    axes.set_xlabel(rows[0].measure)


def _line(axes: Any, rows: list[Row]) -> None:
    sizes = [int(row.subject.replace(",", "")) for row in rows]
    medians = [row.spread().median for row in rows]
    axes.errorbar(sizes, medians, yerr=_errors(rows), marker="o", capsize=3)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_ylabel(rows[0].measure)
