"""Subscriptions whose receiver does not work: failing, failed, and well again."""

from __future__ import annotations

import pytest

from nylas_bookings import AsyncClient
from nylas_bookings.models import WebhookSubscription
from nylas_bookings.sandbox import Sandbox

from ...wire_server import Answer
from ..calls import Raw
from .conftest import Settle, Subscribe
from .receiver import Receiver

FAILED = Answer(status=503)
OPS = "ops@example.com"


@pytest.fixture
async def subscription(subscribe: Subscribe) -> WebhookSubscription:
    """One whose owner wants to hear of failures."""
    return await subscribe(notification_email_addresses=[OPS])


async def _book(raw: Raw, settle: Settle, *days: int) -> None:
    """Book all ten slots of the morning on some days, so that there is something to tell."""
    for day in days:
        for number in range(10):
            assert (await raw.book(day * 48 + number)).status == 200
    await settle()


def _news(sandbox: Sandbox) -> list[str]:
    return [mail["kind"] for mail in sandbox.outbox() if mail["recipient"] == OPS]


@pytest.mark.parametrize(
    ("successes", "count", "status"),
    [(0, 20, "failing"), (1, 20, "failing"), (2, 20, "active"), (0, 10, "active")],
)
async def test_when_nearly_nothing_arrives(
    raw: Raw,
    admin: AsyncClient,
    receiver: Receiver,
    settle: Settle,
    subscription: WebhookSubscription,
    successes: int,
    count: int,
    status: str,
) -> None:
    """With 95 of 100 attempts lost in 15 minutes a subscription fails; 20 are the fewest."""
    receiver.answer(*[Answer(body=b"")] * successes, *[FAILED] * (count - successes))
    await _book(raw, settle, *range(count // 10))
    assert (await admin.webhooks.get(subscription.id)).status == status
    assert _news(raw.sandbox) == (["webhook.failing"] if status == "failing" else [])


async def test_failures_of_long_ago_do_not_count(
    raw: Raw,
    admin: AsyncClient,
    receiver: Receiver,
    settle: Settle,
    subscription: WebhookSubscription,
) -> None:
    """Only the last 15 minutes decide whether a subscription fails."""
    receiver.answer(*[FAILED] * 20)
    await _book(raw, settle, 0)
    raw.sandbox.clock.advance(minutes=16)
    await settle()
    assert len(receiver.posts) == 20
    assert (await admin.webhooks.get(subscription.id)).status == "active"


async def test_failing_for_three_days(
    raw: Raw,
    admin: AsyncClient,
    receiver: Receiver,
    settle: Settle,
    subscription: WebhookSubscription,
) -> None:
    """Who fails is still told; who fails for 72 hours more is told nothing until it is active."""
    sandbox = raw.sandbox
    receiver.answer(*[FAILED] * 60)
    await _book(raw, settle, 0, 1)
    sandbox.clock.advance(minutes=5)
    await settle()
    assert len(receiver.posts) == 40
    sandbox.clock.advance(hours=71)
    await settle()
    assert (len(receiver.posts), _news(sandbox)) == (60, ["webhook.failing"])
    sandbox.clock.advance(hours=1)
    await _book(raw, settle, 4)
    assert len(receiver.posts) == 60
    assert (await admin.webhooks.get(subscription.id)).status == "failed"
    assert _news(sandbox) == ["webhook.failing", "webhook.failed"]
    assert {one["state"] for one in sandbox.deliveries()} == {"given up"}
    await admin.webhooks.update(subscription.id, status="active")
    await raw.book(48 * 7)
    await settle()
    assert sandbox.deliveries()[-1]["state"] == "delivered"


@pytest.mark.parametrize("hours", [1, 73])
async def test_well_again(
    raw: Raw,
    admin: AsyncClient,
    receiver: Receiver,
    settle: Settle,
    subscription: WebhookSubscription,
    hours: int,
) -> None:
    """Who fails, and then works for the next 72 hours, is active again."""
    receiver.answer(*[FAILED] * 20)
    await _book(raw, settle, 0, 1)
    assert (await admin.webhooks.get(subscription.id)).status == "failing"
    raw.sandbox.clock.advance(hours=hours)
    await settle()
    raw.sandbox.clock.advance(hours=73 - hours)
    await raw.book(48 * 4)
    await settle()
    assert (await admin.webhooks.get(subscription.id)).status == "active"
    assert {one["state"] for one in raw.sandbox.deliveries()} == {"delivered"}
