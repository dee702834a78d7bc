"""How the sandbox behaves where the vendor's own sources do not agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from attrs import evolve, frozen

from ..models.webhook_subscriptions import BookingTrigger


@frozen(kw_only=True)
class Behaviour:
    """The switches. The defaults suit all official clients.

    Attributes:
        strict: Answer successes with exactly what the contract says, whatever the next four say.
        booking_extras: A booking is told with its `booking_ref` and `location`, and with
            `is_organizer`.
        reschedule_data: A reschedule is answered with the booking, not with a request id alone.
        decline_data: A decline is answered with the booking, not with a request id alone.
        lists_of_one: A group event that was made or changed comes in a list, and so does the
            report of an import.
        success_codes: Whether every success is a 200, or a POST is answered with 201 and a DELETE
            with 204 and no body.
        reschedule_changes_id: A rescheduled booking gets a new id, and the old one is gone.
        confirm_changes_event_id: A confirmed booking has another event than its placeholder.
        booked_status: What the status of a booking that takes place is called.
        cancelled_bookings: What reading a cancelled booking answers.
        sessions_for_public: Sessions may be opened for public configurations too.
        time_to_live: What the `time_to_live` of a session counts.
        key_on_bookings: An API key, with a configuration, is accepted on bookings and availability.
        lost_slot: The type of the error when a slot is not, or no longer, on offer.
        rate_limit_type: The type of a 429.
        provider_error: How a 504 tells what the provider said: as text two levels deep, where the
            browser component looks for it, as a code and a message, as a plain text, or not.
        error_prefix: Error types carry the `api.` that the vendor's error pages show.
        bodyless_delete: What a DELETE without a JSON body gets.
        notice_on_create: A booking within `min_booking_notice` is refused.
        rate_limit: How many calls a second are accepted before 429, if there is a limit.
        confirm_notifies: The trigger that a confirmation sends, if any.
        decline_notifies: The trigger that a decline sends, if any.
        pending_prefix: The title in `booking.pending` begins with `[PENDING]`, as the event's does.
        cancelled_extras: `booking.cancelled` tells of the event: its description, link and UID.
        reminder_reference: `booking.reminder` carries the booking reference.
        webhook_retries: After which answers of a receiver a notification is sent again: all but
            2xx; or 408, 429, 502, 503, 504, 507; or 408, 429, 502, 503. No answer is in all three.
        expand_recurring: Listing events tells each event of a series, unless asked not to.
        challenge: The address of a webhook has to answer a challenge before anything is sent there.
    """

    strict: bool = False
    booking_extras: bool = True
    reschedule_data: bool = True
    decline_data: bool = True
    lists_of_one: bool = False
    success_codes: Literal["200", "201 and 204"] = "200"
    reschedule_changes_id: bool = False
    confirm_changes_event_id: bool = False
    booked_status: Literal["booked", "confirmed"] = "booked"
    cancelled_bookings: Literal["cancelled", "not found"] = "cancelled"
    sessions_for_public: bool = True
    time_to_live: Literal["minutes", "seconds"] = "minutes"
    key_on_bookings: bool = True
    lost_slot: Literal["invalid_request_error", "timeslot_not_available"] = "invalid_request_error"
    rate_limit_type: Literal["rate_limit_error", "nylas_rate_limit_exceeded"] = "rate_limit_error"
    provider_error: Literal["nested", "code and message", "text"] | None = "nested"
    error_prefix: bool = False
    bodyless_delete: Literal["accepted", "refused"] = "accepted"
    notice_on_create: bool = False
    rate_limit: float | None = None
    confirm_notifies: BookingTrigger | None = "booking.created"
    decline_notifies: BookingTrigger | None = "booking.cancelled"
    pending_prefix: bool = True
    cancelled_extras: bool = False
    reminder_reference: bool = False
    webhook_retries: Literal["every failure", "six statuses", "four statuses"] = "every failure"
    expand_recurring: bool = False
    challenge: bool = True

    def __attrs_post_init__(self) -> None:
        for name, choices in switches().items():
            value = getattr(self, name)
            if choices is not None and (type(value), value) not in _typed(choices):
                raise ValueError(f"{name} is {' or '.join(map(repr, choices))}, not {value!r}")
        if self.rate_limit is not None and not _is_above_zero(self.rate_limit):
            raise ValueError("rate_limit is a number above 0, or None for no limit")

    @property
    def effective(self) -> Behaviour:
        """The same, with what being strict means for the other switches."""
        return _strictly(self) if self.strict else self


def success_status(method: str, behaviour: Behaviour) -> int:
    """The status of a success."""
    if behaviour.success_codes == "200":
        return 200
    return {"POST": 201, "DELETE": 204}.get(method, 200)


@cache
def _strictly(behaviour: Behaviour) -> Behaviour:
    return evolve(
        behaviour,
        booking_extras=False,
        reschedule_data=False,
        decline_data=False,
        lists_of_one=True,
    )


@cache
def switches() -> Mapping[str, tuple[Any, ...] | None]:
    """What each switch can be set to; None for a number."""
    return {name: _choices(hint) for name, hint in get_type_hints(Behaviour).items()}


def _choices(hint: Any) -> tuple[Any, ...] | None:
    if hint in (bool, NoneType):
        return (False, True) if hint is bool else (None,)
    if get_origin(hint) is Literal:
        return get_args(hint)
    parts = [_choices(part) for part in get_args(hint)]
    if not parts or None in parts:
        return None
    return tuple(choice for part in parts for choice in part or ())


def _typed(choices: tuple[Any, ...]) -> list[tuple[type, Any]]:
    """With their types, because 1 is equal to True."""
    return [(type(choice), choice) for choice in choices]


def _is_above_zero(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value < math.inf
