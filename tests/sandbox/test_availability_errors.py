"""Configurations that no availability can be computed from are refused by the name of the field."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from nylas_bookings.models.configurations import Configuration
from nylas_bookings.sandbox.rules import UnusableRule, read

from .diary import ADA, BEN, configuration, host, hours, on

OWN_HOURS = "participants[1].availability.open_hours[0]"
DEFAULT_HOURS = "availability.availability_rules.default_open_hours[0]"
OWN_DATES = "participants[1].specific_time_availability[0]"
DEFAULT_DATES = "availability.availability_rules.default_specific_time_availability[0]"


def second(*open_hours: Any, **more: Any) -> Configuration:
    """A configuration whose second host is special."""
    return configuration(host(ADA), host(BEN, *open_hours, **more), timezone=None)


@pytest.mark.parametrize(
    ("which", "field"),
    [
        (configuration(timezone="Mars/Olympus"), "event_booking.timezone"),
        (configuration(timezone="America/New York"), "event_booking.timezone"),
        (configuration(timezone="../../etc/passwd"), "event_booking.timezone"),
        (configuration(timezone="Europe"), "event_booking.timezone"),
        (configuration(timezone="Europe/Berlin\0"), "event_booking.timezone"),
        (second(timezone="Mars/Olympus"), "participants[1].timezone"),
        (second(hours("9:00", "10:00", timezone="Mars")), f"{OWN_HOURS}.timezone"),
        (second(hours("9.00", "10:00")), f"{OWN_HOURS}.start"),
        (second(hours("9:00", "24:01")), f"{OWN_HOURS}.end"),
        (second(hours("9:60", "11:00")), f"{OWN_HOURS}.start"),
        (second(hours("9", "11:00")), f"{OWN_HOURS}.start"),
        (second(hours("-9:00", "11:00")), f"{OWN_HOURS}.start"),
        (second(hours("22:00", "2:00")), f"{OWN_HOURS}.end"),
        (second(hours("9:00", "10:00", days=[7])), f"{OWN_HOURS}.days"),
        (second(hours("9:00", "10:00", exdates=["24.12."])), f"{OWN_HOURS}.exdates"),
        (second(specific_time_availability=[on("soon", "9:00", "10:00")]), f"{OWN_DATES}.date"),
        (
            second(specific_time_availability=[on("2026-02-29", "9:00", "9:30")]),
            f"{OWN_DATES}.date",
        ),
        (second(specific_time_availability=[on("2026-11-24", "", "9:30")]), f"{OWN_DATES}.start"),
        (configuration(default_open_hours=[hours("9:00", "8:00")]), f"{DEFAULT_HOURS}.end"),
        (
            configuration(
                default_specific_time_availability=[on("2026-11-24", "9:00", "10:00", "Mars")]
            ),
            f"{DEFAULT_DATES}.timezone",
        ),
        (configuration(duration=0), "availability.duration_minutes"),
        (configuration(duration=-30), "availability.duration_minutes"),
        (configuration(duration=10**9), "availability.duration_minutes"),
        (configuration(interval=-5), "availability.interval_minutes"),
        (configuration(round_to=-5), "availability.round_to"),
        (
            configuration(availability_method="fastest"),
            "availability.availability_rules.availability_method",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(which: Configuration, field: str) -> None:
    """The error is a `ValueError` that names the field and shows what is in it."""
    with pytest.raises(UnusableRule) as caught:
        read(which)
    assert isinstance(caught.value, ValueError)
    assert caught.value.field == field
    assert str(caught.value) == f"{field} {caught.value.problem}"


def test_the_error_says_what_is_wrong() -> None:
    """The message can be shown to whoever wrote the configuration."""
    with pytest.raises(UnusableRule) as caught:
        read(configuration(timezone="Mars/Olympus"))
    assert str(caught.value) == "event_booking.timezone is no known time zone: 'Mars/Olympus'"


def test_the_error_pickles() -> None:
    """What one process raises, another can show."""
    error = pickle.loads(pickle.dumps(UnusableRule("availability.round_to", "is odd")))
    assert (error.field, str(error)) == ("availability.round_to", "availability.round_to is odd")
