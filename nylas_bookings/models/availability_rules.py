"""When a configuration can be booked: duration, steps, open hours, exceptions, buffers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from ._checks import many
from ._extra import extra

AvailabilityMethod: TypeAlias = Literal["collective", "max-fairness", "max-availability"]


@frozen(kw_only=True)
class OpenHours:
    """Hours on days of the week.

    Attributes:
        days: 0 is Sunday, 6 is Saturday.
        start: When they begin, such as `9:00`.
        end: When they end, such as `17:00`.
        timezone: Their zone; else the host's, else the event's.
        exdates: Dates on which they do not hold, such as `2026-12-24`.
    """

    days: Sequence[int] | None = field(default=None, validator=many(int))
    start: str | None = None
    end: str | None = None
    timezone: str | None = None
    exdates: Sequence[str] | None = field(default=None, validator=many(str))
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class SpecificTime:
    """Hours on one date, in place of the open hours; `00:00` to `00:00` closes the date."""

    date: str
    start: str
    end: str
    timezone: str | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class Buffer:
    """Minutes to keep free around events: from 0 to 120, in steps of 5."""

    before: int | None = None
    after: int | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class AvailabilityRules:
    """How the hosts' calendars become slots.

    Attributes:
        availability_method: `collective` needs all hosts, the others take one in turn.
        default_open_hours: For hosts who have none of their own.
        default_specific_time_availability: For hosts who have none of their own for that date.
        only_specific_time_availability: Ignore open hours; a host cannot undo it.
    """

    availability_method: AvailabilityMethod | str | None = None
    buffer: Buffer | None = None
    default_open_hours: Sequence[OpenHours] | None = field(default=None, validator=many(OpenHours))
    default_specific_time_availability: Sequence[SpecificTime] | None = field(
        default=None, validator=many(SpecificTime)
    )
    only_specific_time_availability: bool | None = None
    round_robin_group_id: str | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class ConfigurationAvailability:
    """How long a meeting is, and when it can start.

    Attributes:
        duration_minutes: How long a meeting is.
        interval_minutes: The step from one possible start to the next.
        round_to: Starts are rounded up to a multiple of it: 15 if not given, a multiple of 5.
    """

    duration_minutes: int
    interval_minutes: int | None = None
    round_to: int | None = None
    availability_rules: AvailabilityRules | None = None
    extra: Mapping[str, Any] = extra()
