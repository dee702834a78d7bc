"""Receives webhooks in FastAPI and Starlette."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

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


def receiver(
    handle: Handle, *, secret: Secret, seen: AsyncSeen | None = None, limit: int = SIZE_LIMIT
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for GET and POST that calls `handle` with each genuine notification.

        app.add_route("/nylas", receiver(handle, secret=SECRET), methods=["GET", "POST"])

    When `handle` raises, the API is told to deliver again.

    Args:
        handle: A function that takes the notification; awaited if it is a coroutine function.
        secret: The `webhook_secret` of the subscription, or a function that returns it.
        seen: Whether the notification with this id was handled before; it is not handled again.
        limit: How many bytes there may be, before and after decompression.
    """
    secret = conceal(secret)

    async def endpoint(request: Request) -> Response:
        asked = challenged(request.method, request.query_params)
        if asked is not None:
            return PlainTextResponse(asked)
        try:
            body = await beginning(request.stream(), limit)
            notification = read(body, request.headers, secret, limit)
        except WebhookRejected as error:
            return PlainTextResponse(refused(error), error.status)
        await act_async(notification, handle, seen)
        return Response()

    return endpoint
