"""Which times of a configuration are on offer: its rules, held against the hosts' calendars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import calendar, group_events
from .configurations import Stored
from .rules import Busy, is_offered, offer
from .world import World

_ALWAYS_FREE: Busy = ()


def hosts_for(
    world: World,
    stored: Stored,
    start: int,
    end: int,
    asked: Sequence[str],
    without: str | None = None,
) -> tuple[str, ...] | None:
    """Who takes a slot: everybody, or in turn one of the hosts; None when it is not on offer."""
    rules = stored.rules
    margin = rules.before + rules.after
    notice = stored.scheduler["min_booking_notice"] if world.behaviour.notice_on_create else 0
    hosts = is_offered(
        rules,
        start=start,
        end=end,
        now=world.clock.now(),
        busy=_busy(world, stored, start - margin, end + margin, without),
        booked=_booked(world, stored),
        participants=asked,
        min_notice_minutes=notice,
    )
    if hosts is None or rules.method == "collective":
        return hosts
    return hosts[:1]


def told(
    world: World, stored: Stored, start: int, end: int, without: str | None = None
) -> dict[str, Any]:
    """The slots of a configuration, as the API tells them."""
    if stored.is_group:
        return {"time_slots": group_events.slots(world, stored, start, end)}
    margin = stored.rules.before + stored.rules.after + stored.rules.duration
    found = offer(
        stored.rules,
        start=start,
        end=end,
        now=world.clock.now(),
        busy=_busy(world, stored, start - margin, end + margin, without),
        booked=_booked(world, stored),
    )
    slots = [
        {"emails": list(slot.emails), "start_time": slot.start, "end_time": slot.end}
        for slot in found.slots
    ]
    order = {} if found.order is None else {"order": list(found.order)}
    return {**order, "time_slots": slots}


def _busy(
    world: World, stored: Stored, start: int, end: int, without: str | None
) -> dict[str, Busy]:
    """By the host's address, the busy time of the calendars that the configuration looks at."""
    found: dict[str, Busy] = {}
    for host in stored.standard.participants:
        if host.availability is None:
            found[host.email] = _ALWAYS_FREE
            continue
        named = host.availability.calendar_ids or ("primary",)
        found[host.email] = calendar.busy(world, host.email, named, start, end, without)
    return found


def _booked(world: World, stored: Stored) -> dict[str, int]:
    """By the host's address, when the host was booked last; only round-robin asks."""
    if stored.rules.method == "collective":
        return {}
    rows = world.store.rows(
        "SELECT hosts, max(rowid) FROM bookings WHERE configuration_id = ? GROUP BY hosts",
        stored.id,
    )
    return {row[0]: row[1] for row in rows}
