"""When an event of a feed is: once, again and again, or one of a series for itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..rules.wall_clock import UTC as UTC_ZONE
from ..rules.wall_clock import zone

if TYPE_CHECKING:
    from icalendar import Event


def add_times(made: Event, event: dict[str, Any]) -> None:
    """Say when an event is; what repeats, in its own zone, as its time of day stays the same."""
    when = event["when"]
    repeats = event.get("recurrence") or ()
    own = zone(when.get("start_timezone") or "UTC", "start_timezone")
    where: tzinfo = UTC if own == UTC_ZONE or not (repeats or event.get("master_event_id")) else own
    start = datetime.fromtimestamp(when["start_time"], where)
    made.add("dtstart", start)
    made.add("dtend", datetime.fromtimestamp(when["end_time"], where))
    if event.get("master_event_id"):
        made.add("recurrence-id", start)
    for line in repeats:
        _add_line(made, line, start, own)


def _add_line(made: Event, line: str, start: datetime, own: ZoneInfo) -> None:
    """An RRULE or an EXDATE line, with its times in the form of the event's."""
    from icalendar import vRecur

    name, _, value = line.strip().partition(":")
    name, *parameters = name.upper().split(";")
    if name == "RRULE":
        rule = vRecur.from_ical(value.strip().rstrip(";").upper())
        if "UNTIL" in rule:
            rule["UNTIL"] = [_last(until, own) for until in rule["UNTIL"]]
        made.add("rrule", rule)
        return
    named = next((p.removeprefix("TZID=") for p in parameters if p.startswith("TZID=")), None)
    where = own if named is None else zone(_spelt(line, named), "recurrence")
    left_out = [_left_out(text, start, where) for text in value.strip().split(",")]
    made.add("exdate", left_out)


def _last(until: date | datetime, own: ZoneInfo) -> datetime:
    """The end of a rule in UTC: of a date the end of the day, and of a time as the zone has it."""
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    return (until if until.tzinfo else until.replace(tzinfo=own)).astimezone(UTC)


def _left_out(text: str, start: datetime, where: ZoneInfo) -> datetime:
    """The start of an event that does not happen; of a date, the one on that day."""
    if len(text) == 8:
        day = datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007 - the zone is the event's
        return datetime.combine(day, start.timetz().replace(tzinfo=None), start.tzinfo)
    if text.endswith("Z"):
        found = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    else:
        found = datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=where)
    return found.astimezone(start.tzinfo)


def _spelt(line: str, upper: str) -> str:
    """The name of a zone as the line writes it."""
    at = line.upper().index(upper)
    return line[at : at + len(upper)]
