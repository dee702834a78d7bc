"""Request and Response, the two plain values between Python arguments and the network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from attrs import define, field, frozen

from .._expiry import Expiry
from .._version import VERSION
from ..errors import InvalidRequest


def _seconds(instance: object, attribute: object, value: float | None) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (number and 0 < value < float("inf")):
        raise InvalidRequest("a timeout is a number of seconds above 0, or None for no limit")


@frozen
class Timeout:
    """How long one attempt may take, in seconds; `None` means no limit.

    The API itself gives up on a request after 90 seconds. Waiting a little longer than that means
    that a slow call ends with the API's own word instead of an unknown outcome.

    Args:
        connect: For one connection to be made, TLS included.
        total: For the whole of it, from asking for a connection to the last byte of the answer.
    """

    connect: float | None = field(default=10.0, validator=_seconds)
    total: float | None = field(default=100.0, validator=_seconds)

    def __str__(self) -> str:
        return "in time" if self.total is None else f"within {self.total:g} s"

    def within(self, seconds: float) -> Timeout:
        """The same, but over when that many seconds have passed."""
        if self.total is not None and self.total <= seconds:
            return self
        return Timeout(connect=self.connect, total=max(seconds, 0.001))


STANDARD_HEADERS: Final[Mapping[str, str]] = {
    "Accept": "application/json",
    "User-Agent": f"nylas-bookings/{VERSION}",
}
"""The headers of every request."""

JSON_HEADERS: Final[Mapping[str, str]] = {
    **STANDARD_HEADERS,
    "Content-Type": "application/json",
}
"""The headers of every request that has a body."""


@define
class Request:
    """One HTTP request, complete: whoever sends it has nothing to add.

    Attributes:
        url: Absolute, and encoded as it shall appear on the wire.
        headers: They hold the credential, so values of that kind hide in the repr.
        body: JSON, or nothing.
        timeout: How long the sender may take.
        expires: When the permission to send it ends, if it does. After that no byte is written.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = field(default=None, repr=False)
    timeout: Timeout = Timeout()
    expires: Expiry | None = None


@define
class Response:
    """One HTTP answer, decompressed.

    Attributes:
        headers: Names in any case.
        body: All of it, unless `cut` says why not.
        cut: Why the body is not complete, when it is not.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    cut: str | None = None

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        value = self.headers.get(name)
        if value is None:
            wanted = name.lower()
            value = next((v for k, v in self.headers.items() if k.lower() == wanted), None)
        return None if value is None else decode_header(value)


def decode_header(value: str) -> str:
    """Return the value of a header as a text that can be written anywhere.

    Bytes that are not UTF-8 come as lone surrogates, which neither JSON nor a database takes.
    """
    return value if value.isascii() else value.encode(errors="replace").decode()


Send: TypeAlias = Callable[[Request], Awaitable[Response]]
"""What carries a request to an API and brings the answer: aiohttp, the sandbox, or a function."""
