"""A delivery to a webhook: whether it is genuine, what it says, and how to make one for a test."""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Mapping
from typing import Any, Final, cast

from .. import models
from .._frames import hides_arguments
from .._wire.converter import from_json, problems, structurer
from ..errors import WebhookRejected
from ..models.notifications import AnyNotification

SIGNATURE_HEADER: Final = "X-Nylas-Signature"
"""The header with the signature of the bytes as they were sent, compressed or not."""

SIZE_LIMIT: Final = 4 * 1024 * 1024
"""How large a notification may be, compressed or not, unless told otherwise."""

_CLASSES: Final = {
    "booking.created": "BookingCreated",
    "booking.pending": "BookingPending",
    "booking.rescheduled": "BookingRescheduled",
    "booking.cancelled": "BookingCancelled",
    "booking.reminder": "BookingReminder",
}


def challenge(query: Mapping[str, str]) -> str | None:
    """The body to answer with when the API asks whether the address is yours, else `None`.

    Answer with status 200, as plain text, within 10 seconds.
    """
    return query.get("challenge")


@hides_arguments
def receive(
    body: bytes,
    headers: Mapping[str, str],
    *,
    secret: str,
    limit: int = SIZE_LIMIT,
) -> AnyNotification:
    """Verify a delivery and read it.

    Args:
        body: The bytes exactly as they came, still compressed if they were.
        headers: The headers of the request, names in any case.
        secret: The `webhook_secret` of the subscription.
        limit: How many bytes there may be, before and after decompression.
    """
    if len(body) > limit:
        raise _too_large(limit)
    verify(body, _header(headers, SIGNATURE_HEADER), secret=secret)
    return parse(body, limit=limit)


@hides_arguments
def verify(body: bytes, signature: str | None, *, secret: str) -> None:
    """Refuse a delivery whose signature is not that of these bytes with this secret.

    Args:
        body: The bytes exactly as they came, still compressed if they were.
        signature: The value of the header `X-Nylas-Signature`, if there is one.
        secret: The `webhook_secret` of the subscription.
    """
    if not isinstance(body, bytes):
        raise WebhookRejected("the body must be the raw bytes, before any decoding")
    if not isinstance(secret, str) or not secret:
        raise WebhookRejected("there is no webhook secret to verify with: it must be a str")
    if not isinstance(signature, str | None):
        raise WebhookRejected("the signature must be a str, as the header has it")
    told = (signature or "").strip().lower().removeprefix("sha256=")
    # A header can hold lone surrogates: servers decode stray bytes that way.
    if not hmac.compare_digest(told.encode(errors="replace"), sign(body, secret=secret).encode()):
        raise WebhookRejected("the signature is missing or does not fit the body", status=401)


@hides_arguments
def sign(body: bytes, *, secret: str) -> str:
    """The signature that the API would send for these bytes, for tests of a receiver."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def parse(body: bytes, *, limit: int = SIZE_LIMIT) -> AnyNotification:
    """Read a delivery that has been verified.

    Args:
        body: The bytes as they came; gzip is recognized by its first bytes.
        limit: How many bytes there may be, after decompression.
    """
    value = _json(_plain(body, limit))
    data = _object(value, "data")
    said = _object(data, "object")
    envelope = {
        "id": value.get("id"),
        "type": value.get("type"),
        "time": value.get("time"),
        "attempt": value.get("webhook_delivery_attempt"),
        "application_id": data.get("application_id"),
        # Some families of notifications have it one level deeper.
        "grant_id": data.get("grant_id") or said.get("grant_id"),
    }
    name = _CLASSES.get(str(value.get("type")))
    if name is None:
        return cast(AnyNotification, _read("OtherNotification", {**envelope, "data": value}))
    return cast(AnyNotification, _read(name, {**said, **envelope}))


def _plain(body: bytes, limit: int) -> bytes:
    # Some frameworks unpack the body and keep the header, some the other way round.
    if body[:2] == b"\x1f\x8b":
        body = _unzipped(body, limit)
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _too_large(limit: int) -> WebhookRejected:
    return WebhookRejected(f"the notification is larger than {limit} bytes", status=413)


def _unzipped(body: bytes, limit: int) -> bytes:
    """At most one byte more than the limit, however well the rest is packed."""
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(body, limit + 1)
    except zlib.error:
        raise WebhookRejected("the notification is not gzip, although it says so") from None
    if len(plain) <= limit and not unzip.eof:
        raise WebhookRejected("the notification stops in the middle")
    return plain


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = from_json(body)
    except ValueError:
        raise WebhookRejected("the notification is not JSON") from None
    if not isinstance(value, dict):
        raise WebhookRejected("the notification is not a JSON object")
    return value


def _object(value: dict[str, Any], name: str) -> dict[str, Any]:
    """The object within another, or an empty one."""
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _read(name: str, value: dict[str, Any]) -> object:
    cls = getattr(models, name)
    said = {key: item for key, item in value.items() if item is not None}
    try:
        return structurer(cls, explains=True)(said, cls)
    except Exception as error:  # noqa: BLE001 - cattrs raises many kinds for a wrong value
        raise WebhookRejected(problems(error, "notification")) from None


def _header(headers: Mapping[str, str], name: str) -> str | None:
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), None)
