"""Webhook subscriptions, and what is queued for them; nobody is asked, and nothing is sent."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, errors, references
from nylas_bookings.sandbox import Sandbox

from .calls import JANE, Raw, dump, slot

PATH = "/v3/webhooks"
URL = "http://127.0.0.1:9/in"


@pytest.fixture(autouse=True)
def _silent(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handshake and the deliveries have tests of their own."""
    sandbox.behaviour = evolve(sandbox.behaviour, challenge=False)
    monkeypatch.setattr(sandbox._world, "wake", lambda: None)


async def test_a_subscription_is_kept(admin: AsyncClient) -> None:
    """Made, read, listed, changed, its secret rotated, deleted; the secret is told twice only."""
    made = await admin.webhooks.create(trigger_types=["booking.created"], webhook_url=URL)
    assert made.webhook_secret
    assert made.status == "active"
    known = await admin.webhooks.get(made.id)
    assert known.webhook_secret is None
    assert [one.id for one in (await admin.webhooks.list()).items] == [made.id]
    paused = await admin.webhooks.update(made.id, status="pause", description="mine")
    assert (paused.status, paused.description, paused.webhook_url) == ("pause", "mine", URL)
    await admin.webhooks.update(made.id, description="yours")
    rotated = await admin.webhooks.rotate_secret(made.id)
    assert rotated.webhook_secret not in (None, made.webhook_secret)
    await admin.webhooks.delete(made.id)
    with pytest.raises(errors.NotFound):
        await admin.webhooks.get(made.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"trigger_types": []},
        {"trigger_types": "booking.created"},
        {"trigger_types": ["booking.forgotten"]},
        {"trigger_types": [3]},
        {"webhook_url": None},
        {"webhook_url": "hooks.example.com"},
        {"webhook_url": "http://["},
        {"webhook_url": "https://"},
        {"webhook_url": "https://abc.ngrok-free.app/hook"},
        {"compressed_delivery": "yes"},
        {"notification_email_addresses": "a@example.com"},
        {"notification_email_addresses": [1]},
        {"description": 3},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_wrong_subscription_is_refused(
    raw: Raw, admin: AsyncClient, sandbox: Sandbox, wrong: dict[str, Any], method: str
) -> None:
    """What makes no subscription is refused, and changes nothing; null is not given."""
    made = await admin.webhooks.create(trigger_types=["event.created"], webhook_url=URL)
    body = {"trigger_types": ["booking.created"], "webhook_url": URL, **wrong}
    path = PATH if method == "POST" else f"{PATH}/{made.id}"
    before = dump(sandbox)
    answer = await raw(method, path, body, key=sandbox.api_key)
    if method == "PUT" and wrong == {"webhook_url": None}:
        assert answer.status == 200
        return
    assert answer.status == 400
    assert dump(sandbox) == before


async def test_only_the_api_says_failed(raw: Raw, admin: AsyncClient, sandbox: Sandbox) -> None:
    """A subscription can be paused and made active by its owner, and nothing else."""
    made = await admin.webhooks.create(trigger_types=["booking.created"], webhook_url=URL)
    body = {"status": "failed"}
    assert (await raw("PUT", f"{PATH}/{made.id}", body, key=sandbox.api_key)).status == 400


def _told(sandbox: Sandbox) -> list[str]:
    return [delivery["document"]["type"] for delivery in sandbox.deliveries()]


async def test_each_change_is_queued(
    admin: AsyncClient, visitor: AsyncClient, sandbox: Sandbox
) -> None:
    """Who wants to hear of a change is told once each, with the documented fields."""
    triggers = ["booking.created", "booking.cancelled"]
    kept = await admin.webhooks.create(trigger_types=triggers, webhook_url=URL)
    paused = await admin.webhooks.create(trigger_types=triggers, webhook_url=URL)
    await admin.webhooks.update(paused.id, status="pause")
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    await visitor.bookings.reschedule(booked.booking_id, **slot(1))
    await visitor.bookings.cancel(booked.booking_id, reason="ill")
    assert _told(sandbox) == triggers
    created, cancelled = (one["document"]["data"]["object"] for one in sandbox.deliveries())
    assert created["booking_ref"] == booked.booking_ref
    assert created["booking_info"]["start_time"] == slot()["start_time"]
    assert cancelled["booking_info"]["cancellation_reason"] == "ill"
    await admin.webhooks.delete(kept.id)
    assert sandbox.deliveries() == []


@pytest.mark.parametrize("quiet", [False, True])
async def test_decisions_are_queued(
    admin: AsyncClient, guest_of_confirming: AsyncClient, sandbox: Sandbox, quiet: bool
) -> None:
    """A confirmation and a decline are told, unless the switches say otherwise."""
    if quiet:
        silent = evolve(sandbox.behaviour, confirm_notifies=None, decline_notifies=None)
        sandbox.behaviour = silent
    triggers = ["booking.created", "booking.pending", "booking.cancelled"]
    await admin.webhooks.create(trigger_types=triggers, webhook_url=URL)
    one, other = [
        await guest_of_confirming.bookings.create(**slot(n), guest=JANE) for n in range(2)
    ]
    for booked, decide in (
        (one, guest_of_confirming.bookings.confirm),
        (other, guest_of_confirming.bookings.decline),
    ):
        salt = references.decode(booked.booking_ref or "").salt
        await decide(booked.booking_id, salt=salt)
    after = [] if quiet else ["booking.created", "booking.cancelled"]
    assert _told(sandbox) == ["booking.pending", "booking.pending", *after]
