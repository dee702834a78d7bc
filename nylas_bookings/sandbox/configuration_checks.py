"""What a configuration must be, beyond its shape: the rules that the vendor documents."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable

from ..models.availability_rules import ConfigurationAvailability, OpenHours
from ..models.conferencing import Conferencing
from ..models.configurations import (
    AnyConfiguration,
    Configuration,
    EventBooking,
    GroupBooking,
    Reminder,
)
from ..models.scheduler_settings import SchedulerSettings
from .refusals import bad_request
from .world import World

_CHOICES = ("dropdown", "radio_button")
_REMINDER = range(1, 366 * 24 * 60)
_BUFFER = range(0, 121, 5)
_LONGEST_TITLE = 1024


def check(world: World, configuration: AnyConfiguration) -> None:
    """Refuse a configuration that the API would not take."""
    if configuration.scheduler is not None:
        _check_fields(configuration.scheduler)
    if not isinstance(configuration, Configuration):
        _check_group(configuration.group_booking)
        return
    _check_participants(world, configuration)
    _check_availability(configuration.availability)
    _check_event(configuration.event_booking, configuration.scheduler)
    _check_zones(configuration)


def _check_participants(world: World, configuration: Configuration) -> None:
    hosts = configuration.participants
    if not hosts:
        raise bad_request("participants is required")
    if not any(host.availability for host in hosts) or not any(host.booking for host in hosts):
        raise bad_request("at least one participant needs availability, and one needs booking")
    organizers = sum(bool(host.is_organizer) for host in hosts)
    if organizers > 1:
        raise bad_request("only one participant can be the organizer")
    for host in hosts:
        needs_grant = host.availability is not None or host.booking is not None
        if needs_grant and not _has_grant(world, host.email):
            raise bad_request(f"Failed to find a valid Grant for {host.email}")


def _has_grant(world: World, email: str) -> bool:
    return world.store.row("SELECT 1 FROM grants WHERE email = ?", email) is not None


def _check_availability(availability: ConfigurationAvailability) -> None:
    if availability.duration_minutes < 1:
        raise bad_request("availability.duration_minutes must be above 0")
    if availability.interval_minutes is not None and availability.interval_minutes < 1:
        raise bad_request("availability.interval_minutes must be above 0")
    if availability.round_to is not None and (
        availability.round_to < 5 or availability.round_to % 5
    ):
        raise bad_request("availability.round_to must be a multiple of 5")
    rules = availability.availability_rules
    if rules is None or rules.buffer is None:
        return
    for minutes in (rules.buffer.before, rules.buffer.after):
        if minutes is not None and minutes not in _BUFFER:
            raise bad_request("a buffer is from 0 to 120 minutes, in steps of 5")


def _check_event(event: EventBooking, scheduler: SchedulerSettings | None) -> None:
    confirmation_url = scheduler.organizer_confirmation_url if scheduler else None
    if not 1 <= len(event.title) <= _LONGEST_TITLE:
        raise bad_request("event_booking.title is a text of up to 1024 characters")
    if event.booking_type == "organizer-confirmation" and not confirmation_url:
        raise bad_request("organizer-confirmation needs scheduler.organizer_confirmation_url")
    if event.booking_type not in (None, "", "booking", "organizer-confirmation"):
        raise bad_request(f"unknown booking_type {event.booking_type!r}")
    _check_conferencing(event.conferencing)
    _check_reminders(event.reminders or ())


def _check_group(group: GroupBooking) -> None:
    if group.booking_type not in (None, "", "booking"):
        raise bad_request("group configurations support the booking type booking only")
    _check_conferencing(group.conferencing)
    _check_reminders(group.reminders or ())


def _check_conferencing(conferencing: Conferencing | None) -> None:
    if conferencing and conferencing.autocreate is not None and conferencing.details is not None:
        raise bad_request("conferencing takes either autocreate or details")


def _check_reminders(reminders: Iterable[Reminder]) -> None:
    for reminder in reminders:
        known = reminder.type in ("email", "webhook")
        if not known or reminder.minutes_before_event not in _REMINDER:
            raise bad_request("a reminder is an email or a webhook, from 1 minute to a year before")


def _check_fields(scheduler: SchedulerSettings) -> None:
    for key, field in (scheduler.additional_fields or {}).items():
        if field.type in _CHOICES and not field.options:
            raise bad_request(f"additional field {key!r} needs options")
        try:
            re.compile(field.pattern or "")
        except (re.error, OverflowError, RecursionError):
            raise bad_request(f"additional field {key!r} has an invalid pattern") from None


def _check_zones(configuration: Configuration) -> None:
    rules = configuration.availability.availability_rules
    blocks: list[OpenHours] = list((rules.default_open_hours if rules else None) or ())
    zones = [configuration.event_booking.timezone]
    for host in configuration.participants:
        zones.append(host.timezone)
        blocks += (host.availability.open_hours if host.availability else None) or ()
    refuse_unknown_zones([*zones, *(block.timezone for block in blocks)])


def refuse_unknown_zones(zones: Iterable[str | None]) -> None:
    """Refuse names of zones that nobody knows; none, and an empty one, are fine."""
    for zone in zones:
        if not zone:
            continue
        try:
            zoneinfo.ZoneInfo(zone if zone != "utc" else "UTC")
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
            raise bad_request(f"unknown timezone {zone!r}") from None
