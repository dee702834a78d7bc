"""Settling by webhooks: a notification tells that a lost call has made its booking."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from ..auth import configuration_of
from ..errors import NotFound
from ..models.notifications import (
    AnyNotification,
    BookingCreated,
    BookingNotification,
    BookingPending,
)
from ..operations import GET_BOOKING
from .results import Evidence
from .rows import people_of
from .settling import Ask, Finding, Found, LostCall, Unclear

_MOST: Final = 100_000

_When: TypeAlias = tuple[datetime, datetime]


class WebhookSettler:
    """Settles with the `booking.created` and `booking.pending` that a receiver of yours is sent.

    That none has come proves nothing, so a booking is found or stays unknown; it is never sent
    again. A guest of a group event is told with all others, so group bookings stay unknown.

    Args:
        limit: How many seconds to wait for a notification.
        clock_margin: How many seconds the API's clock may be behind this machine's.
    """

    pause: float = 0.0

    def __init__(self, *, limit: float = 110.0, clock_margin: float = 60.0) -> None:
        self.limit = limit
        self._margin = timedelta(seconds=clock_margin)
        self._told: OrderedDict[str, BookingNotification] = OrderedDict()
        self._by_time: dict[_When, list[BookingNotification]] = {}

    def receive(self, notification: AnyNotification) -> None:
        """Hand over what `webhooks.read` has read; what is not about a new booking is ignored."""
        if not isinstance(notification, BookingCreated | BookingPending):
            return
        when = _when(notification)
        if when is None or notification.booking_id in self._told:
            return
        self._told[notification.booking_id] = notification
        self._by_time.setdefault(when, []).append(notification)
        if len(self._told) > _MOST:
            self._forget(self._told.popitem(last=False)[1])

    async def look(self, lost: LostCall, ask: Ask) -> Finding:
        """Look once at what has been received."""
        when = (lost.request.start_time, lost.request.end_time)
        since = datetime.fromtimestamp(lost.sent_at, UTC) - self._margin
        told = [
            notification
            for notification in self._by_time.get(when, ())
            if _may_be(notification, lost, since)
            and not await lost.belongs_to_another(notification.booking_id)
        ]
        ids = tuple(notification.booking_id for notification in told)
        if not told:
            return Unclear(Evidence(says="no notification of such a booking has come"))
        if len(told) > 1:
            return Unclear(Evidence(says="several notifications may be of it", bookings=ids))
        if told[0].booking_info.is_group_event:
            says = "the guest takes part in the group event, but by which booking is not known"
            return Unclear(Evidence(says=says, bookings=ids))
        try:
            booking = await ask(GET_BOOKING, ids[0], auth=lost.auth)
        except NotFound:
            return Unclear(
                Evidence(says="a notification came, but the API does not know it", bookings=ids)
            )
        return Found(booking, Evidence(says="a notification of it has come", bookings=ids))

    def _forget(self, notification: BookingNotification) -> None:
        when = _when(notification)
        assert when is not None
        self._by_time[when].remove(notification)
        if not self._by_time[when]:
            del self._by_time[when]


def _when(notification: BookingNotification) -> _When | None:
    info = notification.booking_info
    if info.start_time is None or info.end_time is None:
        return None
    return info.start_time, info.end_time


def _may_be(notification: BookingNotification, lost: LostCall, since: datetime) -> bool:
    """Whether a notification may be of the booking that the lost call has made."""
    configuration_id: Any = configuration_of(lost.auth)
    if configuration_id and notification.configuration_id != configuration_id:
        return False
    if notification.time is not None and notification.time < since:
        return False
    people = notification.booking_info.participants
    return people_of(lost.request) <= {(person.email or "").casefold() for person in people}
