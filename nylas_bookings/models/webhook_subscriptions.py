"""Webhook subscriptions: where the API shall send its notifications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import field, frozen

from .._frames import hides_fields
from . import _checks
from ._secret import hidden_or_none, is_text_or_none
from ._unset import UNSET, Unset

BookingTrigger: TypeAlias = Literal[
    "booking.created",
    "booking.pending",
    "booking.rescheduled",
    "booking.cancelled",
    "booking.reminder",
]
"""What can be subscribed to about bookings. Other families of the API are plain strings here."""

WebhookStatus: TypeAlias = Literal["active", "pause", "failing", "failed"]
"""The states of a subscription; `failing` and `failed` are set by the API."""


def _triggers(values: Iterable[BookingTrigger | str]) -> tuple[str, ...]:
    return _checks.each(str, values, "trigger_types")


def _some_triggers(values: Iterable[BookingTrigger | str] | Unset) -> tuple[str, ...] | Unset:
    return values if isinstance(values, Unset) else _triggers(values)


def _addresses(values: Iterable[str] | Unset) -> tuple[str, ...] | Unset:
    if isinstance(values, Unset):
        return values
    return _checks.each(str, values, "notification_email_addresses")


@frozen(kw_only=True)
class NewWebhookSubscription:
    """A subscription to be made.

    Args:
        trigger_types: What to be told, such as `booking.created`.
        webhook_url: Where to. The API asks it with `GET ?challenge=…` before it says yes.
        description: For people.
        notification_email_addresses: Who hears of it when deliveries fail.
        compressed_delivery: Whether the bodies come as gzip.
    """

    trigger_types: tuple[str, ...] = field(converter=_triggers)
    webhook_url: str = field(validator=_checks.text)
    description: str | Unset = UNSET
    notification_email_addresses: tuple[str, ...] | Unset = field(
        default=UNSET, converter=_addresses
    )
    compressed_delivery: bool | Unset = UNSET


@frozen(kw_only=True)
class WebhookSubscriptionChanges:
    """What shall change in a subscription; what is not given stays."""

    trigger_types: tuple[str, ...] | Unset = field(default=UNSET, converter=_some_triggers)
    webhook_url: str | Unset = UNSET
    description: str | Unset = UNSET
    status: Literal["active", "pause"] | Unset = UNSET
    notification_email_addresses: tuple[str, ...] | Unset = field(
        default=UNSET, converter=_addresses
    )
    compressed_delivery: bool | Unset = UNSET

    def __attrs_post_init__(self) -> None:
        _checks.some_change(self)


@hides_fields
@frozen(kw_only=True)
class WebhookSubscription:
    """A subscription as the API tells it.

    Attributes:
        webhook_secret: What the deliveries are signed with. Told only when the subscription is
            made and when its secret is rotated; not shown in the repr.
    """

    id: str
    webhook_url: str | None = None
    trigger_types: tuple[str, ...] = ()
    status: WebhookStatus | str | None = None
    description: str | None = None
    notification_email_addresses: tuple[str, ...] = ()
    compressed_delivery: bool | None = None
    webhook_secret: str | None = field(
        default=None, converter=hidden_or_none, validator=is_text_or_none
    )
    status_updated_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    request_id: str | None = None
