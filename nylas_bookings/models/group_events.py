"""Group events: meetings that several guests can join."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen

from ..errors import InvalidRequest
from . import _checks, _times
from ._extra import extra
from ._unset import UNSET, Unset
from .conferencing import Conferencing


@frozen(kw_only=True)
class EventTime:
    """When a group event is. Give both zones or none."""

    start_time: datetime = field(converter=_times.start_time)
    end_time: datetime = field(converter=_times.end_time)
    start_timezone: str | None = None
    end_timezone: str | None = None

    def __attrs_post_init__(self) -> None:
        _times.check_order(self.start_time, self.end_time)
        if (self.start_timezone is None) != (self.end_timezone is None):
            raise InvalidRequest("an event takes both start_timezone and end_timezone, or neither")


@frozen(kw_only=True)
class GroupEventParticipant:
    """Somebody who takes part in a group event."""

    email: str
    name: str | None = None
    is_organizer: bool | None = None
    extra: Mapping[str, Any] = extra()


def _capacity(instance: object, attribute: object, value: Any) -> None:
    if value is None or value is UNSET:
        return
    if type(value) is not int or not 1 <= value <= 500:
        raise InvalidRequest("capacity is a number of guests, from 1 to 500")


@frozen(kw_only=True)
class NewGroupEvent:
    """A group event to be made; with no participants it has the organizer alone."""

    calendar_id: str
    title: str
    when: EventTime
    capacity: int = field(validator=_capacity)
    participants: Sequence[GroupEventParticipant] = field(
        validator=_checks.many(GroupEventParticipant)
    )
    description: str | None = None
    location: str | None = None
    recurrence: Sequence[str] | None = field(default=None, validator=_checks.many(str))
    conferencing: Conferencing | None = None


@frozen(kw_only=True)
class GroupEventChanges:
    """What shall change in a group event; what is not given stays."""

    calendar_id: str | Unset = UNSET
    title: str | Unset = UNSET
    when: EventTime | Unset = UNSET
    capacity: int | Unset = field(default=UNSET, validator=_capacity)
    participants: Sequence[GroupEventParticipant] | Unset = field(
        default=UNSET, validator=_checks.many(GroupEventParticipant)
    )
    description: str | Unset = UNSET
    location: str | Unset = UNSET
    recurrence: Sequence[str] | Unset = field(default=UNSET, validator=_checks.many(str))
    conferencing: Conferencing | Unset = UNSET

    def __attrs_post_init__(self) -> None:
        _checks.some_change(self)


@frozen(kw_only=True)
class When:
    """When an event of a calendar is, in whichever of its three forms the API tells it."""

    start_time: datetime | None = None
    end_time: datetime | None = None
    start_timezone: str | None = None
    end_timezone: str | None = None
    date: str | None = None
    start_date: str | None = None
    end_date: str | None = None


@frozen(kw_only=True)
class GroupEvent:
    """A group event as the API tells it.

    Attributes:
        id: The event, in its calendar.
        capacity: How many may join.
        recurrence: The rules of the series, such as `RRULE:FREQ=WEEKLY`.
        master_event_id: The series that this event is one of.
        extra: All that the API says of the event besides.
    """

    id: str | None = None
    calendar_id: str | None = None
    title: str | None = None
    when: When | None = None
    capacity: int | None = None
    participants: Sequence[GroupEventParticipant] = ()
    description: str | None = None
    location: str | None = None
    recurrence: Sequence[str] = ()
    conferencing: Conferencing | None = None
    master_event_id: str | None = None
    status: str | None = None
    request_id: str | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class EventException:
    """An event of an imported series that differs in its capacity."""

    event_id: str
    capacity: int = field(validator=_capacity)


@frozen(kw_only=True)
class GroupEventImport:
    """An event of the calendar that shall become a group event."""

    calendar_id: str
    event_id: str
    capacity: int | None = field(default=None, validator=_capacity)
    participants: Sequence[GroupEventParticipant] | None = field(
        default=None, validator=_checks.many(GroupEventParticipant)
    )
    exceptions: Sequence[EventException] | None = field(
        default=None, validator=_checks.many(EventException)
    )


def at_most_twenty(events: Iterable[GroupEventImport]) -> tuple[GroupEventImport, ...]:
    """The events of one import: the API takes up to twenty at a time."""
    result: tuple[GroupEventImport, ...] = _checks.each(GroupEventImport, events, "events")
    if not 1 <= len(result) <= 20:
        raise InvalidRequest(f"from 1 to 20 events can be imported at a time, not {len(result)}")
    return result


@frozen(kw_only=True)
class ImportedEvent:
    """An event that is a group event from now on."""

    event_id: str


@frozen(kw_only=True)
class ImportFailure:
    """An event that was not imported, and why."""

    event_id: str | None = None
    reason: str | None = None


@frozen(kw_only=True)
class ImportReport:
    """What became of the events that were to be imported."""

    imported_events: tuple[ImportedEvent, ...] = ()
    import_failed: tuple[ImportFailure, ...] = ()
    request_id: str | None = None


@frozen(kw_only=True)
class SlotToValidate:
    """A slot of a group configuration, to be validated before it is booked."""

    calendar_id: str
    event_id: str
    start_time: datetime = field(converter=_times.start_time)
    end_time: datetime = field(converter=_times.end_time)
    master_id: str | None = None
    capacity: int | None = field(default=None, validator=_capacity)
    emails: Sequence[str] | None = field(default=None, validator=_checks.many(str))

    def __attrs_post_init__(self) -> None:
        _times.check_order(self.start_time, self.end_time)
