"""Configurations and times for the tests of availability, short to write and to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from nylas_bookings.models.availability_rules import (
    AvailabilityRules,
    ConfigurationAvailability,
    OpenHours,
    SpecificTime,
)
from nylas_bookings.models.configurations import (
    Configuration,
    ConfigurationParticipant,
    EventBooking,
    ParticipantAvailability,
    ParticipantBooking,
)
from nylas_bookings.models.scheduler_settings import SchedulerSettings
from nylas_bookings.sandbox.rules import Busy, Offer, offer, read

BERLIN = "Europe/Berlin"
ADA, BEN, CAT, DAN = "ada@example.com", "ben@example.com", "cat@example.com", "dan@example.com"
ALL_WEEK = range(7)
BOOKED_INTO = ParticipantBooking(calendar_id="primary")


def at(text: str, zone: str = BERLIN, *, fold: int = 0) -> int:
    """The instant of a local time such as `2026-11-23 9:00`."""
    local = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007  the zone comes next
    return int(local.replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def clock(instant: int, zone: str = BERLIN) -> str:
    """What the clock shows then, such as `9:00`."""
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).strftime("%-H:%M")


def hours(start: str, end: str, days: Sequence[int] = ALL_WEEK, **more: Any) -> OpenHours:
    """Open hours, on every day if no days are given."""
    return OpenHours(days=tuple(days), start=start, end=end, **more)


def on(date: str, start: str, end: str, timezone: str | None = None) -> SpecificTime:
    """Hours of one date."""
    return SpecificTime(date=date, start=start, end=end, timezone=timezone)


def host(email: str = ADA, *open_hours: OpenHours, **more: Any) -> ConfigurationParticipant:
    """A host with a calendar."""
    availability = ParticipantAvailability(calendar_ids=("primary",), open_hours=open_hours)
    values = {"availability": availability, "booking": BOOKED_INTO, **more}
    return ConfigurationParticipant(email=email, **values)


def configuration(
    *hosts: ConfigurationParticipant,
    duration: int = 60,
    interval: int | None = None,
    round_to: int | None = None,
    timezone: str | None = BERLIN,
    days: int | None = None,
    **rules: Any,
) -> Configuration:
    """A configuration; the rules are those of `availability_rules`."""
    return Configuration(
        participants=hosts or (host(),),
        availability=ConfigurationAvailability(
            duration_minutes=duration,
            interval_minutes=interval,
            round_to=round_to,
            availability_rules=AvailabilityRules(**rules),
        ),
        event_booking=EventBooking(title="Meeting", timezone=timezone),
        scheduler=SchedulerSettings(available_days_in_future=days),
    )


def offered(
    which: Configuration,
    start: int,
    end: int,
    *,
    now: int | None = None,
    busy: Mapping[str, Busy] | None = None,
    **more: Any,
) -> Offer:
    """What is on offer between two instants; it is the first of them now if not told otherwise."""
    now = start if now is None else now
    return offer(read(which), start=start, end=end, now=now, busy=busy or {}, **more)


def times(which: Configuration, date: str, zone: str = BERLIN, **more: Any) -> list[str]:
    """When the slots of one day start, as the clock in the zone shows it."""
    start = at(f"{date} 0:00", zone)
    slots = offered(which, start, start + 30 * 3600, **more).slots
    day = datetime.fromtimestamp(start, ZoneInfo(zone)).date()
    return [
        clock(slot.start, zone)
        for slot in slots
        if datetime.fromtimestamp(slot.start, ZoneInfo(zone)).date() == day
    ]
