"""Times as they are typed, in a zone that is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from ..errors import InvalidRequest
from ..models._times import moment as exactly


def zone(name: str | None) -> tzinfo | None:
    """The zone of that name; None stands for this machine's."""
    if name is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidRequest(f"there is no time zone {name!r}") from None


def moment(typed: str, where: tzinfo | None, name: str) -> datetime:
    """A moment, typed as ISO 8601 or as epoch seconds; without an offset it is a time of the zone.

    One that could be another moment elsewhere is refused, and so is one that the zone does not
    have, or has twice.
    """
    typed = typed.strip()
    if typed.isascii() and typed.isdigit():
        return exactly(int(typed), name)
    try:
        read = datetime.fromisoformat(typed)
    except ValueError:
        raise InvalidRequest(
            f"{name} is not a time: write 2027-01-04T09:00+01:00, or 2027-01-04T09:00 and a zone"
        ) from None
    if read.utcoffset() is not None:
        return read
    if where is None:
        raise InvalidRequest(
            f"{name} names no zone: add an offset such as +01:00, or say --zone Europe/Berlin"
        )
    return _in_zone(read, where, name)


def _in_zone(read: datetime, where: tzinfo, name: str) -> datetime:
    first, second = (read.replace(tzinfo=where, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    back = first.astimezone(UTC).astimezone(where).replace(tzinfo=None)
    if back != read:
        raise InvalidRequest(f"{name}: the clocks skip {read:%H:%M} on that day in {where}")
    offsets = " or ".join(f"{one:%z}" for one in (first, second))
    raise InvalidRequest(f"{name}: {read:%H:%M} comes twice on that day in {where}: add {offsets}")


def local(instant: datetime, where: tzinfo | None) -> datetime:
    """The same moment on the clocks of a zone."""
    return instant.astimezone(where)


def day(typed: str | None, where: tzinfo | None) -> date:
    """A day as it is typed; today if it is not."""
    if typed is None:
        return datetime.now(UTC).astimezone(where).date()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InvalidRequest(f"{typed!r} is not a day: write 2027-01-04") from None


def midnight(of: date, where: tzinfo | None) -> datetime:
    """When a day begins in a zone."""
    naive = datetime(of.year, of.month, of.day)  # noqa: DTZ001 - the zone comes next
    return naive.astimezone() if where is None else naive.replace(tzinfo=where)


def later(of: date, days: int) -> date:
    """So many days later."""
    try:
        return of + timedelta(days=days)
    except OverflowError:
        raise InvalidRequest("that is further away than calendars go") from None


def name_of(where: tzinfo | None, at: datetime) -> str:
    """What to call a zone, and this machine's at that moment."""
    return f"local time, {at.astimezone():%Z}" if where is None else str(where)
