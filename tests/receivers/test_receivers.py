"""Every receiver, in its framework: what is genuine gets through once, and nothing else does."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp.web
import pytest

from nylas_bookings import models, webhooks
from nylas_bookings.webhooks import aiohttp as on_aiohttp

from ..notifications import raw
from .frameworks import (
    FRAMEWORKS,
    PATH,
    Receiver,
    aiohttp_receiver,
    as_it_is,
    asked_over_a_socket,
    awaited,
    django_receiver,
    fastapi_receiver,
    flask_receiver,
)

SECRET = "a webhook secret"
BODY = raw("booking.created")
PACKED = gzip.compress(BODY, mtime=0)

on_each = pytest.mark.parametrize(
    "framework", FRAMEWORKS, ids=lambda made: made.__name__.removesuffix("_receiver")
)
Framework = Callable[..., Receiver]


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers of a genuine delivery."""
    packed = {"Content-Encoding": "gzip"} if body[:2] == b"\x1f\x8b" else {}
    return {webhooks.SIGNATURE_HEADER: webhooks.sign(body, secret=secret), **packed}


@on_each
@pytest.mark.parametrize("body", [BODY, PACKED], ids=["plain", "gzip"])
def test_a_genuine_delivery(framework: Framework, body: bytes) -> None:
    """A genuine delivery, compressed or not, is handed on as a typed notification, and accepted."""
    got: list[Any] = []
    answer = framework(got.append, secret=SECRET)("POST", PATH, body, signed(body))
    assert (answer.status, answer.body) == (200, "")
    assert got == [webhooks.parse(BODY)]
    assert type(got[0]) is models.BookingCreated


@on_each
@pytest.mark.parametrize("value", ["bc609b38", "<script>x</script>", "a b+c/é%"])
def test_the_challenge(framework: Framework, value: str) -> None:
    """The challenge is answered with its own value, as text that no browser runs."""
    url = f"{PATH}?challenge={quote(value)}"
    answer = framework(pytest.fail, secret="")("GET", url, b"", {})
    assert (answer.status, answer.body) == (200, value)
    assert answer.kind.startswith("text/plain")


@on_each
def test_a_post_is_never_a_challenge(framework: Framework) -> None:
    """A delivery to an address with `challenge` in it is a delivery."""
    got: list[Any] = []
    receive = framework(got.append, secret=SECRET)
    assert receive("POST", f"{PATH}?challenge=x", BODY, signed(BODY)).body == ""
    assert len(got) == 1


@on_each
@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (BODY, {}, 401),
        (BODY, signed(BODY, "another"), 401),
        (BODY + b" ", signed(BODY), 401),
        (PACKED, signed(BODY) | {"Content-Encoding": "gzip"}, 401),
        (b"[]", signed(b"[]"), 400),
        (PACKED[:-1], signed(PACKED[:-1]), 400),
    ],
    ids=["unsigned", "another secret", "changed", "signed unpacked", "no object", "cut"],
)
def test_what_is_refused(
    framework: Framework, body: bytes, headers: dict[str, str], status: int, caplog: Any
) -> None:
    """What is not genuine, or cannot be read, is refused and logged, and nobody acts on it."""
    with caplog.at_level(logging.WARNING, "nylas_bookings"):
        answer = framework(pytest.fail, secret=SECRET)("POST", PATH, body, headers)
    assert answer.status == status
    assert f"refused: {answer.body}" in caplog.text
    assert SECRET not in caplog.text + answer.body


@on_each
@pytest.mark.parametrize("body", [BODY, PACKED], ids=["plain", "gzip"])
def test_a_limit(framework: Framework, body: bytes) -> None:
    """What is larger than the limit, packed or not, is refused as that, and the rest is not."""
    over = framework(pytest.fail, secret=SECRET, limit=len(BODY) - 1)
    assert over("POST", PATH, body, signed(body)).status == 413
    within = framework(lambda _: None, secret=SECRET, limit=len(BODY))
    assert within("POST", PATH, body, signed(body)).status == 200


@on_each
def test_a_large_delivery(framework: Framework) -> None:
    """No more than the limit is read, and up to 4 MiB are, whatever the framework's own limit."""
    large = BODY + b" " * (4 * 1024 * 1024 - len(BODY))
    receive = framework(lambda _: None, secret=SECRET)
    assert receive("POST", PATH, large, signed(large)).status == 200
    larger = large + b" "
    assert receive("POST", PATH, larger, signed(larger)).status == 413


@on_each
def test_a_repeated_delivery(framework: Framework) -> None:
    """A notification whose id was seen before is accepted, and not acted on again."""
    handled: list[str] = []
    receive = framework(
        lambda told: handled.append(told.id), secret=SECRET, seen=handled.__contains__
    )
    assert [receive("POST", PATH, BODY, signed(BODY)).status for _ in range(2)] == [200, 200]
    other = raw("booking.created", id="ntf-2")
    receive("POST", PATH, other, signed(other))
    assert handled == ["ntf-1", "ntf-2"]


@on_each
def test_a_handler_that_fails(framework: Framework, caplog: Any) -> None:
    """When the handler fails the API is told so, delivers again, and the handler has another go."""
    caplog.set_level(logging.CRITICAL)
    handled: list[str] = []

    def handle(told: Any) -> None:
        if told.attempt == 1:
            raise RuntimeError("the database is away")
        handled.append(told.id)

    receive = framework(handle, secret=SECRET, seen=handled.__contains__)
    assert receive("POST", PATH, BODY, signed(BODY)).status == 500
    again = raw("booking.created", webhook_delivery_attempt=2)
    assert receive("POST", PATH, again, signed(again)).status == 200
    assert handled == ["ntf-1"]


@on_each
def test_a_secret_that_comes_later(framework: Framework) -> None:
    """A secret may be a function: it is asked for at each delivery, so it may change."""
    secrets = iter(["old", "new"])
    receive = framework(lambda _: None, secret=lambda: next(secrets))
    for secret in ("old", "new"):
        assert receive("POST", PATH, BODY, signed(BODY, secret)).status == 200


def test_an_awaited_memory() -> None:
    """Where the framework awaits, what was seen may be asked of a database that is awaited."""

    async def seen(notification_id: str) -> bool:
        return notification_id == "ntf-1"

    for framework in FRAMEWORKS[:2]:
        receive = framework(pytest.fail, secret=SECRET, seen=seen)
        assert receive("POST", PATH, BODY, signed(BODY)).status == 200


@pytest.mark.parametrize("framework", [flask_receiver, django_receiver])
@pytest.mark.parametrize("name", ["handle", "seen"])
def test_nothing_is_lost_unawaited(framework: Framework, name: str, caplog: Any) -> None:
    """Where nobody awaits, an async function is an error that is told, and not an accepted loss."""
    got: list[Any] = []
    functions: dict[str, Any] = {"handle": got.append, name: awaited(lambda _: False)}
    receive = framework(functions.pop("handle"), secret=SECRET, **functions)
    assert receive("POST", PATH, BODY, signed(BODY)).status == 500
    assert "cannot await" in caplog.text
    assert not got


@pytest.mark.parametrize("framework", [fastapi_receiver, aiohttp_receiver])
def test_a_plain_function_where_others_are_awaited(framework: Framework) -> None:
    """Where functions are awaited, one that is not async does as well."""
    got: list[Any] = []
    receive = framework(got.append, wrap=as_it_is, secret=SECRET)
    assert receive("POST", PATH, BODY, signed(BODY)).status == 200
    assert got == [webhooks.parse(BODY)]


def test_aiohttp_that_unpacks(caplog: Any) -> None:
    """An aiohttp application that unpacks bodies is told what to change, and is fine otherwise."""

    def app() -> aiohttp.web.Application:
        made = aiohttp.web.Application()
        hook = on_aiohttp.receiver(awaited(lambda _: None), secret=SECRET)
        made.router.add_route("*", PATH, hook)
        return made

    receive = asked_over_a_socket(app)
    answer = receive("POST", PATH, PACKED, signed(PACKED))
    assert answer.status == 415
    assert "handler_args=AS_SENT" in caplog.text
    assert receive("POST", PATH, BODY, signed(BODY)).status == 200
