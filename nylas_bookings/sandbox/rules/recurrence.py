"""Recurring events: RRULE and EXDATE lines, expanded on the clock of the event's zone.

A weekly event at 9:00 stays at 9:00 when the clock is changed. As RFC 5545 says, a time that the
clock skips is as long after midnight as if it had not been changed, and of a time that it shows
twice the first one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from .wall_clock import DAY, UnusableRule, offset, zone

_FIELD: Final = "recurrence"
_TEN_YEARS: Final = 3653 * DAY
_LATEST: Final = 221_845_000_000  # in the year 8999
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_COUNTED: Final = {"INTERVAL", "COUNT"}
_LIMITS: Final = _COUNTED | {"UNTIL"}
_DATES: Final = {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"}


def expanded(
    lines: Iterable[str], *, first: int, where: ZoneInfo, start: int, end: int
) -> list[int]:
    """When the events of a series start, of those between start and end.

    Args:
        lines: RRULE and EXDATE lines. Rules repeat once a day at most; RDATE is not known.
        first: When the first event starts. If it does not follow the rule, it is none of them:
            RFC 5545 leaves that open.
        where: The zone of the event.
        start: The first second.
        end: The second after the last; of more than ten years, the first ten are looked at.
    """
    if not 0 <= first < _LATEST:
        raise UnusableRule("when.start_time", f"is too far away for a series: {first}")
    start = max(start, first)
    end = min(end, start + _TEN_YEARS)
    if start >= end or end > _LATEST:
        return []
    read = [_split(line) for line in lines]
    rules = [value for name, _, value in read if name == "RRULE"]
    found = {instant for rule in rules for instant in _instants(rule, first, where, start, end)}
    excluded: set[int] = set()
    closed: set[int] = set()
    for name, parameters, value in read:
        if name == "EXDATE":
            _exclude(parameters, value, where, excluded, closed)
    found = (found if rules else {first}) - excluded
    return sorted(
        instant
        for instant in found
        if start <= instant < end and (instant + offset(where, instant)) // DAY not in closed
    )


def _split(line: str) -> tuple[str, list[str], str]:
    name, colon, value = line.strip().partition(":")
    name, *parameters = name.split(";")
    name = name.upper()
    if not colon or name not in ("RRULE", "EXDATE"):
        raise UnusableRule(_FIELD, f"takes RRULE and EXDATE lines, not {line!r}")
    return name, parameters, value.strip()


def _instants(value: str, first: int, where: ZoneInfo, start: int, end: int) -> Iterator[int]:
    """The instants that a rule gives, and some around them."""
    margin = timedelta(days=2)
    after, before = _local(start, where) - margin, _local(end, where) + margin
    parts = dict(part.partition("=")[::2] for part in value.upper().rstrip(";").split(";"))
    _check(parts, value)
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"], where).strftime("%Y%m%dT%H%M%S")
    try:
        for local in _between(parts, _local(first, where), after, before):
            yield _instant(local, where)
    except (ValueError, TypeError, IndexError) as error:
        raise UnusableRule(_FIELD, f"has a rule that cannot be read, {value!r}: {error}") from None


def _between(
    parts: dict[str, str], first: datetime, after: datetime, before: datetime
) -> list[datetime]:
    """The times of a rule from one local time to another."""
    from dateutil.rrule import rrulestr

    dates = _text({name: part for name, part in parts.items() if name not in _LIMITS})
    if not _exists(dates, first.replace(year=9972)):
        return []
    found: list[datetime] = rrulestr(_text(parts), dtstart=first).between(after, before, inc=True)
    return found


@lru_cache(maxsize=256)
def _exists(dates: str, first: datetime) -> bool:
    """Whether the calendar has the dates of a rule, asked of its last years.

    dateutil looks for the thirtieth of February until the year 9999, for seconds.
    """
    from dateutil.rrule import rrulestr

    return next(iter(rrulestr(dates, dtstart=first)), None) is not None


def _text(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={part}" for name, part in parts.items())


def _check(parts: dict[str, str], value: str) -> None:
    """Refuse what would never end, or come more than once a day."""
    unknown = parts.keys() - _LIMITS - _DATES - {"FREQ", "WKST"}
    if unknown:
        raise UnusableRule(_FIELD, f"cannot have {', '.join(sorted(unknown))}: {value!r}")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise UnusableRule(_FIELD, f"needs FREQ, one of {', '.join(_FREQUENCIES)}: {value!r}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise UnusableRule(_FIELD, f"takes COUNT or UNTIL, not both: {value!r}")
    for name in parts.keys() & _COUNTED:
        if not re.fullmatch("[1-9][0-9]{0,5}", parts[name]):
            raise UnusableRule(_FIELD, f"needs a number above 0 as {name}: {value!r}")


def _until(text: str, where: ZoneInfo) -> datetime:
    """The last local time of a rule; of a date, the end of it."""
    if len(text) == 8:
        return _parsed(text, "%Y%m%d") + timedelta(days=1, seconds=-1)
    if text.endswith("Z"):
        return _local(_utc(text), where)
    return _parsed(text, "%Y%m%dT%H%M%S")


def _exclude(
    parameters: list[str], value: str, where: ZoneInfo, excluded: set[int], closed: set[int]
) -> None:
    """Add the instants and the days that an EXDATE line takes out."""
    for parameter in parameters:
        if parameter.upper().startswith("TZID="):
            where = zone(parameter[len("TZID=") :], _FIELD)
    for text in value.split(","):
        if len(text) == 8:
            closed.add(int(_parsed(text, "%Y%m%d").replace(tzinfo=UTC).timestamp()) // DAY)
        elif text.endswith("Z"):
            excluded.add(_utc(text))
        else:
            excluded.add(_instant(_parsed(text, "%Y%m%dT%H%M%S"), where))


def _utc(text: str) -> int:
    return int(_parsed(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp())


def _parsed(text: str, form: str) -> datetime:
    """The time; one that is thousands of years away is moved to where zones still reach."""
    try:
        time = datetime.strptime(text, form)  # noqa: DTZ007  local times, as the lines have them
    except ValueError:
        raise UnusableRule(_FIELD, f"has a time that cannot be read: {text!r}") from None
    return time.replace(year=min(max(time.year, 1904), 9996))


def _local(instant: int, where: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant, where).replace(tzinfo=None)


def _instant(local: datetime, where: ZoneInfo) -> int:
    return int(local.replace(tzinfo=where, fold=0).timestamp())
