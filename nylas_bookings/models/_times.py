"""Times as people write them, checked: aware datetimes, or epoch seconds as the API speaks them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias

from ..errors import InvalidRequest

Moment: TypeAlias = datetime | int
"""An aware `datetime`, or whole seconds since the epoch."""


def moment(value: Moment, name: str) -> datetime:
    """The same moment as an aware datetime; refuses what could be misread."""
    if isinstance(value, datetime):
        return _aware(value, name)
    if type(value) is int:
        return _from_epoch(value, name)
    raise InvalidRequest(
        f"{name} must be an aware datetime or epoch seconds as an int, not {type(value).__name__}"
    )


def whole_seconds(value: Moment, name: str) -> datetime:
    """`moment` for a time that must name a slot exactly: fractions of a second are refused."""
    result = moment(value, name)
    if result.microsecond:
        raise InvalidRequest(f"{name} has a fraction of a second, which no slot has")
    return result


def start_time(value: Moment) -> datetime:
    """The converter of every `start_time`."""
    if type(value) is datetime and value.tzinfo is UTC and not value.microsecond:
        return value  # as nearly all are, so it is worth a line
    return whole_seconds(value, "start_time")


def end_time(value: Moment) -> datetime:
    """The converter of every `end_time`."""
    if type(value) is datetime and value.tzinfo is UTC and not value.microsecond:
        return value
    return whole_seconds(value, "end_time")


def check_order(start: datetime, end: datetime) -> None:
    """Refuse a stretch of time that ends before it begins."""
    if start.tzinfo is UTC is end.tzinfo:
        is_reversed = end <= start
    else:
        # Python compares two times of one zone by what a clock on the wall shows, which in the
        # night of a clock change is the same twice.
        is_reversed = end.timestamp() <= start.timestamp()
    if is_reversed:
        raise InvalidRequest("end_time must be later than start_time")


def _aware(value: datetime, name: str) -> datetime:
    if value.tzinfo is None or value.utcoffset() is None:
        raise InvalidRequest(
            f"{name} is a naive datetime: say which zone it is in, "
            "for example datetime(…, tzinfo=ZoneInfo('Europe/Berlin'))"
        )
    return value


def _from_epoch(value: int, name: str) -> datetime:
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        hint = "; it looks like milliseconds" if 10**11 < abs(value) < 10**14 else ""
        raise InvalidRequest(f"{name} is not a time in epoch seconds{hint}") from None


def stretch(start: Moment, end: Moment) -> dict[str, int]:
    """The query of a call that asks about a stretch of time."""
    first, last = moment(start, "start_time"), moment(end, "end_time")
    check_order(first, last)
    return {"start_time": int(first.timestamp()), "end_time": int(last.timestamp())}
