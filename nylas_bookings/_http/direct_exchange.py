"""Send requests on the connections of aiohttp's pool, without aiohttp's session in between.

aiohttp opens, keeps and closes the connections, and its parser reads the responses. For each
request its session would create a request object, a multidict, a writer, a task and a response.
That takes longer than the socket, the parser and the rest of this package together, and a request
of a few hundred bytes that is known beforehand needs none of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import aiohttp
from yarl import URL

from .._deadlines import Deadlines
from .._wire.messages import JSON_HEADERS, STANDARD_HEADERS, Request, Response, Timeout
from ..errors import InvalidRequest
from . import aiohttp_internals as internals
from . import failures
from .connection_pool import ConnectionPool, PooledConnection
from .failures import Stage
from .response_body import read_body

_NO_URL: Final = "\0"

_WAITING: Final = Stage.WAITING
_CONNECTING: Final = Stage.CONNECTING
_SENT: Final = Stage.SENT


class DirectExchange:
    """Sends requests to one host on the connections of a session's connector.

    Args:
        session: The session whose connector opens the connections.
        deadlines: The deadlines of the event loop.
        connections: How many connections there are at most.
        answer_limit: How many bytes of a response are read at most, after decompression.

    Attributes:
        origin: How the URLs begin that this sends to: the host of the first one. Before there is
            one, and after `close`, no URL begins with it.
    """

    __slots__ = (
        "_answer_limit",
        "_deadlines",
        "_heads",
        "_latest_timeout",
        "_limit",
        "_pool",
        "_session",
        "_timeout",
        "origin",
    )

    def __init__(
        self,
        session: aiohttp.ClientSession,
        deadlines: Deadlines,
        *,
        connections: int,
        answer_limit: int,
    ) -> None:
        self._session = session
        self._deadlines = deadlines
        self._limit = connections
        self._answer_limit = answer_limit
        self.origin = _NO_URL
        self._pool: ConnectionPool | None = None
        self._latest_timeout: Timeout | None = None
        self._timeout = aiohttp.ClientTimeout()

    def accepts(self, url: str) -> bool:
        """Tell whether a URL is on the host of the first request, which is the only one served."""
        if self._pool is None:
            self._set_origin(url)
        return url.startswith(self.origin)

    def _set_origin(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        authority, slash, _ = rest.partition("/")
        connector = self._session.connector
        if connector is None or not slash or not {"@", "?", "#", "\\"}.isdisjoint(authority):
            return
        origin = f"{scheme}://{authority}/"
        parsed = URL(origin, encoded=True)
        destination = internals.Destination(parsed, self._session)
        fixed = (
            f"Host: {parsed.host_port_subcomponent}\r\n"
            f"Accept-Encoding: {internals.ACCEPT_ENCODING}\r\n"
        )
        # Nearly all requests have one of two sets of headers, which are recognized by identity.
        self._heads = {id(h): fixed + _format(h) for h in (STANDARD_HEADERS, JSON_HEADERS)}
        self._heads[0] = fixed
        self._pool = ConnectionPool(connector, destination, self._limit)
        self.origin = origin

    def share(self) -> None:
        """Let the session use the connections too, from now on."""
        if self._pool is not None:
            self._pool.share()

    async def close(self) -> None:
        """Close all connections, and end the requests that use one or wait for one."""
        self.origin = _NO_URL
        if self._pool is not None:
            await self._pool.close()

    async def send(self, request: Request) -> Response:
        """Send one request; raise `NotSent` or `NoAnswer` when no response arrives."""
        deadlines, pool, stage = self._deadlines, self._pool, _CONNECTING
        assert pool is not None
        waiting = deadlines.begin(request.timeout.total)
        connection: PooledConnection | None = None
        try:
            connection = pool.take_idle()
            if connection is None:
                has_place = pool.is_exhausted
                if has_place:
                    stage = _WAITING
                    connection = await pool.wait_for_turn()
                    stage = _CONNECTING
                if connection is None:
                    timeout = self._convert_timeout(request.timeout)
                    connection = await pool.open(timeout, has_place=has_place)
            protocol, transport = connection.protocol, connection.transport
            if request.expires is not None:
                # As late as possible: to get a connection may have taken a while.
                request.expires.check()
            # The bytes hold the credential: no variable keeps them for an error tracker to show.
            transport.write(self._encode(request))
            stage = _SENT
            # While the server is busy, and before the event loop can read anything.
            internals.attach_parser(protocol, connection.parser)
            message, content = await protocol.read()
            while message.code < 200 and message.code != 101:
                message, content = await protocol.read()
            body, cut = internals.get_buffered_body(content), None
            if body is None or len(body) > self._answer_limit:
                internals.end_body_with_connection(protocol, content)
                body, cut = await read_body(
                    content, self._answer_limit, deadlines, waiting, request.timeout
                )
            # A server may respond before it has read the request, and stop reading it.
            if cut is None and message.code != 101 and not transport.get_write_buffer_size():
                pool.release(connection, is_last=message.should_close)
            else:
                pool.drop(connection)
            return Response(message.code, message.headers, body, cut)
        except BaseException as error:  # noqa: BLE001 - what is not about the exchange is raised again
            if connection is not None:
                pool.drop(connection)
            failure = failures.translate(error, request, stage, self._session, deadlines, waiting)
        finally:
            deadlines.end(waiting)
        try:
            # Raised here, because aiohttp's error and its frames hold the URL and the headers.
            raise failure
        finally:
            del failure

    def _convert_timeout(self, timeout: Timeout) -> aiohttp.ClientTimeout:
        """Return aiohttp's form of it, for opening a connection."""
        if timeout is not self._latest_timeout:
            self._latest_timeout = timeout
            self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=timeout.connect)
        return self._timeout

    def _encode(self, request: Request) -> bytes:
        """Return the request as it goes over the wire."""
        target = request.url[len(self.origin) - 1 :]
        if " " in target or not (target.isascii() and target.isprintable()):
            raise InvalidRequest("the URL has characters that a URL must not have")
        headers, body = request.headers, request.body
        lines = self._heads.get(id(headers)) or self._heads[0] + _format(headers)
        if body is not None:
            lines = f"{lines}Content-Length: {len(body)}\r\n"
        head = f"{request.method} {target} HTTP/1.1\r\n{lines}\r\n".encode("ascii")
        return head if body is None else head + body


def _format(headers: Mapping[str, str]) -> str:
    """Return header lines."""
    if not all(map(_is_safe, headers.values())):
        raise InvalidRequest("a header has characters that a header must not have")
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])


def _is_safe(text: str) -> bool:
    """Tell whether a text can neither end a line of the head nor be encoded in two ways."""
    return text.isascii() and text.isprintable()
