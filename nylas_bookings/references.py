"""Booking references: what the links in the e-mails carry, taken apart and put together.

A reference is base64 of the configuration's id (16 bytes), the booking's id (16 bytes) and a salt
(the rest, if any). With the salt, an organizer may confirm or decline; without it, a guest may
still reschedule or cancel.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import uuid
from typing import TYPE_CHECKING
from urllib.parse import unquote

from attrs import field, frozen

from ._frames import hides_arguments, hides_fields
from .errors import InvalidRequest
from .models._secret import hidden_or_none, is_text_or_none, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 1024


@hides_fields
@frozen(kw_only=True)
class BookingReference:
    """A reference, taken apart.

    Attributes:
        configuration_id: Of which configuration the booking is.
        booking_id: Which booking.
        salt: What `bookings.confirm` and `bookings.decline` need; `None` when there is none.
    """

    configuration_id: str
    booking_id: str
    salt: str | None = field(default=None, converter=hidden_or_none, validator=is_text_or_none)


@hides_arguments
def decode(reference: str) -> BookingReference:
    """Take a reference apart, in whatever state a link, a mail client or a form has left it.

    Both base64 alphabets are read, with padding or without, percent-encoded or not, in one line or
    several, and with spaces where a `+` was.
    """
    if not isinstance(reference, str):
        raise InvalidRequest(f"a booking reference is a str, not {type(reference).__name__}")
    return _reference(_unquoted(plain(reference)))


def _reference(text: str) -> BookingReference:
    raw = _bytes(text)
    return BookingReference(
        configuration_id=str(uuid.UUID(bytes=raw[:16])),
        booking_id=str(uuid.UUID(bytes=raw[16:32])),
        salt=_unpadded(raw[32:]) or None,
    )


@hides_arguments
def encode(*, configuration_id: str, booking_id: str, salt: str | None = None) -> str:
    """Put a reference together, in the alphabet that needs no encoding in a URL."""
    ids = _uuid(configuration_id, "configuration_id") + _uuid(booking_id, "booking_id")
    return _unpadded(ids + (_base64(salt, "salt") if salt else b""))


def _unquoted(reference: str) -> str:
    """The reference without percent-encoding, of which a redirect may have added a second layer."""
    for _ in range(3):
        reference = unquote(reference)
    return re.sub(r"[\r\n\t]+", "", reference)


def _bytes(text: str) -> bytes:
    if len(text) > _LONGEST:
        raise InvalidRequest("that is too long for a booking reference")
    try:
        raw = _base64(text.replace(" ", "+"), "that")
    except InvalidRequest:
        raw = _base64(text.strip(), "that")
    if len(raw) < 32:
        raise InvalidRequest(
            f"that is not a booking reference: it has {len(raw)} bytes, and needs 32 at least"
        )
    return raw


def _base64(text: str, name: str) -> bytes:
    """The bytes of either alphabet, with its padding or without."""
    try:
        digits = plain(text).rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError, AttributeError, TypeError):
        raise InvalidRequest(f"{name} is not base64, so it is not from a reference") from None


def _uuid(value: str, name: str) -> bytes:
    text = str(plain(value))
    try:
        # As the API writes them; `uuid` knows more ways, and takes several times as long.
        raw = bytes.fromhex(text.replace("-", "")) if len(text) == 36 else b""
        return raw if len(raw) == 16 else uuid.UUID(text).bytes
    except ValueError:
        raise InvalidRequest(f"{name} is not a UUID, so it cannot be in a reference") from None


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


_LIKE_A_REFERENCE = re.compile(r"[A-Za-z0-9+/_%-]{42,}=*")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,}")
_MOST_SEGMENTS = 32


@hides_arguments
def found_in(text: str) -> list[BookingReference]:
    """The references in a text, such as the description of an event, each booking once.

    What only looks like a reference is among them too: hold the ids against what you know.
    """
    if not isinstance(text, str):
        raise InvalidRequest(f"references are found in a str, not in {type(text).__name__}")
    found: dict[str, BookingReference] = {}
    # Python refuses to read a number of thousands of digits.
    for candidate in _LIKE_A_REFERENCE.findall(html.unescape(_NO_CHARACTER.sub(" ", plain(text)))):
        for reference in _endings(candidate):
            found.setdefault(reference.booking_id, reference)
    return list(found.values())


def _endings(candidate: str) -> Iterator[BookingReference]:
    """The references that a part of a text ends with.

    In a link, the path before it looks like a part of it. One of the usual length has a slash or
    two; of a text of nothing but slashes not all endings are tried, which would take too long.
    """
    segments = candidate.rsplit("/", _MOST_SEGMENTS)
    # Each part is decoded once, not once for each ending; no escape goes across a slash.
    plain = [_unquoted(segment) for segment in segments]
    for first in range(len(plain)):
        try:
            yield _reference("/".join(plain[first:]))
        except InvalidRequest:
            continue
