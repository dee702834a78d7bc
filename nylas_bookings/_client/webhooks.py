"""Webhook subscriptions: where the API shall send its notifications."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from .. import operations
from .._wire.messages import Timeout
from ..auth import Auth
from ..models._unset import UNSET, Unset
from ..models.bookings import Receipt
from ..models.pages import Page
from ..models.webhook_subscriptions import (
    BookingTrigger,
    NewWebhookSubscription,
    WebhookSubscription,
    WebhookSubscriptionChanges,
)
from .resource import Resource


class AsyncWebhooks(Resource):
    """Subscriptions of the application. They need an `ApiKey`."""

    __slots__ = ()

    async def list(
        self, *, auth: Auth | None = None, timeout: Timeout | None = None
    ) -> Page[WebhookSubscription]:
        """Read the subscriptions.

        Args:
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(operations.LIST_WEBHOOKS, auth=auth, timeout=timeout)

    async def get(
        self, webhook_id: str, *, auth: Auth | None = None, timeout: Timeout | None = None
    ) -> WebhookSubscription:
        """Read a subscription.

        Args:
            webhook_id: Which one.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.GET_WEBHOOK, webhook_id, auth=auth, timeout=timeout
        )

    async def create(
        self,
        *,
        trigger_types: Iterable[BookingTrigger | str],
        webhook_url: str,
        description: str | Unset = UNSET,
        notification_email_addresses: Iterable[str] | Unset = UNSET,
        compressed_delivery: bool | Unset = UNSET,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> WebhookSubscription:
        """Subscribe. The answer is the only one that tells the secret: keep it.

        Args:
            trigger_types: What to be told, such as `booking.created`.
            webhook_url: Where to. The API asks it with `GET ?challenge=…` before it says yes.
            description: For people.
            notification_email_addresses: Who hears of it when deliveries fail.
            compressed_delivery: Whether the bodies come as gzip.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.CREATE_WEBHOOK,
            body=lambda: NewWebhookSubscription(
                trigger_types=trigger_types,
                webhook_url=webhook_url,
                description=description,
                notification_email_addresses=notification_email_addresses,
                compressed_delivery=compressed_delivery,
            ),
            auth=auth,
            timeout=timeout,
        )

    async def update(
        self,
        webhook_id: str,
        *,
        trigger_types: Iterable[BookingTrigger | str] | Unset = UNSET,
        webhook_url: str | Unset = UNSET,
        description: str | Unset = UNSET,
        status: Literal["active", "pause"] | Unset = UNSET,
        notification_email_addresses: Iterable[str] | Unset = UNSET,
        compressed_delivery: bool | Unset = UNSET,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> WebhookSubscription:
        """Change a subscription; what is not given stays.

        Args:
            webhook_id: Which one.
            trigger_types: What to be told.
            webhook_url: Where to.
            description: For people.
            status: `pause` stops the deliveries, `active` resumes them.
            notification_email_addresses: Who hears of it when deliveries fail.
            compressed_delivery: Whether the bodies come as gzip.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.UPDATE_WEBHOOK,
            webhook_id,
            body=lambda: WebhookSubscriptionChanges(
                trigger_types=trigger_types,
                webhook_url=webhook_url,
                description=description,
                status=status,
                notification_email_addresses=notification_email_addresses,
                compressed_delivery=compressed_delivery,
            ),
            auth=auth,
            timeout=timeout,
        )

    async def delete(
        self, webhook_id: str, *, auth: Auth | None = None, timeout: Timeout | None = None
    ) -> Receipt:
        """End a subscription.

        Args:
            webhook_id: Which one.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.DELETE_WEBHOOK, webhook_id, auth=auth, timeout=timeout
        )

    async def rotate_secret(
        self, webhook_id: str, *, auth: Auth | None = None, timeout: Timeout | None = None
    ) -> WebhookSubscription:
        """Get a new secret. The old one is void at once.

        Args:
            webhook_id: Which one.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.ROTATE_WEBHOOK_SECRET, webhook_id, auth=auth, timeout=timeout
        )
