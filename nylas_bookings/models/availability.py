"""Which times are on offer."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen


@frozen(kw_only=True)
class TimeSlot:
    """A time that can be booked.

    Attributes:
        start_time: When it starts.
        end_time: When it ends.
        emails: The hosts who are free then.
        event_id: The group event that can be joined then.
        master_id: The series of that event.
        calendar_id: The calendar of that event.
        capacity: How many may join it.
    """

    start_time: datetime
    end_time: datetime
    emails: tuple[str, ...] = ()
    event_id: str | None = None
    master_id: str | None = None
    calendar_id: str | None = None
    capacity: int | None = None


@frozen(kw_only=True)
class Availability:
    """The times on offer within the stretch that was asked for.

    Attributes:
        time_slots: The slots, in the order in which the API sent them.
        order: Round-robin only: the hosts, the one whose turn it is first.
        request_id: What to quote to the vendor's support.
    """

    time_slots: tuple[TimeSlot, ...] = ()
    order: tuple[str, ...] = ()
    request_id: str | None = None
