"""Send requests through an aiohttp session: the caller's own, or one that somebody observes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Final

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload
from multidict import istr
from yarl import URL

from .._deadlines import Deadlines, Task
from .._expiry import EXPIRED, Expiry
from .._wire.messages import JSON_HEADERS, STANDARD_HEADERS, Request, Response, Timeout
from ..errors import BookingsError
from . import aiohttp_internals as internals
from . import failures, proxies
from .aiohttp_internals import Connection
from .failures import Stage
from .response_body import read_body


class GuardedRequest(aiohttp.ClientRequest):
    """A request of the client's own session.

    It has the standard headers as its defaults, because a session copies and merges its own for
    each request, which takes several times as long.
    """

    DEFAULT_HEADERS = aiohttp.ClientRequest.DEFAULT_HEADERS | {
        istr(name): value for name, value in STANDARD_HEADERS.items()
    }

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Write the request, unless bytes have arrived that would be read as its response."""
        if conn.protocol is None or conn.protocol.should_close:
            raise failures.NotWritten(failures.UNREQUESTED)
        return await super().send(conn)


class _Body(BytesPayload):
    """A request's body, sent once, that knows how far aiohttp has come with it.

    aiohttp keeps the head back until the body is written, so before that nothing has left.

    Attributes:
        is_dispatched: Whether aiohttp has made a request of it. A mock does not.
        is_written: Whether writing has begun.
        stop_reason: Why it was not written, if it was stopped.
    """

    def __init__(self, value: bytes, expires: Expiry | None) -> None:
        super().__init__(value, content_type="application/json")
        self.is_dispatched = False
        self.is_written = False
        self.stop_reason: str | None = None
        self._expires = expires
        self._transport: asyncio.Transport | None = None

    @property
    def size(self) -> int | None:
        """The size, which aiohttp needs to make the head of a request."""
        self.is_dispatched = True
        return super().size

    @property
    def consumed(self) -> bool:
        """True, or aiohttp would send a request again by itself when its connection drops."""
        return True

    @property
    def is_unsent(self) -> bool:
        """Whether aiohttp has the request, and has written nothing of it."""
        return self.stop_reason is not None or (self.is_dispatched and not self.is_written)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write the whole body."""
        await self.write_with_length(writer, None)

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        """Write the body, unless it expired or bytes have arrived that nobody has requested."""
        protocol, self._transport = internals.get_writer_connection(writer)
        if protocol is not None and protocol.should_close:
            self.stop_reason = failures.UNREQUESTED
        elif self._expires is not None and self._expires.has_passed():
            self.stop_reason = EXPIRED
        if self.stop_reason is not None:
            raise failures.NotWritten(self.stop_reason)
        self.is_written = True
        await super().write_with_length(writer, content_length)

    def abort(self) -> None:
        """Drop what has not left yet; aiohttp's close would still send it."""
        if self._transport is not None and self._transport.get_write_buffer_size():
            self._transport.abort()


_NO_TYPE: Final = (aiohttp.hdrs.CONTENT_TYPE,)


class SessionExchange:
    """Sends requests through a session.

    Args:
        session: The session.
        deadlines: The deadlines of the event loop.
        is_own: Whether the session is the client's own, with the standard headers in it.
        proxy: The URL of a proxy for all requests.
        trust_env: Whether a proxy named by the environment is used.
        answer_limit: How many bytes of a response are read at most, after decompression.
    """

    __slots__ = (
        "_answer_limit",
        "_deadlines",
        "_is_own",
        "_latest_timeout",
        "_proxy",
        "_session",
        "_timeout",
        "_trust_env",
    )

    def __init__(
        self,
        session: aiohttp.ClientSession,
        deadlines: Deadlines,
        *,
        is_own: bool,
        proxy: str | None,
        trust_env: bool,
        answer_limit: int,
    ) -> None:
        self._session = session
        self._deadlines = deadlines
        self._is_own = is_own
        self._proxy = proxy
        self._trust_env = trust_env
        self._answer_limit = answer_limit
        self._latest_timeout: Timeout | None = None
        self._timeout = aiohttp.ClientTimeout()

    async def send(self, request: Request) -> Response:
        """Send one request; raise `NotSent` or `NoAnswer` when no response arrives."""
        body = self._make_body(request)
        deadlines = self._deadlines
        waiting = deadlines.begin(request.timeout.total)
        try:
            response = await self._request(request, body)
            if body is None or not body.is_unsent:
                return await self._read(response, waiting, request.timeout)
            # A response to a request that was not written yet is not the response to it.
            response.close()
            reason = body.stop_reason or failures.UNREQUESTED
            failure: BookingsError = failures.explain_not_written(request, reason)
        except BaseException as error:  # noqa: BLE001 - what is not about the exchange is raised again
            if body is not None:
                body.abort()
            stage = _get_stage(error, body)
            failure = failures.translate(error, request, stage, self._session, deadlines, waiting)
            if body is not None and body.stop_reason is not None:
                failure = failures.explain_not_written(request, body.stop_reason)
        finally:
            deadlines.end(waiting)
        try:
            # Raised here, because aiohttp's error and its frames hold the URL and the headers.
            raise failure
        finally:
            del failure

    def _make_body(self, request: Request) -> _Body | None:
        """Return the body as aiohttp shall send it.

        Through a session of the caller's, a GET has an empty one. Without a body, aiohttp would
        send the request again by itself when its connection drops, and the connection could not
        be checked before.
        """
        if request.body is None:
            return None if self._is_own else _Body(b"", request.expires)
        return _Body(request.body, request.expires)

    def _request(self, request: Request, body: _Body | None) -> Awaitable[aiohttp.ClientResponse]:
        proxy = self._proxy
        if proxy is None and self._trust_env:
            proxy = proxies.of_the_environment(request.url)
        return self._session.request(
            request.method,
            URL(request.url, encoded=True),
            data=body,
            headers=self._select_headers(request.headers),
            # The empty body of a GET has no type.
            skip_auto_headers=None if self._is_own or request.body is not None else _NO_TYPE,
            timeout=self._convert_timeout(request.timeout),
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=True,
            proxy=proxy,
        )

    def _select_headers(self, headers: Mapping[str, str]) -> Mapping[str, str] | None:
        """Return the headers that aiohttp must be given; each costs it time.

        The client's own session has the standard ones, and the body brings that of JSON.
        """
        if not self._is_own:
            return headers
        if headers is STANDARD_HEADERS or headers is JSON_HEADERS:
            return None
        return {k: v for k, v in headers.items() if JSON_HEADERS.get(k) != v}

    def _convert_timeout(self, timeout: Timeout) -> aiohttp.ClientTimeout:
        """Return aiohttp's form of it, whose `connect` would count the wait for the pool."""
        if timeout is not self._latest_timeout:
            self._latest_timeout = timeout
            self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=timeout.connect)
        return self._timeout

    async def _read(
        self, response: aiohttp.ClientResponse, waiting: Task, timeout: Timeout
    ) -> Response:
        """Read the whole response, and close its connection if there is more of it."""
        cut: str | None = "was not read"
        try:
            body, cut = await read_body(
                response.content, self._answer_limit, self._deadlines, waiting, timeout
            )
        finally:
            if cut is not None or response.status == 101:
                # With its last byte, a complete response has released its connection.
                response.close()
        return Response(response.status, response.headers, body, cut)


def _get_stage(error: BaseException, body: _Body | None) -> Stage:
    """Return how far a request had come: by what its body knows, else by the kind of the error."""
    if isinstance(error, failures.NEVER_WRITTEN) or (body is not None and body.is_unsent):
        return Stage.CONNECTING
    if isinstance(error, ValueError) and (body is None or not body.is_written):
        # aiohttp rejected the URL or a header.
        return Stage.CONNECTING
    return Stage.SENT
