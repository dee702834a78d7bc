"""Receives webhooks in `aiohttp.web`, which has to be told to leave compressed bodies alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from aiohttp import web

from ..errors import WebhookRejected
from .deliveries import SIZE_LIMIT
from .receiving import (
    AsyncSeen,
    Handle,
    Secret,
    act_async,
    beginning,
    challenged,
    conceal,
    read,
    refused,
)

AS_SENT: Final[Mapping[str, Any]] = MappingProxyType({"auto_decompress": False})
"""For `web.Application(handler_args=AS_SENT)`: all its handlers get bodies as they were sent.

Without it, aiohttp unpacks a compressed delivery before anybody can verify its signature."""


def receiver(
    handle: Handle, *, secret: Secret, seen: AsyncSeen | None = None, limit: int = SIZE_LIMIT
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler for GET and POST that calls `handle` with each genuine notification.

        app = web.Application(handler_args=AS_SENT)
        app.router.add_route("*", "/nylas", receiver(handle, secret=SECRET))

    When `handle` raises, the API is told to deliver again.

    Args:
        handle: A function that takes the notification; awaited if it is a coroutine function.
        secret: The `webhook_secret` of the subscription, or a function that returns it.
        seen: Whether the notification with this id was handled before; it is not handled again.
        limit: How many bytes there may be, before and after decompression.
    """
    secret = conceal(secret)

    async def endpoint(request: web.Request) -> web.Response:
        asked = challenged(request.method, request.query)
        if asked is not None:
            return web.Response(text=asked)
        try:
            body = await beginning(request.content.iter_any(), limit)
            _refuse_unpacked(request.headers, body)
            notification = read(body, request.headers, secret, limit)
        except WebhookRejected as error:
            return web.Response(text=refused(error), status=error.status)
        await act_async(notification, handle, seen)
        return web.Response()

    return endpoint


def _refuse_unpacked(headers: Mapping[str, str], body: bytes) -> None:
    if headers.get("Content-Encoding") == "gzip" and not body.startswith(b"\x1f\x8b"):
        raise WebhookRejected(
            "the body is not packed, although its header says so. Was it unpacked here? "
            "Then use web.Application(handler_args=AS_SENT)",
            status=415,
        )
