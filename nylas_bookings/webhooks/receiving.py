"""What a receiver does in every framework: read up to a limit, refuse, and act only once."""

from __future__ import annotations

import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from .._frames import hides_arguments
from ..errors import WebhookRejected
from ..models._secret import hidden
from ..models.notifications import AnyNotification
from .deliveries import challenge, receive

_logger: Final = logging.getLogger("nylas_bookings")

Secret: TypeAlias = str | Callable[[], str]
"""The `webhook_secret`, or a function that returns it: it exists only after the first challenge."""

Handle: TypeAlias = Callable[[AnyNotification], object]
"""A function that acts on a notification; a receiver that can await also takes an async one."""

Seen: TypeAlias = Callable[[str], bool]
"""A function that says whether the notification with this id has been acted on before."""

AsyncSeen: TypeAlias = Callable[[str], bool | Awaitable[bool]]
"""The same question, awaited or not."""


def challenged(method: str, query: Mapping[str, str]) -> str | None:
    """What to answer with, if this request is the API's challenge."""
    return challenge(query) if method == "GET" else None


def conceal(secret: Secret) -> Secret:
    """Return a secret that does not show in the frames of a receiver, or the function for it."""
    return hidden(secret) if isinstance(secret, str) else secret


@hides_arguments
def read(body: bytes, headers: Mapping[str, str], secret: Secret, limit: int) -> AnyNotification:
    """The notification of a genuine delivery."""
    known = secret if isinstance(secret, str) else secret()
    return receive(body, headers, secret=known, limit=limit)


def refused(error: WebhookRejected) -> str:
    """The text to refuse a delivery with; the log gets it too, or nobody would ever know."""
    _logger.warning("a delivery to the webhook was refused: %s", error)
    return str(error)


async def beginning(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    """A body as far as it is of interest: whole, or more than the limit."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            break
    return bytes(body)


def act(notification: AnyNotification, handle: Handle, seen: Seen | None) -> None:
    """Act on the notification, unless somebody has done so before."""
    if seen is None or not _at_once(seen(notification.id)):
        _at_once(handle(notification))


def _at_once(told: object) -> object:
    """What a function told; a coroutine would be lost here, and with it the notification."""
    if inspect.iscoroutine(told):
        told.close()
    if inspect.isawaitable(told):
        raise TypeError("this receiver cannot await: give it functions that are not async")
    return told


async def act_async(notification: AnyNotification, handle: Handle, seen: AsyncSeen | None) -> None:
    """The same where coroutines can be awaited."""
    if seen is None or not await _in_time(seen(notification.id)):
        await _in_time(handle(notification))


async def _in_time(told: object) -> object:
    return await told if inspect.isawaitable(told) else told
