"""Which times of a configuration are on offer, and whether one of them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from attrs import frozen

from .hosts import Host
from .reading import Rules
from .slots import Busy, Slot, is_possible_start, possible_starts, slots, takers
from .turns import rounds

NEVER_BOOKED: Final[Mapping[str, int]] = MappingProxyType({})


@frozen
class Offer:
    """The slots on offer, and for round-robin whose turn it is, best first."""

    order: tuple[str, ...] | None
    slots: list[Slot]


def offer(
    rules: Rules,
    *,
    start: int,
    end: int,
    now: int,
    busy: Mapping[str, Busy],
    booked: Mapping[str, int] = NEVER_BOOKED,
    min_notice_minutes: int = 0,
) -> Offer:
    """The slots that start between start and end.

    Each slot names all hosts of the configuration, or for round-robin those who have time, best
    first; `order` names those who were looked at, so every slot has somebody of it.

    Args:
        rules: Those of a configuration, as `read` tells them.
        start: The first second.
        end: The second after the last.
        now: Nothing is on offer before.
        busy: By the host's address, the busy time of all calendars that count. The event of a
            booking that shall be moved is not in it.
        booked: For round-robin, by the host's address, when the host was booked last in this
            configuration. Who was never booked is not in it.
        min_notice_minutes: How long before it starts a slot is gone. The API itself does not ask
            for any notice here, whatever `min_booking_notice` says.
    """
    notice = 60 * min_notice_minutes
    starts = possible_starts(rules, start=start, end=end, now=now, notice=notice)
    hosts, found = _answer(rules, rounds(rules.method, rules.hosts, booked), starts, busy)
    order = None if rules.method == "collective" else tuple(host.email for host in hosts)
    return Offer(order, found)


def is_offered(
    rules: Rules,
    *,
    start: int,
    end: int,
    now: int,
    busy: Mapping[str, Busy],
    booked: Mapping[str, int] = NEVER_BOOKED,
    participants: Sequence[str] | None = None,
    min_notice_minutes: int = 0,
) -> tuple[str, ...] | None:
    """Who would take that very slot, for round-robin best first; None if it is not on offer.

    Who is asked for by name has to be free, and nobody else: for round-robin whether or not it is
    their turn, as the guest's page may have seen an order that is older than the last booking.
    Busy time that does not reach into the slot with its buffers need not be given.
    """
    if end - start != rules.duration:
        return None
    if not is_possible_start(rules, start, now=now, notice=60 * min_notice_minutes):
        return None
    turns = rounds(rules.method, _named(rules, participants), booked)
    for hosts in turns[-1:] if participants else turns:
        if emails := takers(rules, hosts, start, busy):
            return emails
    return None


def _named(rules: Rules, names: Sequence[str] | None) -> tuple[Host, ...]:
    """The hosts of those names, or all without names; none at all if a name is a stranger's."""
    if not names:
        return rules.hosts
    wanted = {name.casefold() for name in names}
    if not wanted <= rules.invited:
        return ()
    return tuple(host for host in rules.hosts if host.email.casefold() in wanted)


def _answer(
    rules: Rules,
    turns: Sequence[Sequence[Host]],
    starts: Sequence[int],
    busy: Mapping[str, Busy],
) -> tuple[Sequence[Host], list[Slot]]:
    """The slots of the first round in which there are any, and who was looked at."""
    for hosts in turns[:-1]:
        found = slots(rules, hosts, starts, busy)
        if found:
            return hosts, found
    return turns[-1], slots(rules, turns[-1], starts, busy)
