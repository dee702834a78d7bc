"""The bytes of responses: heads, bodies, chunks, and what may come before them."""

from __future__ import annotations

import zlib

import orjson

from ..wire_server import BOOKING

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
PROCESSING = b"HTTP/1.1 102 Processing\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"
GZIP = "Content-Encoding: gzip"
DEFLATE = "Content-Encoding: deflate"


def success(key: str) -> bytes:
    """The body of a success, which names the key in every place."""
    data = {**BOOKING, "booking_id": key, "title": key}
    return orjson.dumps({"request_id": key, "data": data})


def failure(key: str) -> bytes:
    """The body of a failure in the documented form."""
    return orjson.dumps({"request_id": key, "error": {"type": "no", "message": f"no {key}"}})


def head(key: str, *lines: str, status: int = 200, version: str = "1.1") -> bytes:
    """The head of a response: these lines after the standard ones."""
    standard = (f"HTTP/{version} {status} X", "Content-Type: application/json")
    return "\r\n".join([*standard, f"X-Request-Id: {key}", *lines, "", ""]).encode("latin-1")


def whole(key: str, body: bytes, *lines: str, status: int = 200, version: str = "1.1") -> bytes:
    """A response with a Content-Length."""
    length = f"Content-Length: {len(body)}"
    return head(key, length, *lines, status=status, version=version) + body


def chunks(body: bytes, size: int, extension: str = "", trailers: str = "") -> bytes:
    """A body in chunks of a size."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    coded = b"".join(b"%x%s\r\n%s\r\n" % (len(p), extension.encode(), p) for p in pieces)
    return coded + b"0" + extension.encode() + b"\r\n" + trailers.encode() + b"\r\n"


def chunked(key: str, body: bytes, *lines: str, size: int = 7, **more: str) -> bytes:
    """A response in chunks."""
    return head(key, "Transfer-Encoding: chunked", *lines) + chunks(body, size, **more)


def deflated(body: bytes) -> bytes:
    """A body without the header of zlib, as some servers send `deflate`."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()
