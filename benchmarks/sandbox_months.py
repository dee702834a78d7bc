"""Availability in the sandbox: what a month of slots costs, and the question for one slot."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from functools import partial

from nylas_bookings.models.availability_rules import (
    AvailabilityRules,
    Buffer,
    ConfigurationAvailability,
    OpenHours,
)
from nylas_bookings.models.configurations import (
    Configuration,
    ConfigurationParticipant,
    EventBooking,
    ParticipantAvailability,
    ParticipantBooking,
)
from nylas_bookings.sandbox.rules import (
    Busy,
    GroupEventFacts,
    Offer,
    group_offer,
    is_offered,
    offer,
    read,
)

from .rounds import Figures, Work

DAY = 86_400
NOW = 1_795_000_000
MONTH = 31 * DAY
ZONES = ["Europe/Berlin", "America/New_York", "Europe/London"]


def _host(number: int) -> ConfigurationParticipant:
    """A host with office hours and a lunch break."""
    days = (1, 2, 3, 4, 5)
    office = (
        OpenHours(days=days, start="9:00", end="12:30"),
        OpenHours(days=days, start="13:00", end="18:00"),
    )
    return ConfigurationParticipant(
        email=f"host-{number}@example.com",
        timezone=ZONES[number % len(ZONES)],
        availability=ParticipantAvailability(calendar_ids=("primary",), open_hours=office),
        booking=ParticipantBooking(calendar_id="primary"),
    )


def _configuration(hosts: int, method: str) -> Configuration:
    return Configuration(
        participants=tuple(_host(number) for number in range(hosts)),
        availability=ConfigurationAvailability(
            duration_minutes=30,
            interval_minutes=15,
            round_to=5,
            availability_rules=AvailabilityRules(
                availability_method=method, buffer=Buffer(before=5, after=10)
            ),
        ),
        event_booking=EventBooking(title="Meeting", timezone=ZONES[0]),
    )


def _busy(hosts: int, events: int) -> dict[str, list[tuple[int, int]]]:
    """Events all over the month, in no order, many of them at the same time."""
    chance = random.Random(1)
    starts = [[NOW + chance.randrange(MONTH) for _ in range(events)] for _ in range(hosts)]
    return {
        f"host-{number}@example.com": [(start, start + chance.choice([900, 1800])) for start in own]
        for number, own in enumerate(starts)
    }


def _month(which: Configuration, busy: Mapping[str, Busy]) -> Offer:
    return offer(read(which), start=NOW, end=NOW + MONTH, now=NOW, busy=busy)


def _subjects() -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {}
    for method in ("collective", "max-availability", "max-fairness"):
        which, busy = _configuration(10, method), _busy(10, 1000)
        found[f"a month, 10 hosts, 1,000 events each, {method}"] = partial(_month, which, busy)
    single, rules = _configuration(1, "collective"), read(_configuration(1, "collective"))
    few = _busy(1, 10)
    slot = _month(single, few).slots[-1]
    found["one slot of one host, ten events near it"] = partial(
        is_offered, rules, start=slot.start, end=slot.end, now=NOW, busy=few
    )
    found["reading a configuration with one host"] = partial(read, single)
    series = GroupEventFacts(
        id="series",
        calendar_id="primary",
        start=NOW - 365 * DAY,
        end=NOW - 365 * DAY + 3600,
        capacity=10,
        recurrence=("RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR",),
    )
    found["a month of a group event, three times a week for a year"] = partial(
        group_offer, [series], start=NOW, end=NOW + MONTH, now=NOW
    )
    return found


def _each(work: Callable[[], object], times: int) -> Figures:
    began = time.perf_counter()
    for _ in range(times):
        work()
    return {"each µs": (time.perf_counter() - began) / times * 1e6}


def works(*, quick: bool) -> dict[str, dict[str, Work]]:
    """What there is to measure, by case and by subject."""
    long: dict[str, Work] = {}
    short: dict[str, Work] = {}
    for name, work in _subjects().items():
        if "month" in name:
            long[name] = partial(_each, work, 1 if quick else 2)
        else:
            short[name] = partial(_each, work, 100)
    return {"availability": long, "parts of it": short}
