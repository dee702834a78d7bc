"""How the sandbox behaves where the vendor's own sources do not agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from attrs import frozen

from ..models.webhook_subscriptions import BookingTrigger


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
        challenge: The address of a webhook has to answer a challenge before anything is sent there.
        rate_limit: How many calls a second are accepted before 429, if there is a limit.
    """

    strict: bool = False
    reschedule_changes_id: bool = False
    sessions_for_public: bool = True
    key_on_bookings: bool = True
    cancelled_bookings: Literal["cancelled", "not found"] = "cancelled"
    confirm_notifies: BookingTrigger | None = "booking.created"
    decline_notifies: BookingTrigger | None = "booking.cancelled"
    error_prefix: bool = False
    bodyless_delete: Literal["accepted", "refused"] = "accepted"
    notice_on_create: bool = False
    challenge: bool = True
    rate_limit: float | None = None

    def __attrs_post_init__(self) -> None:
        for name, choices in switches().items():
            value = getattr(self, name)
            if choices is not None and (type(value), value) not in _typed(choices):
                raise ValueError(f"{name} is {' or '.join(map(repr, choices))}, not {value!r}")
        if self.rate_limit is not None and not _is_above_zero(self.rate_limit):
            raise ValueError("rate_limit is a number above 0, or None for no limit")


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
