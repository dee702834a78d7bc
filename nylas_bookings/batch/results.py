"""What becomes of each booking of a batch: created, failed, or unknown."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from attrs import field, frozen

from ..errors import BookingsError
from ..models.bookings import Booking, NewBooking


@frozen(kw_only=True)
class Evidence:
    """What a settler found out about a call whose answer was lost.

    Attributes:
        says: What it means, in a sentence.
        looks: How often it looked.
        events: The ids of events in the calendar that may be the booking's.
        bookings: The ids of bookings that may be the one.
        slot_offered: Whether the slot was still offered in the end, if that was asked.
    """

    says: str
    looks: int = 0
    events: tuple[str, ...] = ()
    bookings: tuple[str, ...] = ()
    slot_offered: bool | None = None


@frozen(kw_only=True)
class BookingResult:
    """What all results have.

    Attributes:
        request: What was asked for; without its `auth` when it comes from a journal.
        key: What the caller calls it, or `#` and its position in the input.
        attempts: How many requests for it have left this machine.
        sent_at: When it was sent first, if it was.
        elapsed: How many seconds passed from then to this result.
    """

    request: NewBooking
    key: str
    attempts: int
    sent_at: datetime | None = None
    elapsed: float = field(default=0.0, eq=False)


@frozen(kw_only=True)
class Created(BookingResult):
    """There is a booking.

    Attributes:
        booking: The booking. From a journal, without what the journal does not keep: its
            description and its reference, with which it could be changed.
        evidence: How it was found, when its answer was lost.
    """

    booking: Booking
    evidence: Evidence | None = None


@frozen(kw_only=True)
class Failed(BookingResult):
    """There is no booking: nothing was sent, or the API said no."""

    error: BookingsError = field(eq=False)


@frozen(kw_only=True)
class Unknown(BookingResult):
    """There may be a booking.

    Attributes:
        error: What became of the call.
        evidence: What the settler found, if there is one.
    """

    error: BookingsError = field(eq=False)
    evidence: Evidence | None = None


Result: TypeAlias = Created | Failed | Unknown
"""Any of the three."""
