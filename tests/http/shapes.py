"""Responses of every shape: the bytes, what a call makes of them, and whether the connection stays.

Every shape echoes the key of its request, so a response that reaches another call shows.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable
from typing import Any

from attrs import frozen

from nylas_bookings.errors import (
    Conflict,
    NoAnswer,
    NotFound,
    Outcome,
    ServerError,
    UnexpectedAnswer,
    Unprocessable,
)

from .response_bytes import (
    CONTINUE,
    DEFLATE,
    GZIP,
    HINTS,
    PROCESSING,
    chunked,
    chunks,
    deflated,
    failure,
    head,
    success,
    whole,
)

PURE = "AIOHTTP_NO_EXTENSIONS"
"""With this in the environment, aiohttp parses with Python instead of C."""

LIMIT = 20_000
"""The `answer_limit` of the clients that read these."""


@frozen(kw_only=True)
class Shape:
    """One kind of response.

    Attributes:
        segments: The bytes for a key, as they are written one after the other.
        then: What the server does after them: nothing, `close` or `reset`.
        errors: The classes of error that a call may end in; none means that it succeeds.
        outcomes: The outcomes that such an error may have.
        keeps: Whether the next call uses the same connection; None where HTTP allows either.
    """

    segments: Callable[[str], list[bytes]]
    then: str = ""
    errors: tuple[type[Exception], ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    keeps: bool | None = True


def one(make: Callable[[str], bytes], **rest: Any) -> Shape:
    """A shape that is written at once."""
    return Shape(segments=lambda key: [make(key)], **rest)


def bytewise(data: bytes) -> list[bytes]:
    """Every byte by itself."""
    return [data[i : i + 1] for i in range(len(data))]


UNREADABLE: dict[str, Any] = {"errors": (UnexpectedAnswer,), "outcomes": (Outcome.DONE,)}
REDIRECT: dict[str, Any] = {"errors": (UnexpectedAnswer,), "outcomes": (Outcome.UNKNOWN,)}
CUT: dict[str, Any] = {**UNREADABLE, "keeps": False}
# The rest may have come along already, so that the connection is at the end of the response.
OVERSIZE: dict[str, Any] = {**UNREADABLE, "keeps": None}
LOST: dict[str, Any] = {"errors": (NoAnswer,), "outcomes": (Outcome.UNKNOWN,), "keeps": False}
# Where head and fault come in one segment, the parser may not report the head at all.
FAULTY: dict[str, Any] = {
    "errors": (NoAnswer, UnexpectedAnswer),
    "outcomes": (Outcome.UNKNOWN, Outcome.DONE),
    "keeps": False,
}
LARGE = bytes(4 * LIMIT)
BOMB = gzip.compress(bytes(4_000_000))


def _refused(status: int, kind: type[Exception], outcome: Outcome = Outcome.REFUSED) -> Shape:
    return one(
        lambda key: whole(key, failure(key), status=status), errors=(kind,), outcomes=(outcome,)
    )


SHAPES: dict[str, Shape] = {
    "length": one(lambda key: whole(key, success(key))),
    "204": one(lambda key: head(key, status=204), **UNREADABLE),
    "204 with a length": one(lambda key: head(key, "Content-Length: 0", status=204), **UNREADABLE),
    "304": one(lambda key: head(key, status=304), **REDIRECT),
    # The length is that of the body which a 200 would have had; there is none here.
    "304 with a length": one(lambda key: head(key, "Content-Length: 99", status=304), **REDIRECT),
    "empty": one(lambda key: whole(key, b""), **UNREADABLE),
    "chunked": one(lambda key: chunked(key, success(key))),
    "chunked, empty": one(lambda key: chunked(key, b""), **UNREADABLE),
    "chunked, apart": Shape(
        segments=lambda key: [
            head(key, "Transfer-Encoding: chunked"),
            chunks(success(key), 50)[:60],
            chunks(success(key), 50)[60:],
        ]
    ),
    "chunked, bytewise": Shape(
        segments=lambda key: [
            head(key, "Transfer-Encoding: chunked"),
            *bytewise(chunks(success(key), 50)),
        ]
    ),
    "trailers and extensions": one(
        lambda key: chunked(key, success(key), extension=";a=b;c", trailers="X-A: 1\r\nX-B: 2\r\n")
    ),
    "gzip": one(lambda key: whole(key, gzip.compress(success(key)), GZIP)),
    "gzip, chunked": one(lambda key: chunked(key, gzip.compress(success(key)), GZIP)),
    "gzip, bytewise": Shape(
        segments=lambda key: bytewise(whole(key, gzip.compress(success(key)), GZIP))
    ),
    "deflate": one(lambda key: whole(key, zlib.compress(success(key)), DEFLATE)),
    "deflate, raw": one(lambda key: whole(key, deflated(success(key)), DEFLATE)),
    "deflate, chunked": one(lambda key: chunked(key, zlib.compress(success(key)), DEFLATE)),
    "head bytewise": Shape(
        segments=lambda key: [
            *bytewise(head(key, f"Content-Length: {len(success(key))}")),
            success(key),
        ]
    ),
    "body bytewise": Shape(
        segments=lambda key: [
            head(key, f"Content-Length: {len(success(key))}"),
            *bytewise(success(key)),
        ]
    ),
    "100 first": one(lambda key: CONTINUE + whole(key, success(key))),
    "100, 102 and 103 first": one(
        lambda key: CONTINUE + PROCESSING + HINTS + HINTS + whole(key, success(key))
    ),
    "100, 102 and 103 first, apart": Shape(
        segments=lambda key: [CONTINUE, PROCESSING, HINTS, HINTS, whole(key, success(key))]
    ),
    "100 before a 404": Shape(
        segments=lambda key: [CONTINUE, whole(key, failure(key), status=404)],
        errors=(NotFound,),
        outcomes=(Outcome.REFUSED,),
    ),
    "until close": one(lambda key: head(key) + success(key), then="close", keeps=False),
    "until close, apart": Shape(
        segments=lambda key: [head(key), success(key)[:40], success(key)[40:]],
        then="close",
        keeps=False,
    ),
    "connection: close": one(
        lambda key: whole(key, success(key), "Connection: close"), keeps=False
    ),
    "HTTP/1.0": one(lambda key: whole(key, success(key), version="1.0"), keeps=False),
    "HTTP/1.0, kept": one(
        lambda key: whole(key, success(key), "Connection: keep-alive", version="1.0")
    ),
    "HTTP/1.0 until close": one(
        lambda key: head(key, version="1.0") + success(key), then="close", keeps=False
    ),
    "404": _refused(404, NotFound),
    "409": _refused(409, Conflict),
    "422": _refused(422, Unprocessable),
    "500": _refused(500, ServerError, Outcome.UNKNOWN),
    "500 without a length": one(
        lambda key: head(key, status=500) + failure(key),
        then="close",
        errors=(ServerError,),
        outcomes=(Outcome.UNKNOWN,),
        keeps=False,
    ),
    "HTML": one(
        lambda key: whole(key, f"<html><p>Bad gateway {key}</p></html>".encode(), status=502),
        errors=(ServerError,),
        outcomes=(Outcome.UNKNOWN,),
    ),
    "too large": one(lambda key: whole(key, LARGE), **OVERSIZE),
    "too large, chunked": one(lambda key: chunked(key, LARGE, size=5000), **OVERSIZE),
    "too large, until close": one(lambda key: head(key) + LARGE, then="close", **CUT),
    "a bomb": one(lambda key: whole(key, BOMB, GZIP), **CUT),
    "a bomb, chunked": one(lambda key: chunked(key, BOMB, GZIP, size=500), **CUT),
    "a bomb, until close": one(lambda key: head(key, GZIP) + BOMB, then="close", **CUT),
    "truncated by close": one(lambda key: whole(key, success(key))[:-9], then="close", **CUT),
    "truncated by reset": Shape(
        segments=lambda key: [whole(key, success(key))[:-9]], then="reset", **CUT
    ),
    "truncated, chunked": one(lambda key: chunked(key, success(key))[:-9], then="close", **CUT),
    "truncated, gzip": one(
        lambda key: whole(key, gzip.compress(success(key))[:-30], GZIP),
        **{**UNREADABLE, "keeps": None},
    ),
    "not gzip": one(lambda key: whole(key, success(key), GZIP), **CUT),
    "half a head": one(lambda key: head(key)[:-9], then="close", **LOST),
    "no byte, closed": Shape(segments=lambda _: [], then="close", **LOST),
    "no byte, reset": Shape(segments=lambda _: [], then="reset", **LOST),
    "100 and no more": one(lambda _: CONTINUE, then="close", **LOST),
    "bad chunk size": one(
        lambda key: head(key, "Transfer-Encoding: chunked") + b"zz\r\n" + success(key), **FAULTY
    ),
    "bad length": one(lambda key: head(key, "Content-Length: ten") + success(key), **LOST),
    "negative length": one(lambda key: head(key, "Content-Length: -1") + success(key), **LOST),
    "two lengths": one(lambda key: whole(key, success(key), "Content-Length: 3"), **LOST),
    "length and chunks": one(
        lambda key: (
            head(key, "Content-Length: 3", "Transfer-Encoding: chunked") + chunks(success(key), 50)
        ),
        **LOST,
    ),
    "a header twice": one(
        lambda key: whole(
            key, success(key), "X-A: 1", "X-A: 2", "Set-Cookie: a=1", "Set-Cookie: b=2"
        )
    ),
    "a long header": one(lambda key: whole(key, success(key), f"X-A: {'x' * 8000}")),
    "too long a header": one(lambda key: whole(key, success(key), f"X-A: {'x' * 20_000}"), **LOST),
    "too many headers": one(
        lambda key: whole(key, success(key), *[f"X-{i}: 1" for i in range(1000)]), **LOST
    ),
    "no UTF-8": one(lambda key: whole(key, success(key), "X-A: \xe9\xff\xfe")),
    "a folded header": one(lambda key: whole(key, success(key), "X-A: 1\r\n 2")),
    "101": one(
        lambda key: head(key, "Connection: Upgrade", "Upgrade: websocket", status=101),
        **{**REDIRECT, "keeps": False},
    ),
    "another protocol": one(lambda _: b"SSH-2.0-OpenSSH_9.2\r\n", then="close", **LOST),
}
if PURE in os.environ:
    # aiohttp's parser in Python takes the first of two lengths that differ.
    del SHAPES["two lengths"]
