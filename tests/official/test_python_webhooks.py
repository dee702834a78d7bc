"""The official Python SDK subscribes to webhooks, and the notifications are what it expects."""

from __future__ import annotations

from collections.abc import Iterator

import nylas
import pytest
from nylas.models.webhooks import WebhookTriggers

from nylas_bookings import webhooks
from nylas_bookings.sandbox import Sandbox

from ..sandbox.calls import slot, wanted
from ..waiting import until
from ..wire_server import WireServer
from .receiver import answering_challenges


@pytest.fixture
def receiver() -> Iterator[WireServer]:
    """Somebody who wants to be told."""
    with answering_challenges() as listening:
        yield listening


def test_a_subscription_from_its_beginning_to_its_end(
    receiver: WireServer, sdk: nylas.Client
) -> None:
    """Create, find, list, update, rotate the secret, destroy."""
    triggers = [WebhookTriggers.BOOKING_CREATED, WebhookTriggers.BOOKING_CANCELLED]
    asked = {"trigger_types": triggers, "webhook_url": f"{receiver.url}/hook"}
    made = sdk.webhooks.create(asked).data
    assert (made.status, made.trigger_types) == ("active", triggers)
    assert made.webhook_secret
    assert sdk.webhooks.find(made.id).data.webhook_url == f"{receiver.url}/hook"
    assert [webhook.id for webhook in sdk.webhooks.list().data] == [made.id]
    changed = sdk.webhooks.update(made.id, {"description": "For the office"}).data
    assert (changed.description, changed.trigger_types) == ("For the office", triggers)
    rotated = sdk.webhooks.rotate_secret(made.id).data
    assert rotated.webhook_secret != made.webhook_secret
    assert sdk.webhooks.destroy(made.id).data.status == "success"
    assert sdk.webhooks.list().data == []


def test_what_it_does_is_notified(
    receiver: WireServer, sandbox: Sandbox, sdk: nylas.Client
) -> None:
    """Each step of a booking is notified, signed with the secret that the SDK was told."""
    triggers = ["booking.created", "booking.rescheduled", "booking.cancelled"]
    asked = {"trigger_types": triggers, "webhook_url": f"{receiver.url}/hook"}
    secret = sdk.webhooks.create(asked).data.webhook_secret
    of_public = {"configuration_id": sandbox.public}
    bookings = sdk.scheduler.bookings
    booking_id = bookings.create(wanted(), of_public).data.booking_id
    bookings.reschedule(booking_id, slot(1), of_public)
    bookings.destroy(booking_id, {"cancellation_reason": "Ill"}, of_public)
    until(lambda: len(receiver.received) == 4)
    challenged, *notified = receiver.received
    assert challenged.method == "GET"
    for received in notified:
        webhooks.verify(received.body, received.header("X-Nylas-Signature"), secret=secret)
    assert {received.json()["type"] for received in notified} == set(triggers)
    objects = [received.json()["data"]["object"] for received in notified]
    assert {said["booking_id"] for said in objects} == {booking_id}
