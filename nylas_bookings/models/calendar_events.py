"""Events of a host's calendar, as far as looking for a booking in it needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen


@frozen(kw_only=True)
class EventWhen:
    """When an event is; whole days have neither."""

    start_time: datetime | None = None
    end_time: datetime | None = None


@frozen(kw_only=True)
class EventParticipant:
    """Somebody who takes part."""

    email: str | None = None
    name: str | None = None


@frozen(kw_only=True)
class CalendarEvent:
    """An event of a host's calendar.

    Attributes:
        metadata: What Scheduler notes on its own events; `key5` is the configuration's id.
        description: Scheduler writes links with the booking's reference into it, so it is not
            shown in the repr.
    """

    id: str
    when: EventWhen | None = None
    participants: tuple[EventParticipant, ...] = ()
    organizer: EventParticipant | None = None
    metadata: Mapping[str, Any] | None = None
    description: str | None = field(default=None, repr=False)
    status: str | None = None
    created_at: datetime | None = None
