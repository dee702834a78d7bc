"""Every name of aiohttp that this package uses and aiohttp does not document, with its reason.

Nothing else in the package touches aiohttp's undocumented side. `find_mismatch` compares the list
below with the installed aiohttp: the direct exchange is used only where all of it holds, and a test
names what a new aiohttp has changed.
"""

from __future__ import annotations

import asyncio
import inspect
from functools import cache, cached_property
from importlib import import_module
from types import FunctionType
from typing import Any, Final

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp.http import RawResponseMessage
from attrs import frozen
from yarl import URL

VERIFIED_SERIES: Final = "3.14."
"""The releases that the direct exchange is tested with; any other one uses the session."""


@frozen
class InternalName:
    """One undocumented name.

    Attributes:
        path: Its module, class and attribute.
        reason: What needs it.
        parameters: The parameters that are passed to it.
    """

    path: str
    reason: str
    parameters: tuple[str, ...] = ()

    def find_mismatch(self) -> str | None:
        """Return what differs from what is expected, if anything does."""
        try:
            value = _resolve(self.path)
        except (ImportError, AttributeError):
            return f"{self.path} does not exist"
        if not self.parameters:
            return None
        known = inspect.signature(value).parameters
        missing = [name for name in self.parameters if name not in known]
        return f"{self.path} has no parameter {missing[0]!r}" if missing else None


def _resolve(path: str) -> Any:
    """Import the module that a path begins with, and look up the rest of it."""
    module, *names = path.split(":")
    value: Any = import_module(module)
    for name in names[0].split("."):
        value = getattr(value, name)
    return value


NAMES: Final = (
    InternalName(
        "aiohttp.connector:BaseConnector.connect",
        "Acquire a connection. The method is documented, these two parameters are not.",
        ("req", "traces", "timeout"),
    ),
    InternalName(
        "aiohttp.connector:Connection.protocol",
        "Read the response of a connection.",
    ),
    InternalName(
        "aiohttp.client_reqrep:ClientRequest.connection_key",
        "Compute the key of the one host once, not for each call.",
    ),
    InternalName(
        "aiohttp.client_reqrep:ClientRequest.DEFAULT_HEADERS",
        "Send the Accept-Encoding that this aiohttp can decompress.",
    ),
    InternalName(
        "aiohttp.client_reqrep:ClientRequest.send",
        "Check a connection of the client's own session before the session writes to it.",
        ("conn",),
    ),
    InternalName(
        "aiohttp.client_proto:ResponseHandler.set_response_params",
        "Attach a new response parser to a connection.",
        ("read_until_eof", "auto_decompress"),
    ),
    InternalName(
        "aiohttp.client_proto:ResponseHandler.read",
        "Wait for the head of a response.",
    ),
    InternalName(
        "aiohttp.client_proto:ResponseHandler.should_close",
        "Detect bytes that arrived on an idle connection.",
    ),
    InternalName(
        "aiohttp.client_proto:ResponseHandler._parser",
        "Detach the parser from an idle connection, so that any byte it receives is kept and seen.",
    ),
    InternalName(
        "aiohttp.http_parser:HttpResponseParser.feed_eof",
        "Ask the parser whether a part of another response has followed.",
    ),
    InternalName(
        "aiohttp.client_proto:ResponseHandler.is_connected",
        "Detect that a connection was lost.",
    ),
    InternalName(
        "aiohttp.client_proto:ResponseHandler.closed",
        "End the reading of a body when its connection ends.",
    ),
    InternalName(
        "aiohttp.streams:StreamReader._buffer",
        "Take a body that has arrived completely; the public way costs several times as much.",
    ),
    InternalName(
        "aiohttp.http_writer:StreamWriter.protocol",
        "Check a connection of the caller's session right before a body is written to it.",
    ),
    InternalName(
        "aiohttp.http_writer:StreamWriter.transport",
        "Drop what a cancelled upload has left in the transport's buffer.",
    ),
    InternalName(
        "aiohttp.client:ClientSession._request",
        "Detect that a mock or an APM agent has replaced it. It is compared, never called.",
    ),
    InternalName(
        "aiohttp.connector:TCPConnector._close",
        "Close connections when no event loop runs any more; the public method needs one.",
    ),
)
"""Attributes that only instances have (`ClientSession._loop` and `._retry_connection`, see below)
are checked by the test alone."""


@cache
def find_mismatch() -> str | None:
    """Return why the direct exchange cannot be used with the installed aiohttp, if it cannot."""
    if not aiohttp.__version__.startswith(VERIFIED_SERIES):
        return f"aiohttp {aiohttp.__version__} has not been verified"
    return next(filter(None, (name.find_mismatch() for name in NAMES)), None)


def _get_original_methods() -> tuple[object, ...]:
    """Return what a session runs for a request, or nothing if it is replaced already."""
    methods = (aiohttp.ClientSession._request, aiohttp.ClientSession.request)  # noqa: SLF001
    file = aiohttp.ClientSession.close.__code__.co_filename
    if all(type(m) is FunctionType and m.__code__.co_filename == file for m in methods):
        return methods
    return (None, None)


_SESSION_CLASS: Final = aiohttp.ClientSession
_REQUEST, _PUBLIC_REQUEST = _get_original_methods()


def is_session_replaced() -> bool:
    """Tell whether a mock or an APM agent has replaced what a session does for a request."""
    return (
        _SESSION_CLASS._request is not _REQUEST  # noqa: SLF001
        or _SESSION_CLASS.request is not _PUBLIC_REQUEST
        or aiohttp.ClientSession is not _SESSION_CLASS
    )


class Destination(aiohttp.ClientRequest):
    """The host that the connector connects to. It is never sent, so one serves all calls."""

    def __init__(self, origin: URL, session: aiohttp.ClientSession) -> None:
        super().__init__("GET", origin, loop=asyncio.get_running_loop(), session=session)

    @cached_property
    def connection_key(self) -> ConnectionKey:
        """The key of its connections in the pool."""
        return super().connection_key


ACCEPT_ENCODING: Final = aiohttp.ClientRequest.DEFAULT_HEADERS[aiohttp.hdrs.ACCEPT_ENCODING]
"""The compressions that this aiohttp understands; it depends on the packages installed."""

_NO_TRACES: Final[list[Any]] = []


def connect(
    connector: aiohttp.BaseConnector, destination: Destination, timeout: aiohttp.ClientTimeout
) -> Any:
    """Return an awaitable for a pooled or new connection."""
    return connector.connect(destination, _NO_TRACES, timeout)


def detach_parser(protocol: ResponseHandler) -> Any:
    """Take the parser from a connection whose response is complete; return None if more has come.

    Bytes that arrive while there is no parser stay in the protocol as they are, and `should_close`
    is true. With its parser, aiohttp would return a complete response as that to the next request,
    and forget a part of one.
    """
    parser: Any = protocol._parser  # noqa: SLF001
    protocol._parser = None  # noqa: SLF001
    try:
        # At the end of a response nothing is left that the end of the stream would complete, and
        # the parser stays as it is.
        is_between = parser is not None and parser.feed_eof() is None
    except Exception:  # noqa: BLE001 - whatever it finds incomplete, it is of no use any more
        return None
    # The parser without C extensions does not report a part of a line.
    is_between = is_between and not getattr(parser, "_tail", b"")
    return parser if is_between else None


def attach_parser(protocol: ResponseHandler, parser: Any) -> None:
    """Give a connection the parser that `detach_parser` has taken from it, or a new one."""
    if parser is None:
        protocol.set_response_params(read_until_eof=True, auto_decompress=True)
    else:
        protocol._parser = parser  # noqa: SLF001


def get_buffered_body(content: aiohttp.StreamReader) -> bytes | None:
    """Return a body that has arrived completely, without the bookkeeping of a stream."""
    if content is aiohttp.EMPTY_PAYLOAD:
        return b""
    if not content.is_eof():
        return None
    chunks = content._buffer  # noqa: SLF001
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def end_body_with_connection(protocol: ResponseHandler, content: aiohttp.StreamReader) -> None:
    """Let a body that is being read end when its connection does.

    After a chunk that is invalid, aiohttp closes the connection and does not tell the reader.
    """

    def end(closed: asyncio.Future[None] | None) -> None:
        if closed is not None and not closed.cancelled():
            closed.exception()
        if not content.is_eof() and content.exception() is None:
            content.set_exception(aiohttp.ClientPayloadError())

    closed = protocol.closed
    if closed is None:
        end(None)
    else:
        closed.add_done_callback(end)


def get_writer_connection(
    writer: aiohttp.abc.AbstractStreamWriter,
) -> tuple[ResponseHandler | None, asyncio.Transport | None]:
    """Return the protocol and the transport of a writer; of another kind of writer, none."""
    return getattr(writer, "protocol", None), getattr(writer, "transport", None)


def disable_resend(session: aiohttp.ClientSession) -> None:
    """Keep a session of our own from sending a GET again when an idle connection was closed.

    Retries are this package's decision, and aiohttp has no public switch (aio-libs/aiohttp#10790).
    """
    session._retry_connection = False  # noqa: SLF001


def get_loop(session: aiohttp.ClientSession) -> asyncio.AbstractEventLoop:
    """Return the event loop that a session belongs to; its public property is deprecated."""
    return session._loop  # noqa: SLF001


def close_without_loop(connector: aiohttp.BaseConnector) -> None:
    """Close the connections of a pool whose event loop does not run any more."""
    connector._close()  # noqa: SLF001


__all__ = [
    "ACCEPT_ENCODING",
    "NAMES",
    "VERIFIED_SERIES",
    "Connection",
    "Destination",
    "RawResponseMessage",
    "ResponseHandler",
    "attach_parser",
    "close_without_loop",
    "connect",
    "detach_parser",
    "disable_resend",
    "end_body_with_connection",
    "find_mismatch",
    "get_buffered_body",
    "get_loop",
    "get_writer_connection",
    "is_session_replaced",
]
