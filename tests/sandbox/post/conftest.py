"""A receiver, and a subscription to everything that goes there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import pytest

from nylas_bookings import AsyncClient
from nylas_bookings.models import WebhookSubscription
from nylas_bookings.sandbox import Sandbox

from .receiver import Receiver

TRIGGERS = [
    "booking.created",
    "booking.pending",
    "booking.rescheduled",
    "booking.cancelled",
    "booking.reminder",
]

Subscribe: TypeAlias = Callable[..., Awaitable[WebhookSubscription]]
Settle: TypeAlias = Callable[[], Awaitable[None]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who is told."""
    with Receiver() as listening:
        yield listening


@pytest.fixture
def subscribe(admin: AsyncClient, receiver: Receiver) -> Subscribe:
    """Subscribes the receiver to all that happens to bookings, or as it is told."""

    async def one(**more: Any) -> WebhookSubscription:
        wanted = {"trigger_types": TRIGGERS, "webhook_url": receiver.url, **more}
        return await admin.webhooks.create(**wanted)

    return one


@pytest.fixture
def settle(sandbox: Sandbox) -> Settle:
    """Waits until the sandbox has sent what is due."""

    async def wait() -> None:
        await asyncio.to_thread(sandbox.settle)

    return wait
