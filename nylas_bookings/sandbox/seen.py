"""What came in: each request as it was, told without the credentials in it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson
from attrs import frozen

from .._wire.messages import Request
from .given import is_too_deep

LIMIT: Final = 4096
"""How much of a query and of a body is kept, in characters and in bytes."""

_LONGEST_URL: Final = 2 * LIMIT
_REDACTED: Final = "[redacted]"
_SECRET: Final = re.compile(
    r"session_id|session|salt|(\w+_)?(secret|token|password|key)|authorization", re.IGNORECASE
)
_HARMLESS: Final = frozenset({"page_token"})
_SESSION_IN_PATH: Final = re.compile(r"(/sessions/)[^/]+")
_KEY: Final = re.compile(r"nyk_[\w.-]+|(?i:bearer\s+)[\w.~+/=-]+")
_SECRET_IN_TEXT: Final = re.compile(
    rf"""(\b(?:{_SECRET.pattern})["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s&,"'}}]+)""",
    re.IGNORECASE,
)


@frozen(kw_only=True)
class Seen:
    """A request that came in, and what it was answered with.

    Credentials in it are replaced by `[redacted]`.

    Attributes:
        at: When, by the sandbox's clock.
        operation: What it asks for, such as `bookings.create`; nothing that is known if None.
        query: The parameters in the address.
        body: The JSON that came along; a text, where it is no JSON,
            is nested too deep, or was cut; None without one.
        cut: Whether there was more of the query or of the body than is kept.
        status: What it was answered with; None if the connection was dropped before.
    """

    at: int
    method: str
    path: str
    query: dict[str, str]
    body: Any
    cut: bool
    operation: str | None
    status: int | None
    request_id: str


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Kept:
    """A request as it is kept: nothing is decoded until somebody looks."""

    at: int
    method: str
    url: str
    body: bytes
    operation: str | None
    status: int | None
    request_id: str

    @cached_property
    def seen(self) -> Seen:
        """The request for those who look."""
        parts = urlsplit(self.url)
        query, body = parts.query[:LIMIT], self.body[:LIMIT]
        is_whole = body == self.body
        is_cut = not is_whole or query != parts.query or len(self.url) > _LONGEST_URL
        return Seen(
            at=self.at,
            method=self.method,
            path=_SESSION_IN_PATH.sub(rf"\1{_REDACTED}", _plain(parts.path)),
            query=_without_secrets(dict(parse_qsl(query, keep_blank_values=True))),
            body=_read(body, is_whole=is_whole),
            cut=is_cut,
            operation=self.operation,
            status=self.status,
            request_id=self.request_id,
        )


def kept(
    request: Request, *, at: int, operation: str | None, status: int | None, request_id: str
) -> Kept:
    """What is kept of a request: not its headers, and hardly more than is shown."""
    return Kept(
        at=at,
        method=request.method,
        url=request.url[: _LONGEST_URL + 1],
        body=(request.body or b"")[: LIMIT + 1],
        operation=operation,
        status=status,
        request_id=request_id,
    )


def _read(body: bytes, *, is_whole: bool) -> Any:
    if not body:
        return None
    if is_whole:
        try:
            value = orjson.loads(body)
        except ValueError:
            pass  # a text, then
        else:
            if not is_too_deep(body, value):
                return _without_secrets(value)
    text = body.decode(errors="replace")
    return _plain(_SECRET_IN_TEXT.sub(rf'\1"{_REDACTED}"', text))


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            _plain(name): _REDACTED if _is_secret(name, inner) else _without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return _plain(value) if isinstance(value, str) else value


def _is_secret(name: str, value: Any) -> bool:
    return value is not None and name not in _HARMLESS and bool(_SECRET.fullmatch(name))


def _plain(text: str) -> str:
    """A text without the keys of an application in it, wherever they may have got to."""
    return _KEY.sub(_REDACTED, text)
