"""One HTTP exchange through aiohttp; tells apart: nothing sent, no answer, half an answer."""

from __future__ import annotations

import asyncio
import ssl as ssl_module
from collections.abc import Awaitable, Mapping

import aiohttp
from yarl import URL

from .._deadlines import Task
from .._wire.messages import JSON_HEADERS, STANDARD_HEADERS, Request, Response, Timeout
from ..errors import BookingsError, InvalidRequest, NotSent
from . import connections, failures, proxies
from .connections import Body, Pool


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
        for name, value in (("connections", connections), ("answer_limit", answer_limit)):
            if type(value) is not int or value < 1:
                raise InvalidRequest(f"{name} must be an int above 0")
        if session is not None and not isinstance(session, aiohttp.ClientSession):
            raise InvalidRequest("session must be an aiohttp ClientSession")
        if ssl is not None and not isinstance(ssl, ssl_module.SSLContext):
            raise InvalidRequest("ssl must be an SSLContext: certificates are always verified")
        self._given = session
        self._proxy = None if proxy is None else proxies.checked(proxy)
        self._ssl = ssl
        self._trust_env = trust_env
        self._connections = connections
        self._answer_limit = answer_limit
        self._pool: Pool | None = None
        self._closed = False
        self._latest_timeout: Timeout | None = None
        self._as_aiohttp = aiohttp.ClientTimeout()

    async def __call__(self, request: Request) -> Response:
        """Send one request; raises `NotSent` or `NoAnswer` when nothing comes back."""
        pool = self._pool
        if pool is None or pool.session.closed or pool.loop is not asyncio.get_running_loop():
            pool = await self._open()
        body = None
        if request.body is not None:
            body = Body(request.body, content_type="application/json")
        waiting = pool.deadlines.begin(request.timeout.total)
        try:
            answer = await self._exchange(pool, request, body)
        except (aiohttp.ClientError, OSError, ValueError, asyncio.CancelledError) as error:
            failure = _failure(error, pool, waiting, request)
        else:
            return await self._read(answer, pool, waiting, request.timeout)
        finally:
            pool.deadlines.end(waiting)
        try:
            # Raised here, because aiohttp's error and its frames know the URL and the headers.
            raise failure
        finally:
            del failure

    async def close(self) -> None:
        """Close the connections, unless they belong to the caller's own session."""
        self._closed = True
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def _open(self) -> Pool:
        """The pool for the running loop; refuses a second loop while the first is alive."""
        loop = asyncio.get_running_loop()
        pool = self._pool
        if self._closed:
            raise InvalidRequest("this client is closed")
        if self._given is not None:
            self._pool = connections.borrowed(loop, self._given)
        elif pool is None or pool.loop is loop or pool.loop.is_closed():
            self._pool = await connections.own(loop, self._ssl, self._connections)
        else:
            raise InvalidRequest(
                "this client is in use on another event loop: make one client for each loop"
            )
        return self._pool

    def _exchange(
        self, pool: Pool, request: Request, body: Body | None
    ) -> Awaitable[aiohttp.ClientResponse]:
        proxy = self._proxy
        if proxy is None and self._trust_env:
            proxy = proxies.of_the_environment(request.url)
        return pool.session.request(
            request.method,
            URL(request.url, encoded=True),
            data=body,
            headers=_not_brought_along(pool, request),
            timeout=self._timeout(request.timeout),
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=True,
            proxy=proxy,
        )

    def _timeout(self, timeout: Timeout) -> aiohttp.ClientTimeout:
        """Aiohttp's form of it. Its own `connect` would count the wait for a free connection."""
        if timeout is not self._latest_timeout:
            self._latest_timeout = timeout
            self._as_aiohttp = aiohttp.ClientTimeout(total=None, sock_connect=timeout.connect)
        return self._as_aiohttp

    async def _read(
        self, answer: aiohttp.ClientResponse, pool: Pool, waiting: Task, timeout: Timeout
    ) -> Response:
        """The whole answer, or as much of it as came, with a word on why not more."""
        content = answer.content
        chunks: list[bytes] = []
        size = 0
        cut = None
        try:
            while cut is None and not content.at_eof():
                # Most answers are all there when their headers are.
                chunk = content.read_nowait() if content.is_eof() else await content.readany()
                chunks.append(chunk)
                size += len(chunk)
                if size > self._answer_limit:
                    cut = f"is larger than {self._answer_limit} bytes"
        except BaseException as error:  # noqa: BLE001 - what is not about the answer is raised again
            answer.close()
            cut = failures.cut(error, timeout, in_time=not pool.deadlines.has_cancelled(waiting))
        if cut is not None:
            # With its last byte a whole answer has given its connection back.
            answer.close()
        return Response(answer.status, answer.headers, b"".join(chunks), cut)


def _not_brought_along(pool: Pool, request: Request) -> Mapping[str, str] | None:
    """The headers to give to aiohttp, which takes long for each.

    The standard ones come with the requests of our own session, and that of JSON with the body.
    """
    headers = request.headers
    if not pool.is_ours:
        return headers
    if headers is STANDARD_HEADERS or headers is JSON_HEADERS:
        return None
    return {k: v for k, v in headers.items() if JSON_HEADERS.get(k) != v}


def _failure(error: BaseException, pool: Pool, waiting: Task, request: Request) -> BookingsError:
    """What an exception of aiohttp means; one that cancels the caller is for the caller."""
    if not isinstance(error, asyncio.CancelledError):
        return failures.failure(error, request)
    if pool.deadlines.has_cancelled(waiting):
        # The frames of the cancellation tell what the time went by for.
        return failures.failure(TimeoutError().with_traceback(error.__traceback__), request)
    if not pool.session.closed or waiting.cancelling():
        raise error
    # A session that is closed cancels those who wait for one of its connections.
    return NotSent("the client was closed in the middle of the call")
