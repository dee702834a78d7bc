"""Send a request over HTTP: directly on a pooled connection, or through an aiohttp session."""

from __future__ import annotations

import asyncio
import ssl as ssl_module
from collections.abc import Awaitable
from typing import Final

import aiohttp

from .._observing import logger
from .._wire.messages import Request, Response
from ..errors import InvalidRequest
from . import aiohttp_internals as internals
from . import connections, proxies
from .connections import Pool, Settings

DIRECT: Final = "direct"
_REPLACED: Final = "ClientSession has been replaced, by a mock or an agent"


class Http:
    """Sends requests through aiohttp: a `Send`, with connections that outlive the calls.

    Args:
        session: The caller's own session; used as it is, and never closed.
        proxy: The URL of a proxy for everything.
        ssl: An `SSLContext` in place of the default one.
        trust_env: Whether a proxy named by the environment is used.
        connections: How many connections there are at most.
        answer_limit: How many bytes of a response are read at most, after decompression.
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
        self._settings = Settings(
            proxy=None if proxy is None else proxies.checked(proxy),
            ssl=ssl,
            trust_env=trust_env,
            connections=connections,
            answer_limit=answer_limit,
        )
        self._pool: Pool | None = None
        self._closed = False

    def __call__(self, request: Request) -> Awaitable[Response]:
        """Send one request; raise `NotSent` or `NoAnswer` when no response arrives."""
        pool = self._pool
        if pool is None or pool.loop is not asyncio.get_running_loop():
            return self._open_and_send(request)
        direct = pool.direct
        if (
            direct is not None
            and request.url.startswith(direct.origin)
            and not internals.is_session_replaced()
        ):
            return direct.send(request)
        if pool.session.closed:
            return self._open_and_send(request)
        return pool.choose(request)(request)

    @property
    def path(self) -> str:
        """How the next request is sent: `direct`, or through a session and why."""
        pool = self._pool
        if pool is None:
            is_own = self._given is None
            reason = connections.explain_session(self._settings, self._given, is_own=is_own)
        else:
            reason = pool.session_reason
        if reason is None and internals.is_session_replaced():
            reason = _REPLACED
        return DIRECT if reason is None else f"session: {reason}"

    async def close(self) -> None:
        """Close the connections, unless they belong to the caller's own session."""
        self._closed = True
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def _open_and_send(self, request: Request) -> Response:
        pool = await self._open()
        return await pool.choose(request)(request)

    async def _open(self) -> Pool:
        """Open the pool for the running loop; refuse a second loop while the first is alive."""
        loop = asyncio.get_running_loop()
        pool = self._pool
        if self._closed:
            raise InvalidRequest("this client is closed")
        if self._given is not None:
            self._pool = connections.borrow(loop, self._given, self._settings)
        elif pool is None or pool.loop is loop or pool.loop.is_closed():
            self._pool = await connections.open_own(loop, self._settings)
        else:
            raise InvalidRequest(
                "this client is in use on another event loop: make one client for each loop"
            )
        logger.debug("HTTP requests are sent this way: %s", self.path)
        return self._pool
