"""The links in the mails: from a booking reference to what the page behind it has to know."""

from __future__ import annotations

import hmac
from typing import Any

from attrs import frozen

from ... import references
from ...errors import InvalidRequest
from .. import booked, bookings, configurations
from ..booked import Booking
from ..configurations import Stored
from ..refusals import Refusal
from ..world import World
from . import entry, facts, problems


@frozen(kw_only=True)
class Link:
    """A link that leads somewhere."""

    stored: Stored
    booking: Booking
    told: dict[str, Any]
    salt: str


def reschedule(world: World, reference: str) -> dict[str, Any]:
    """What the reschedule page has to know."""
    link = _followed(world, reference)
    _require_to_come(world, link)
    if link.stored.scheduler["hide_rescheduling_options"]:
        raise problems.not_online(link.told, "moved")
    return link.told | entry.session_if_private(world, link.stored)


def cancel(world: World, reference: str) -> dict[str, Any]:
    """What the cancel page has to know."""
    link = _followed(world, reference)
    _require_to_come(world, link)
    if link.stored.scheduler["hide_cancellation_options"]:
        raise problems.not_online(link.told, "cancelled")
    if bookings.is_too_late_to_cancel(world, link.stored, link.booking):
        raise problems.too_late_to_cancel(link.told)
    return link.told | entry.session_if_private(world, link.stored)


def confirm(world: World, reference: str) -> dict[str, Any]:
    """What the organizer's page has to know; the salt shows that it is the organizer."""
    link = _followed(world, reference)
    if not hmac.compare_digest(link.salt.encode(), link.booking.salt.encode()):
        raise problems.not_the_organizer()
    if link.booking.status != "pending":
        raise problems.already_decided(link.told, link.booking.status)
    return link.told | entry.session_if_private(world, link.stored) | {"salt": link.salt}


def _followed(world: World, reference: str) -> Link:
    try:
        parts = references.decode(reference)
    except InvalidRequest:
        raise problems.broken_link() from None
    stored = configurations.by_id(world, parts.configuration_id)
    if stored is None:
        raise problems.unknown_booking()
    try:
        booking = booked.find(world, stored, parts.booking_id)
    except Refusal:
        raise problems.unknown_booking() from None
    told = facts.of_booking(world, stored, booking)
    return Link(stored=stored, booking=booking, told=told, salt=parts.salt or "")


def _require_to_come(world: World, link: Link) -> None:
    if link.booking.status == "cancelled":
        raise problems.already_cancelled(link.told)
    if link.booking.end <= world.clock.now():
        raise problems.already_over(link.told)
