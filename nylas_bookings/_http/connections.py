"""Connections: as many as allowed, closed when their event loop or their client is gone."""

from __future__ import annotations

import asyncio
import contextlib
import ssl as ssl_module
import weakref
from collections.abc import AsyncGenerator
from http.cookies import BaseCookie, SimpleCookie
from typing import Final

import aiohttp
from aiohttp.payload import BytesPayload
from multidict import istr
from yarl import URL

from .._deadlines import Deadlines
from .._wire.messages import STANDARD_HEADERS
from ..errors import InvalidRequest

_IDLE_SECONDS: Final = 15.0
"""How long an idle connection is kept; shorter than any server's or load balancer's own limit."""


class Body(BytesPayload):
    """A request's body that leaves once."""

    @property
    def consumed(self) -> bool:
        """True, or aiohttp would send a PUT or DELETE again by itself when a connection drops."""
        return True


class Prepared(aiohttp.ClientRequest):
    """A request that has our standard headers where it has no others.

    A session's own would be copied and merged for each request, which takes several times as long.
    """

    DEFAULT_HEADERS = aiohttp.ClientRequest.DEFAULT_HEADERS | {
        istr(name): value for name, value in STANDARD_HEADERS.items()
    }


class NoCookies(aiohttp.DummyCookieJar):
    """Keeps no cookies, and does not make a new empty set of them for each request either."""

    _NONE: Final[BaseCookie[str]] = SimpleCookie()

    def filter_cookies(self, request_url: URL) -> BaseCookie[str]:
        """The same empty one each time; nobody changes it, as no request brings its own."""
        return self._NONE


class Pool:
    """The connections of one client on one event loop.

    Attributes:
        is_ours: Whether the session is our own, and not the caller's.
    """

    __slots__ = ("__weakref__", "_lifespan", "deadlines", "is_ours", "loop", "session")

    def __init__(self, loop: asyncio.AbstractEventLoop, session: aiohttp.ClientSession) -> None:
        self.loop = loop
        self.deadlines = Deadlines(loop)
        self.session = session
        self.is_ours = False
        self._lifespan: AsyncGenerator[None, None] | None = None

    async def close_with_its_loop(self) -> None:
        """Have the session closed when its loop shuts down, or when this pool is collected."""
        self.is_ours = True
        self._lifespan = _lifespan(self.session)
        await anext(self._lifespan)
        weakref.finalize(self, _abandon, self.loop, self.session, self._lifespan)

    async def close(self) -> None:
        """Close the session now, unless somebody else brought it."""
        if self._lifespan is not None and not self.loop.is_closed():
            await self._lifespan.aclose()


async def _lifespan(session: aiohttp.ClientSession) -> AsyncGenerator[None, None]:
    """Closes the session at its end: loops end the async generators that were started on them.

    They do so when they shut down, and when nobody holds the generator any more.
    """
    try:
        yield
    finally:
        await session.close()


def _abandon(
    loop: asyncio.AbstractEventLoop,
    session: aiohttp.ClientSession,
    lifespan: AsyncGenerator[None, None],
) -> None:
    """Close a session that nobody holds any more, if its loop does not run and so will not."""
    connector = session.connector
    if connector is not None and not loop.is_running():
        connector._close()  # noqa: SLF001 - the public one wants a loop that runs
        with contextlib.suppress(StopIteration):
            lifespan.aclose().send(None)


async def own(
    loop: asyncio.AbstractEventLoop, ssl: ssl_module.SSLContext | None, connections: int
) -> Pool:
    """A pool with a session of our own."""
    connector = aiohttp.TCPConnector(
        limit=connections, keepalive_timeout=_IDLE_SECONDS, ssl=True if ssl is None else ssl
    )
    session = aiohttp.ClientSession(
        connector=connector, cookie_jar=NoCookies(), request_class=Prepared
    )
    # aiohttp sends a GET again by itself when a kept connection drops, and has no public switch
    # for it (aio-libs/aiohttp#10790). Repeating is this package's decision.
    session._retry_connection = False  # noqa: SLF001
    pool = Pool(loop, session)
    await pool.close_with_its_loop()
    return pool


def borrowed(loop: asyncio.AbstractEventLoop, session: aiohttp.ClientSession) -> Pool:
    """A pool with the caller's session, which is never closed here."""
    if session.closed:
        raise InvalidRequest("the session that this client was given is closed")
    if session._loop is not loop:  # noqa: SLF001
        raise InvalidRequest("the session that this client was given belongs to another event loop")
    return Pool(loop, session)
