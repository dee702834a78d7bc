"""The picture of the README: what each client takes for a create, alone and with 31 others."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from .. import overhead
from ..clients import limits, on_asyncio, on_threads, ours
from ..figures import Row, short
from ..turns import batches
from .run import Run

FILE = "clients.svg"
_OURS, _LIMIT, _REFERENCE, _OTHERS = "#1f6feb", "#9a6700", "#57606a", "#afb8c1"
_SUBJECTS = {
    on_threads.OFFICIAL.name: ("nylas (official SDK)", _OTHERS),
    on_threads.REQUESTS.name: ("requests", _OTHERS),
    on_asyncio.HTTPX.name: ("httpx, asyncio", _OTHERS),
    on_asyncio.PLAIN_AIOHTTP.name: ("plain aiohttp", _REFERENCE),
    ours.CLIENT.name: ("nylas_bookings Client", _OURS),
    batches.CREATE_MANY: ("nylas_bookings create_many", _OURS),
    ours.ASYNC_CLIENT.name: ("nylas_bookings AsyncClient", _OURS),
    limits.PROTOCOL.name: ("limit: asyncio.Protocol by hand", _LIMIT),
}
"""Subjects from top to bottom, with the names and colors of their bars."""

_TITLES = {1: "one at a time", overhead.IN_FLIGHT: f"{overhead.IN_FLIGHT} concurrent"}
_STYLE = {"svg.hashsalt": "nylas-bookings", "font.size": 9}
_SPACE_FOR_LABELS = 14


def draw(run: Run, folder: Path) -> None:
    """Draw it into a folder, if the run has measured all clients."""
    cases = {title: _rows(run, number) for number, title in _TITLES.items()}
    if not all(cases.values()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    matplotlib: Any = import_module("matplotlib")
    with matplotlib.rc_context(_STYLE):
        figure = import_module("matplotlib.figure").Figure(figsize=(9.5, 3.4), layout="constrained")
        panels = figure.subplots(1, len(cases), sharey=True)
        for axes, (title, rows) in zip(panels, cases.items(), strict=True):
            _draw_bars(axes, title, rows)
        # The names stand once, at the left: the panels have the same subjects.
        panels[0].invert_yaxis()
        figure.supxlabel(
            "microseconds per create, on a logarithmic scale · relative to plain aiohttp;"
            " less is better",
            fontsize=9,
        )
        figure.savefig(folder / FILE, metadata={"Date": None})


def _rows(run: Run, number: int) -> list[Row]:
    """The times per call of that case, from top to bottom."""
    rows = run.cases().get((overhead.NAME, overhead.every_client(number)), [])
    times = {row.subject: row for row in rows if row.measure == "call µs"}
    return [times[subject] for subject in _SUBJECTS if subject in times]


def _draw_bars(axes: Any, title: str, rows: list[Row]) -> None:
    reference = next(row for row in rows if row.subject == on_asyncio.PLAIN_AIOHTTP.name)
    names, colors = zip(*(_SUBJECTS[row.subject] for row in rows), strict=True)
    medians = [row.spread().median for row in rows]
    bars = axes.barh(names, medians, color=colors)
    labels = [
        f"{short(median)} µs · {short(row.against(reference).median)}×"
        for median, row in zip(medians, rows, strict=True)
    ]
    axes.bar_label(bars, labels, padding=3)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlim(10, max(medians) * _SPACE_FOR_LABELS)
    axes.set_title(title, fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
