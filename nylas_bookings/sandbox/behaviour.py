"""How the sandbox behaves where the vendor's own sources do not agree."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


@frozen(kw_only=True)
class Behaviour:
    """The switches. The defaults suit all official clients.

    Attributes:
        strict: Answer with exactly what the contract says: a booking has no `booking_ref` and no
            `location`, and `reschedule` and `decline` answer with a request id alone.
        reschedule_changes_id: A rescheduled booking gets a new id, and the old one is gone.
        sessions_for_public: Sessions may be opened for public configurations too.
        key_on_bookings: An API key, with a configuration, is accepted on bookings and availability.
        cancelled_bookings: What reading a cancelled booking answers.
        confirm_notifies: The trigger that a confirmation sends, if any.
        decline_notifies: The trigger that a decline sends, if any.
        error_prefix: Error types carry the `api.` that the vendor's error pages show.
        bodyless_delete: What a DELETE without a JSON body gets.
        notice_on_create: A booking within `min_booking_notice` is refused.
        rate_limit: How many calls a second are accepted before 429, if there is a limit.
    """

    strict: bool = False
    reschedule_changes_id: bool = False
    sessions_for_public: bool = True
    key_on_bookings: bool = True
    cancelled_bookings: Literal["cancelled", "not found"] = "cancelled"
    confirm_notifies: str | None = "booking.created"
    decline_notifies: str | None = "booking.cancelled"
    error_prefix: bool = False
    bodyless_delete: Literal["accepted", "refused"] = "accepted"
    notice_on_create: bool = False
    rate_limit: float | None = None
