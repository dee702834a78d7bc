"""Receives webhooks in Django."""

from __future__ import annotations

from collections.abc import Callable

# Django has no types of its own.
from django.http import HttpRequest, HttpResponse  # type: ignore[import-untyped]
from django.views.decorators.csrf import csrf_exempt  # type: ignore[import-untyped]

from ..errors import WebhookRejected
from .deliveries import SIZE_LIMIT
from .receiving import Handle, Secret, Seen, act, challenged, conceal, read, refused


def receiver(
    handle: Handle, *, secret: Secret, seen: Seen | None = None, limit: int = SIZE_LIMIT
) -> Callable[[HttpRequest], HttpResponse]:
    """A view for GET and POST that calls `handle` with each genuine notification.

        urlpatterns = [path("nylas", receiver(handle, secret=SECRET))]

    When `handle` raises, the API is told to deliver again.

    Args:
        handle: A function that takes the notification. It cannot be a coroutine function.
        secret: The `webhook_secret` of the subscription, or a function that returns it.
        seen: Whether the notification with this id was handled before; it is not handled again.
        limit: How many bytes there may be, before and after decompression.
    """
    secret = conceal(secret)

    def view(request: HttpRequest) -> HttpResponse:
        asked = challenged(request.method, request.GET)
        if asked is not None:
            return HttpResponse(asked, content_type="text/plain")
        try:
            notification = read(request.read(limit + 1), request.headers, secret, limit)
        except WebhookRejected as error:
            return HttpResponse(refused(error), status=error.status, content_type="text/plain")
        act(notification, handle, seen)
        return HttpResponse()

    exempt: Callable[[HttpRequest], HttpResponse] = csrf_exempt(view)
    return exempt
