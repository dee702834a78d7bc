"""Draws slots as a calendar: a column for each day, a line for each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..models import TimeSlot
from . import times

_COLUMN = 9
_WEEK = 7


def calendar(
    slots: Sequence[TimeSlot], first: date, days: int, where: tzinfo | None, width: int
) -> RenderableType:
    """Some days, as many next to each other as fit, a week at most."""
    end = times.later(first, days)
    slots = [one for one in slots if first <= times.local(one.start_time, where).date() < end]
    starts = [times.local(slot.start_time, where) for slot in slots]
    at_once = max(1, min(_WEEK, width // _COLUMN))
    parts: list[RenderableType] = []
    for begin in range(0, days, at_once):
        of_part = [times.later(first, n) for n in range(begin, min(begin + at_once, days))]
        parts += [Text(_title(of_part, where), style="bold"), _grid(starts, of_part), Text()]
    return Group(*parts, Text(_summary(slots), style="dim"))


def _grid(starts: Iterable[datetime], days: Sequence[date]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for day in days:
        table.add_column(
            f"{day:%a} {day.day}", style="green", header_style=_header(day), min_width=6
        )
    by_day = {day: [start for start in starts if start.date() == day] for day in days}
    # A time that comes twice, when the clocks go back, has two lines.
    lines = sorted({(start.time(), start.fold) for found in by_day.values() for start in found})
    for line in lines:
        table.add_row(*(_cell(line, by_day[day]) for day in days))
    return table


def _cell(line: tuple[object, int], offered: Iterable[datetime]) -> Text:
    found = next((start for start in offered if (start.time(), start.fold) == line), None)
    return Text("·", style="dim") if found is None else Text(f"{found:%H:%M}")


def _header(day: date) -> str:
    return "dim" if day.weekday() >= 5 else "bold"


def _title(days: Sequence[date], where: tzinfo | None) -> str:
    first, last = days[0], days[-1]
    zone = times.name_of(where, times.midnight(first, where))
    begin, end = f"{first.day}", f"{last.day} {last:%B %Y}, {zone}"
    if (first.year, first.month) != (last.year, last.month):
        begin += f" {first:%B}"
    if first.year != last.year:
        begin += f" {first.year}"
    return end if first == last else f"{begin} – {end}"


def _summary(slots: Sequence[TimeSlot]) -> str:
    if not slots:
        return "Nothing can be booked in these days."
    lengths = {int((one.end_time - one.start_time).total_seconds() // 60) for one in slots}
    each = f" of {lengths.pop()} minutes" if len(lengths) == 1 else ""
    number = "1 slot" if len(slots) == 1 else f"{len(slots)} slots"
    return f"{number}{each}"
