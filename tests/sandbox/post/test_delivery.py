"""Notifications on the wire: signed bytes, attempts, and what is noted of them."""

from __future__ import annotations

import asyncio
import gzip
import logging
from typing import Any

import orjson
import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, webhooks
from nylas_bookings.sandbox import Sandbox
from nylas_bookings.sandbox.post import exchange

from ...waiting import soon
from ...wire_server import Answer
from ..calls import JANE, Raw, slot
from .conftest import Settle, Subscribe
from .receiver import Receiver

FAILED = Answer(status=500)


@pytest.mark.parametrize("is_compressed", [False, True])
async def test_a_notification_is_signed(
    raw: Raw, subscribe: Subscribe, receiver: Receiver, settle: Settle, is_compressed: bool
) -> None:
    """The signature is that of the bytes on the wire, compressed if that was asked for."""
    made = await subscribe(compressed_delivery=is_compressed)
    await raw.book()
    await settle()
    (post,) = receiver.posts
    assert post.header("Content-Type") == "application/json"
    assert post.header("Content-Encoding") == ("gzip" if is_compressed else None)
    signature = post.header(webhooks.SIGNATURE_HEADER)
    assert signature == webhooks.sign(post.body, secret=made.webhook_secret or "")
    plain = gzip.decompress(post.body) if is_compressed else post.body
    (delivery,) = raw.sandbox.deliveries()
    assert orjson.loads(plain) == delivery["document"]
    assert (delivery["state"], delivery["attempt"], delivery["due"]) == ("delivered", 1, None)


async def test_a_secret_is_never_shown(
    raw: Raw,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither the secret nor a signature is in a log, in the record of deliveries, or in a repr."""
    caplog.set_level(logging.DEBUG)
    made = await subscribe()
    receiver.answer(FAILED)
    await raw.book()
    await settle()
    signature = receiver.posts[0].header(webhooks.SIGNATURE_HEADER)
    parcel = exchange.Parcel(url=receiver.url, headers={"X": str(signature)}, body=b"")
    shown = f"{caplog.text} {raw.sandbox.deliveries()} {raw.sandbox._world!r} {parcel!r}"
    assert "attempt 1: 500" in caplog.text
    assert str(made.webhook_secret) not in shown
    assert str(signature) not in shown


async def test_a_rotated_secret_signs_at_once(
    raw: Raw, admin: AsyncClient, subscribe: Subscribe, receiver: Receiver, settle: Settle
) -> None:
    """What waits when the secret is rotated is signed with the new one."""
    made = await subscribe()
    receiver.answer(FAILED)
    await raw.book()
    await settle()
    rotated = await admin.webhooks.rotate_secret(made.id)
    raw.sandbox.clock.advance(minutes=5)
    await settle()
    first, second = receiver.posts
    for post, secret in ((first, made.webhook_secret), (second, rotated.webhook_secret)):
        webhooks.verify(post.body, post.header("X-Nylas-Signature"), secret=secret or "")


async def test_three_attempts(
    raw: Raw, subscribe: Subscribe, receiver: Receiver, settle: Settle
) -> None:
    """What fails is sent again after 5 and after 15 minutes, with the same id, and given up."""
    made = await subscribe()
    receiver.answer(FAILED, Answer(drop=True), Answer(status=302, headers={"Location": "/"}))
    await raw.book()
    sandbox = raw.sandbox
    for wait, state in ((5, "waiting"), (10, "waiting"), (60, "given up")):
        await settle()
        assert sandbox.deliveries()[0]["state"] == state
        sandbox.clock.advance(minutes=wait, seconds=-1)
        await settle()
        sandbox.clock.advance(seconds=1)
    await settle()
    (delivery,) = sandbox.deliveries()
    start = delivery["document"]["time"]
    assert [(one["number"], one["answer"]) for one in delivery["attempts"]] == [
        (1, "500"),
        (2, "the connection was closed"),
        (3, "302"),
    ]
    assert [one["at"] - start for one in delivery["attempts"]] == [0, 300, 900]
    notifications = receiver.read(made.webhook_secret or "")
    assert [one.attempt for one in notifications] == [1, 2, 3]
    assert {one.id for one in notifications} == {delivery["notification_id"]}


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_any_success_is_one(
    raw: Raw, subscribe: Subscribe, receiver: Receiver, settle: Settle, status: int
) -> None:
    """Every status from 200 to 299 says that the notification has arrived."""
    await subscribe()
    receiver.answer(Answer(status=status))
    await raw.book()
    await settle()
    assert raw.sandbox.deliveries()[0]["attempts"][0]["status"] == status
    assert raw.sandbox.deliveries()[0]["state"] == "delivered"


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [(429, "30", 30), (429, "9999", 600), (429, "soon", 300), (429, "٣٠", 300), (503, "30", 300)],
)
async def test_a_receiver_that_is_busy(
    raw: Raw,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
    status: int,
    asked: str,
    seconds: int,
) -> None:
    """With 429 a receiver may say when to come again, but not much later."""
    await subscribe()
    receiver.answer(Answer(status=status, headers={"Retry-After": asked}))
    await raw.book()
    await settle()
    (delivery,) = raw.sandbox.deliveries()
    assert delivery["due"] - delivery["document"]["time"] == seconds


SIX, FOUR = "six statuses", "four statuses"


@pytest.mark.parametrize(
    ("retries", "answer", "state"),
    [
        ("every failure", Answer(status=500), "waiting"),
        (SIX, Answer(status=500), "given up"),
        (SIX, Answer(status=404), "given up"),
        (SIX, Answer(status=507), "waiting"),
        (SIX, Answer(status=408), "waiting"),
        (FOUR, Answer(status=504), "given up"),
        (FOUR, Answer(status=503), "waiting"),
        (FOUR, Answer(drop=True), "waiting"),
    ],
    ids=lambda one: str(one.status) if isinstance(one, Answer) else one,
)
async def test_not_every_failure_is_tried_again(
    raw: Raw,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
    retries: Any,
    answer: Answer,
    state: str,
) -> None:
    """After which statuses a notification is sent again is a switch; without an answer it is."""
    await subscribe()
    raw.sandbox.behaviour = evolve(raw.sandbox.behaviour, webhook_retries=retries)
    receiver.answer(answer)
    await raw.book()
    await settle()
    (delivery,) = raw.sandbox.deliveries()
    assert (delivery["state"], delivery["attempt"]) == (state, 1)


async def test_a_receiver_that_is_slow(
    raw: Raw,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who takes too long has not got it; a body that never ends is not waited for."""
    monkeypatch.setattr(exchange, "SECONDS", 0.2)
    await subscribe()
    receiver.answer(Answer(delay=60.0), Answer(body=b"x" * 100, stall=60.0))
    await raw.book()
    await settle()
    assert raw.sandbox.deliveries()[0]["attempts"][0]["answer"] == "no answer within 0.2 seconds"
    raw.sandbox.clock.advance(minutes=5)
    await settle()
    assert raw.sandbox.deliveries()[0]["state"] == "delivered"


async def test_each_subscription_on_its_own(
    raw: Raw, subscribe: Subscribe, receiver: Receiver, settle: Settle
) -> None:
    """All who want it are told with the same id, and only who missed it is told again."""
    await subscribe(webhook_url=f"{receiver.url}?one")
    await subscribe(webhook_url=f"{receiver.url}?two")
    await subscribe(webhook_url=f"{receiver.url}?three", trigger_types=["booking.cancelled"])
    receiver.answer(FAILED)
    await raw.book()
    await settle()
    raw.sandbox.clock.advance(minutes=5)
    await settle()
    told = [post.target.split("?")[1] for post in receiver.posts]
    assert (len(told), set(told)) == (3, {"one", "two"})
    assert len({one["notification_id"] for one in raw.sandbox.deliveries()}) == 1


async def test_a_booking_is_told_in_order(
    visitor: AsyncClient, subscribe: Subscribe, receiver: Receiver, settle: Settle
) -> None:
    """What happened to a booking is told in that order, as long as nothing fails."""
    made = await subscribe()
    receiver.answer(*[Answer(body=b"", delay=0.02) for _ in range(3)])
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    await visitor.bookings.reschedule(booked.booking_id, **slot(1))
    await visitor.bookings.cancel(booked.booking_id)
    await settle()
    types = [one.type for one in receiver.read(made.webhook_secret or "")]
    assert types == ["booking.created", "booking.rescheduled", "booking.cancelled"]


async def test_what_is_later_waits_for_what_was_earlier(
    visitor: AsyncClient, subscribe: Subscribe, receiver: Receiver, sandbox: Sandbox
) -> None:
    """While one notification on a booking is on its way, the next ones on it are not."""
    await subscribe()
    receiver.answer(Answer(delay=600.0))
    booked = await visitor.bookings.create(**slot(), guest=JANE)
    await visitor.bookings.cancel(booked.booking_id)
    await visitor.bookings.create(**slot(1), guest=JANE)
    await soon(lambda: sandbox.deliveries()[2]["state"] == "delivered")
    with pytest.raises(TimeoutError, match=r"booking\.cancelled"):
        await asyncio.to_thread(sandbox.settle, 0.01)
    states = [delivery["state"] for delivery in sandbox.deliveries()]
    assert states == ["sending", "waiting", "delivered"]
