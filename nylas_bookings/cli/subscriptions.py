"""The commands for webhook subscriptions: `webhook list`, `create`, `rotate-secret` and so on."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from . import asking, printing, telling
from .documents import document
from .options import Json, Yes
from .running import Answer, command, reading

if TYPE_CHECKING:
    from ..models import Unset, WebhookSubscription

Which = Annotated[str, Parameter(help="The subscription's id.")]
Triggers = Annotated[
    tuple[str, ...],
    Parameter(name="--trigger", help="What to be told, such as booking.created; repeat it."),
]
Emails = Annotated[
    tuple[str, ...], Parameter(name="--notify", help="Who hears of it when deliveries fail.")
]
Compressed = Annotated[
    bool | None,
    Parameter(negative="--uncompressed", help="Whether the deliveries come as gzip."),
]
Description = Annotated[str | None, Parameter(help="For people.")]


@reading
async def list_all(*, json: Json = False) -> Answer:
    """List the subscriptions of the application."""
    async with asking.key_client() as nylas:
        page = await nylas.webhooks.list()
    rows = [(one.id, one.status, one.webhook_url, ", ".join(one.trigger_types)) for one in page]
    return Answer(document(page), printing.table(("id", "status", "address", "triggers"), rows))


@reading
async def get(webhook_id: Which, /, *, json: Json = False) -> Answer:
    """Read a subscription."""
    async with asking.key_client() as nylas:
        return _answer(await nylas.webhooks.get(webhook_id))


@command
async def create(
    webhook_url: str,
    /,
    *,
    trigger: Triggers = (),
    description: Description = None,
    notify: Emails = (),
    compressed: Compressed = None,
    json: Json = False,
) -> Answer:
    """Subscribe an address. The secret that this prints is told only once: keep it.

    Without --trigger it is told of everything about bookings.

    Parameters
    ----------
    webhook_url
        Where to. It is asked with a challenge first: `nylas-bookings webhook listen` answers.
    """
    async with asking.key_client() as nylas:
        subscription = await nylas.webhooks.create(
            webhook_url=webhook_url,
            trigger_types=trigger or all_triggers(),
            description=_given(description),
            notification_email_addresses=_given(notify or None),
            compressed_delivery=_given(compressed),
        )
    return _answer(subscription)


@command
async def update(
    webhook_id: Which,
    /,
    *,
    url: str | None = None,
    trigger: Triggers = (),
    description: Description = None,
    status: Literal["active", "pause"] | None = None,
    notify: Emails = (),
    compressed: Compressed = None,
    json: Json = False,
) -> Answer:
    """Change a subscription; what is not given stays.

    Parameters
    ----------
    url
        Where to.
    status
        Whether it delivers.
    """
    async with asking.key_client() as nylas:
        subscription = await nylas.webhooks.update(
            webhook_id,
            webhook_url=_given(url),
            trigger_types=_given(trigger or None),
            description=_given(description),
            status=_given(status),
            notification_email_addresses=_given(notify or None),
            compressed_delivery=_given(compressed),
        )
    return _answer(subscription)


@command
async def delete(webhook_id: Which, /, *, yes: Yes = False, json: Json = False) -> Answer:
    """End a subscription."""
    asking.sure(f"Delete the subscription {webhook_id}?", yes=yes)
    async with asking.key_client() as nylas:
        receipt = await nylas.webhooks.delete(webhook_id)
    return telling.gone(receipt, "deleted", subscription=webhook_id)


@command
async def rotate_secret(webhook_id: Which, /, *, yes: Yes = False, json: Json = False) -> Answer:
    """Get a new secret for a subscription. The old one is void at once."""
    asking.sure("The secret that is in use will be void. Rotate it?", yes=yes)
    async with asking.key_client() as nylas:
        return _answer(await nylas.webhooks.rotate_secret(webhook_id))


def all_triggers() -> tuple[str, ...]:
    """Everything about bookings that can be subscribed to."""
    from ..models import BookingTrigger

    return typing.get_args(BookingTrigger)


Value = typing.TypeVar("Value")


def _given(value: Value | None) -> Value | Unset:
    from ..models import UNSET

    return UNSET if value is None else value


def _answer(told: WebhookSubscription) -> Answer:
    facts = {
        "subscription": told.id,
        "status": told.status,
        "address": told.webhook_url,
        "triggers": ", ".join(told.trigger_types),
        "description": told.description,
        "notifies": ", ".join(told.notification_email_addresses),
        "compressed": {True: "yes", False: "no"}.get(bool(told.compressed_delivery)),
        "secret": told.webhook_secret,
        "request": told.request_id,
    }
    return Answer(document(told), printing.facts(facts))
