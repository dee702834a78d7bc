"""Times as mails tell them: day and hour on the wall of whoever reads them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from ..rules.wall_clock import zone

# Not those of the language that the process happens to run in.
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=1024)
def told(start: int, end: int, name: str) -> str:
    """From when to when, such as `Monday, 23 November 2026, 09:00–09:30 (UTC)`."""
    where = zone(name, "timezone")
    begins, ends = datetime.fromtimestamp(start, where), datetime.fromtimestamp(end, where)
    another_day = "" if ends.date() == begins.date() else f" {_day(ends)}, "
    dash = " –" if another_day else "–"
    return f"{_day(begins)}, {_hour(begins)}{dash}{another_day}{_hour(ends)} ({name})"


def _day(moment: datetime) -> str:
    month = _MONTHS[moment.month - 1]
    return f"{_DAYS[moment.weekday()]}, {moment.day} {month} {moment.year}"


def _hour(moment: datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}"
