"""Receives webhooks in Flask."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from ..errors import WebhookRejected
from .deliveries import SIZE_LIMIT
from .receiving import Handle, Secret, Seen, act, challenged, conceal, read, refused


def receiver(
    handle: Handle, *, secret: Secret, seen: Seen | None = None, limit: int = SIZE_LIMIT
) -> Callable[[], Response]:
    """A view for GET and POST that calls `handle` with each genuine notification.

        hook = receiver(handle, secret=SECRET)
        app.add_url_rule("/nylas", view_func=hook, methods=["GET", "POST"])

    When `handle` raises, the API is told to deliver again.

    Args:
        handle: A function that takes the notification. It cannot be a coroutine function.
        secret: The `webhook_secret` of the subscription, or a function that returns it.
        seen: Whether the notification with this id was handled before; it is not handled again.
        limit: How many bytes there may be, before and after decompression.
    """
    secret = conceal(secret)

    def view() -> Response:
        asked = challenged(request.method, request.args)
        if asked is not None:
            return Response(asked, mimetype="text/plain")
        try:
            body = request.stream.read(limit + 1)
            notification = read(body, dict(request.headers), secret, limit)
        except WebhookRejected as error:
            return Response(refused(error), error.status, mimetype="text/plain")
        act(notification, handle, seen)
        return Response()

    return view
