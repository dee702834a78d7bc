"""The handshake: an address proves that it wants the notifications, before it gets any."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from attrs import evolve

from nylas_bookings import ApiKey, AsyncClient, Client, errors, webhooks
from nylas_bookings.sandbox import Fault, Sandbox
from nylas_bookings.sandbox.post import exchange

from ...waiting import soon
from ...wire_server import Answer
from ..calls import ONCE, Raw, dump
from .conftest import Subscribe
from .receiver import Receiver


async def test_an_address_is_asked(subscribe: Subscribe, receiver: Receiver) -> None:
    """The address is asked with a value that nobody can guess, next to a query of its own."""
    await subscribe(webhook_url=f"{receiver.url}?tenant=7")
    await subscribe()
    first, second = receiver.asked
    assert first.startswith("/hook?tenant=7&challenge=")
    assert second.startswith("/hook?challenge=")
    assert first.split("=")[-1] != second.split("=")[-1]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=404), "status is not ok, got 404"),
        (Answer(status=204), "status is not ok, got 204"),
        (Answer(status=302, headers={"Location": "/hook"}), "status is not ok, got 302"),
        (Answer(body=b"something else"), "the body is not the challenge"),
        (Answer(body=b""), "the body is not the challenge"),
        (Answer(body=b"x" * 10_000_000), "the body is not the challenge"),
        (Answer(drop=True), "the connection was closed"),
        (Answer(delay=60.0), "no answer within 0.2 seconds"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_wrong_answer(
    raw: Raw,
    sandbox: Sandbox,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    why: str,
) -> None:
    """Who does not answer with status 200 and the very value gets no subscription."""
    if answer.delay:
        monkeypatch.setattr(exchange, "SECONDS", 0.2)
    receiver.challenge = answer
    before = dump(sandbox)
    body = {"trigger_types": ["booking.created"], "webhook_url": receiver.url}
    refused = await raw("POST", "/v3/webhooks", body, key=sandbox.api_key)
    error = {"type": "70005", "message": f"unable.verify.webhook_url : {why}"}
    assert (refused.status, refused.told["error"]) == (400, error)
    assert dump(sandbox) == before


async def test_quotes_are_not_the_challenge(subscribe: Subscribe, receiver: Receiver) -> None:
    """The body is the value and nothing else: no quotes, no line end."""
    await subscribe()
    told = receiver.asked[0].split("=")[-1]
    receiver.challenge = Answer(body=f"{told}\n".encode())
    with pytest.raises(errors.BadRequest, match="not the challenge"):
        await subscribe()


async def test_nobody_there(raw: Raw, sandbox: Sandbox) -> None:
    """An address where nobody listens is refused; its credentials are not repeated."""
    body = {"trigger_types": ["booking.created"], "webhook_url": "http://me:s3cret@127.0.0.1:9/"}
    refused = await raw("POST", "/v3/webhooks", body, key=sandbox.api_key)
    assert refused.message == "unable.verify.webhook_url : no connection"


@pytest.mark.parametrize("key", [None, "nyk_v0_wrong"])
async def test_strangers_send_it_nowhere(raw: Raw, receiver: Receiver, key: str | None) -> None:
    """Without the key, or with a wrong body, no address is asked."""
    body = {"trigger_types": ["booking.created"], "webhook_url": receiver.url}
    assert (await raw("POST", "/v3/webhooks", body, key=key)).status == 401
    wrong = body | {"trigger_types": []}
    assert (await raw("POST", "/v3/webhooks", wrong, key=raw.sandbox.api_key)).status == 400
    assert receiver.asked == []


async def test_when_it_is_asked_again(
    admin: AsyncClient, subscribe: Subscribe, receiver: Receiver
) -> None:
    """A new address, and one that was paused, are asked again; other changes ask nobody."""
    made = await subscribe()
    await admin.webhooks.update(made.id, description="mine", webhook_url=receiver.url)
    await admin.webhooks.update(made.id, status="pause")
    assert len(receiver.asked) == 1
    await admin.webhooks.update(made.id, webhook_url=f"{receiver.url}/other")
    await admin.webhooks.update(made.id, status="active")
    assert len(receiver.asked) == 3
    receiver.challenge = Answer(status=500)
    with pytest.raises(errors.BadRequest, match="got 500"):
        await admin.webhooks.update(made.id, webhook_url=receiver.url)
    kept = await admin.webhooks.get(made.id)
    assert kept.webhook_url == f"{receiver.url}/other"


async def test_it_can_be_switched_off(
    sandbox: Sandbox, subscribe: Subscribe, receiver: Receiver
) -> None:
    """With the switch off nobody is asked."""
    sandbox.behaviour = evolve(sandbox.behaviour, challenge=False)
    await subscribe()
    assert receiver.asked == []


async def test_a_receiver_in_the_same_loop(admin: AsyncClient, sandbox: Sandbox) -> None:
    """The receiver may live in the event loop of the caller, and answer with this package."""
    got: list[Any] = []

    async def hook(request: web.Request) -> web.Response:
        if (answer := webhooks.challenge(request.query)) is not None:
            return web.Response(text=answer)
        got.append(webhooks.receive(await request.read(), request.headers, secret=secret))
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/hook", hook)
    runner = web.AppRunner(app, auto_decompress=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made = await admin.webhooks.create(
        trigger_types=["booking.created"], webhook_url=f"{site.name}/hook", compressed_delivery=True
    )
    secret = made.webhook_secret or ""
    await Raw(sandbox).book()
    await asyncio.to_thread(sandbox.settle)
    assert [notification.type for notification in got] == ["booking.created"]
    await runner.cleanup()


def test_a_blocking_caller(sandbox: Sandbox, receiver: Receiver) -> None:
    """A blocking client subscribes as well, with and without a socket."""
    wanted = {"trigger_types": ["booking.created"], "webhook_url": receiver.url}
    with Client(ApiKey(sandbox.api_key), send=sandbox.send, retry=ONCE) as client:
        assert client.webhooks.create(**wanted).status == "active"
    with sandbox, Client(ApiKey(sandbox.api_key), api_url=sandbox.url, retry=ONCE) as client:
        assert client.webhooks.create(**wanted).status == "active"
    assert len(receiver.asked) == 2


async def test_a_subscription_that_lands_late(
    sandbox: Sandbox, raw: Raw, receiver: Receiver
) -> None:
    """A subscription whose call was lost, and lands later, asks the address later too."""
    sandbox.faults.add("webhooks.create", Fault.drop_then_book(after=0.01))
    body = {"trigger_types": ["booking.created"], "webhook_url": receiver.url}
    with pytest.raises(errors.NoAnswer):
        await raw("POST", "/v3/webhooks", body, key=sandbox.api_key)
    await soon(lambda: len(receiver.asked) == 1)
    await soon(lambda: len(dump(sandbox)["webhooks"]) == 1)


async def test_ids_stay_the_same(subscribe: Subscribe, sandbox: Sandbox) -> None:
    """The question changes neither the ids that a seed gives nor what the rate counts."""
    sandbox.behaviour = evolve(sandbox.behaviour, rate_limit=1.0)
    with_question = await subscribe()
    sandbox.reset()
    sandbox.behaviour = evolve(sandbox.behaviour, challenge=False)
    without = await subscribe()
    assert (with_question.id, with_question.webhook_secret, with_question.request_id) == (
        without.id,
        without.webhook_secret,
        without.request_id,
    )
