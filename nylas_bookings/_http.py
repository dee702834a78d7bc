"""One HTTP exchange through aiohttp; tells apart: nothing sent, no answer, half an answer."""

from __future__ import annotations

import asyncio
import os
import ssl as ssl_module
import urllib.request
from collections.abc import AsyncGenerator
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.payload import BytesPayload
from yarl import URL

from ._wire.messages import Request, Response, Timeout
from .errors import InvalidRequest, NoAnswer, NotSent

_IDLE_SECONDS: Final = 15.0
"""How long an idle connection is kept; shorter than any server's or load balancer's own limit."""


class _Body(BytesPayload):
    """A request's body that leaves once, and that knows whether there was a connection for it."""

    connecting = False

    @property
    def consumed(self) -> bool:
        """True, or aiohttp would send a PUT or DELETE again by itself when a connection drops."""
        return True


class _Connector(aiohttp.TCPConnector):
    """A pool that marks a body as long as there is no connection for it."""

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Any], timeout: aiohttp.ClientTimeout
    ) -> Any:
        body = req.body
        if not isinstance(body, _Body):
            return await super().connect(req, traces, timeout)
        body.connecting = True
        connection = await super().connect(req, traces, timeout)
        body.connecting = False
        return connection


async def _closed_with_its_loop(session: aiohttp.ClientSession) -> AsyncGenerator[None, None]:
    """Closes the session when its loop shuts down, or when nobody holds this generator any more.

    Event loops end the async generators that were started on them, and those that are collected.
    """
    try:
        yield
    finally:
        await session.close()


class _Pool:
    """The connections of one client on one event loop."""

    __slots__ = ("lifespan", "loop", "session")

    def __init__(self, loop: asyncio.AbstractEventLoop, session: aiohttp.ClientSession) -> None:
        self.loop = loop
        self.session = session
        self.lifespan: AsyncGenerator[None, None] | None = None


class Http:
    """Sends requests through aiohttp: a `Send`, with connections that outlive the calls.

    Args:
        session: The caller's own session; used as it is, and never closed.
        proxy: The URL of a proxy for everything.
        ssl: An `SSLContext` in place of the default one.
        trust_env: Whether a proxy named by the environment is used.
        connections: How many connections there are at most.
        answer_limit: How many bytes of an answer are read at most, after decompression.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession | None,
        proxy: str | None,
        ssl: ssl_module.SSLContext | None,
        trust_env: bool,
        connections: int,
        answer_limit: int,
    ) -> None:
        self._given = session
        self._proxy = proxy
        self._ssl = ssl
        self._trust_env = trust_env
        self._connections = connections
        self._answer_limit = answer_limit
        self._pool: _Pool | None = None
        self._latest_timeout: Timeout | None = None
        self._as_aiohttp = aiohttp.ClientTimeout()

    async def __call__(self, request: Request) -> Response:
        """Send one request; raises `NotSent` or `NoAnswer` when nothing comes back."""
        pool = self._pool
        if pool is None or pool.loop is not asyncio.get_running_loop():
            pool = await self._open()
        body = None
        if request.body is not None:
            body = _Body(request.body, content_type="application/json")
        try:
            answer = await pool.session.request(
                request.method,
                URL(request.url, encoded=True),
                data=body,
                headers=request.headers,
                timeout=self._timeout(request.timeout),
                allow_redirects=False,
                raise_for_status=False,
                proxy=self._proxy_for(request.url),
            )
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise _nothing_came(error, request, body) from _without_frames(error)
        return await self._read(answer, request.timeout)

    async def close(self) -> None:
        """Close the connections, unless they belong to the caller's own session."""
        pool, self._pool = self._pool, None
        if pool is not None and pool.lifespan is not None and not pool.loop.is_closed():
            await pool.lifespan.aclose()

    async def _open(self) -> _Pool:
        """The pool for the running loop; refuses a second loop while the first is alive."""
        loop = asyncio.get_running_loop()
        if self._pool is not None and not self._pool.loop.is_closed():
            raise InvalidRequest(
                "this client is in use on another event loop: make one client for each loop"
            )
        if self._given is not None:
            self._pool = self._borrow(loop, self._given)
            return self._pool
        self._pool = _Pool(loop, self._new_session())
        self._pool.lifespan = _closed_with_its_loop(self._pool.session)
        await anext(self._pool.lifespan)
        return self._pool

    def _borrow(self, loop: asyncio.AbstractEventLoop, session: aiohttp.ClientSession) -> _Pool:
        if self._pool is not None or session.closed:
            raise InvalidRequest("the session that this client was given is closed, or its loop is")
        return _Pool(loop, session)

    def _new_session(self) -> aiohttp.ClientSession:
        connector = _Connector(
            limit=self._connections,
            keepalive_timeout=_IDLE_SECONDS,
            ssl=True if self._ssl is None else self._ssl,
        )
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        # aiohttp sends a GET again by itself when a kept connection drops, and has no public switch
        # for it (aio-libs/aiohttp#10790). Repeating is this package's decision.
        session._retry_connection = False  # noqa: SLF001
        return session

    def _timeout(self, timeout: Timeout) -> aiohttp.ClientTimeout:
        """Aiohttp's form of it. Its own `connect` would count the wait for a free connection."""
        if timeout is not self._latest_timeout:
            self._latest_timeout = timeout
            self._as_aiohttp = aiohttp.ClientTimeout(
                total=timeout.total, sock_connect=timeout.connect
            )
        return self._as_aiohttp

    def _proxy_for(self, url: str) -> str | None:
        if self._proxy is not None or not self._trust_env:
            return self._proxy
        parts = urlsplit(url)
        if urllib.request.proxy_bypass(parts.hostname or ""):
            return None
        return urllib.request.getproxies().get(parts.scheme)

    async def _read(self, answer: aiohttp.ClientResponse, timeout: Timeout) -> Response:
        """The whole answer, or as much of it as came, with a word on why not more."""
        chunks: list[bytes] = []
        size = 0
        cut = None
        try:
            while chunk := await answer.content.readany():
                chunks.append(chunk)
                size += len(chunk)
                if size > self._answer_limit:
                    cut = f"is larger than {self._answer_limit} bytes"
                    break
        except TimeoutError:
            cut = f"did not end within {timeout.total} s"
        except (aiohttp.ClientError, OSError):
            cut = "stopped in the middle"
        except BaseException:
            answer.close()
            raise
        if cut is not None:
            answer.close()
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        return Response(answer.status, answer.headers, body, cut)


def _nothing_came(error: Exception, request: Request, body: _Body | None) -> NotSent | NoAnswer:
    """Whether anything of the request can have reached the API."""
    never_connected = isinstance(
        error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError
    )
    if never_connected or (body is not None and body.connecting):
        return NotSent(f"no connection to {urlsplit(request.url).netloc} ({_why(error)})")
    if isinstance(error, TimeoutError):
        return NoAnswer(f"no answer within {request.timeout.total} s")
    return NoAnswer(f"no answer: the connection was lost ({_why(error)})")


def _why(error: Exception) -> str:
    """The reason in words of our own: aiohttp's may hold a proxy's password."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "the host name cannot be resolved"
    if isinstance(error, aiohttp.ClientSSLError):
        return "TLS failed: " + type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno
        return type(error.os_error).__name__ if number is None else os.strerror(number)
    return type(error).__name__


def _without_frames(error: BaseException) -> BaseException:
    """The error without its frames, whose variables hold the request with its credential."""
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error
