"""Settling by webhooks: a notification tells that a lost call has made its booking."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from ..auth import configuration_of
from ..errors import NotFound
from ..models.bookings import Booking
from ..models.notifications import (
    AnyNotification,
    BookingCreated,
    BookingNotification,
    BookingPending,
)
from ..operations import GET_BOOKING
from .addresses import comparable_set
from .results import Evidence
from .rows import people_of, slot_of
from .settling import Ask, Finding, Found, LostCall, Unclear

_MOST: Final = 100_000

_Slot: TypeAlias = tuple[int, int]
"""When a booking starts and ends, in seconds since the epoch."""


class WebhookSettler:
    """Settles with the `booking.created` and `booking.pending` that a receiver of yours is sent.

    That none has come proves nothing, so a booking is found or stays unknown; it is never sent
    again. A guest of a group event is told with all others, so group bookings stay unknown.

    Args:
        limit: How many seconds to wait for a notification.
        clock_margin: How many seconds the clock that dates notifications may be behind the one that
            dates the API's responses. This machine's own clock does not enter.
    """

    pause: float = 0.0

    def __init__(self, *, limit: float = 110.0, clock_margin: float = 2.0) -> None:
        self.limit = limit
        self._margin = clock_margin
        self._told: OrderedDict[str, BookingNotification] = OrderedDict()
        self._by_slot: dict[_Slot, list[BookingNotification]] = {}

    def receive(self, notification: AnyNotification) -> None:
        """Hand over what `webhooks.read` has read; what is not about a new booking is ignored."""
        if not isinstance(notification, BookingCreated | BookingPending):
            return
        slot = _slot(notification)
        if slot is None or notification.booking_id in self._told:
            return
        self._told[notification.booking_id] = notification
        self._by_slot.setdefault(slot, []).append(notification)
        if len(self._told) > _MOST:
            self._forget(self._told.popitem(last=False)[1])

    async def look(self, lost: LostCall, ask: Ask) -> Finding:
        """Look once at what has been received."""
        fitting = [
            notification
            for notification in self._by_slot.get(slot_of(lost.request), ())
            if _is_fitting(notification, lost)
            and not await lost.belongs_to_another(notification.booking_id)
        ]
        if not fitting:
            return Unclear(Evidence(says="no notification of such a booking has come"))
        first = await _booking(fitting[0], lost, ask)
        # With that response the API has told its time.
        problems = [lost.problem_with_age(one.time, self._margin) for one in fitting]
        newer = [one for one, problem in zip(fitting, problems, strict=True) if problem is None]
        if not newer:
            return _unclear(f"a notification came, but {problems[0]}", fitting)
        if len(newer) > 1:
            return _unclear("several notifications may be of it", newer)
        if newer[0].booking_info.is_group_event:
            says = "the guest takes part in the group event, but by which booking is not known"
            return _unclear(says, newer)
        booking = first if newer[0] is fitting[0] else await _booking(newer[0], lost, ask)
        if booking is None:
            return _unclear("a notification came, but the API does not know it", newer)
        evidence = _evidence("a notification of it has come", newer)
        return Found(booking, evidence, newer[0].time, _others(newer[0], lost))

    def _forget(self, notification: BookingNotification) -> None:
        slot = _slot(notification)
        assert slot is not None
        self._by_slot[slot].remove(notification)
        if not self._by_slot[slot]:
            del self._by_slot[slot]


async def _booking(notification: BookingNotification, lost: LostCall, ask: Ask) -> Booking | None:
    """The booking that a notification is of, if the API knows it."""
    try:
        booking: Booking = await ask(GET_BOOKING, notification.booking_id, auth=lost.auth)
    except NotFound:
        return None
    return booking


def _evidence(says: str, notifications: Sequence[BookingNotification]) -> Evidence:
    return Evidence(says=says, bookings=tuple(one.booking_id for one in notifications))


def _unclear(says: str, notifications: Sequence[BookingNotification]) -> Unclear:
    return Unclear(_evidence(says, notifications))


def _slot(notification: BookingNotification) -> _Slot | None:
    info = notification.booking_info
    if info.start_time is None or info.end_time is None:
        return None
    return int(info.start_time.timestamp()), int(info.end_time.timestamp())


def _is_fitting(notification: BookingNotification, lost: LostCall) -> bool:
    """Whether a notification tells of the configuration and the guests that were asked for."""
    configuration_id: Any = configuration_of(lost.auth)
    if configuration_id and notification.configuration_id != configuration_id:
        return False
    return people_of(lost.request) <= _people(notification)


def _others(notification: BookingNotification, lost: LostCall) -> frozenset[str]:
    """Those who were not asked for: they may be hosts, or guests of another row."""
    return _people(notification) - people_of(lost.request)


def _people(notification: BookingNotification) -> frozenset[str]:
    return comparable_set(person.email for person in notification.booking_info.participants)
