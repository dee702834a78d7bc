"""The connections of a client on one event loop: how they are opened, used and closed."""

from __future__ import annotations

import asyncio
import contextlib
import ssl as ssl_module
import weakref
from collections.abc import AsyncGenerator
from http.cookies import BaseCookie, SimpleCookie
from typing import Final

import aiohttp
from attrs import frozen
from yarl import URL

from .._deadlines import Deadlines
from .._wire.messages import Request, Send
from ..errors import InvalidRequest
from . import aiohttp_internals as internals
from .connection_pool import IDLE_SECONDS
from .direct_exchange import DirectExchange
from .resolver import make_resolver
from .session_exchange import GuardedRequest, SessionExchange
from .sockets import make_socket


@frozen(kw_only=True)
class Settings:
    """What a client's connections are made with; see `Http` for the meaning of each."""

    proxy: str | None
    ssl: ssl_module.SSLContext | None
    trust_env: bool
    connections: int
    answer_limit: int


class NoCookies(aiohttp.DummyCookieJar):
    """Keeps no cookies, and does not make a new empty set of them for each request either."""

    _NONE: Final[BaseCookie[str]] = SimpleCookie()

    def filter_cookies(self, request_url: URL) -> BaseCookie[str]:
        """Return the same empty set each time; no request brings cookies that would change it."""
        return self._NONE


class Pool:
    """The connections of one client on one event loop.

    Attributes:
        through_session: Sends requests through the session.
        direct: Sends requests without the session, if that is possible.
        session_reason: Why the session is used, if it is.
    """

    __slots__ = (
        "__weakref__",
        "_deadlines",
        "_lifespan",
        "direct",
        "loop",
        "session",
        "session_reason",
        "through_session",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        session: aiohttp.ClientSession,
        settings: Settings,
        *,
        is_own: bool,
    ) -> None:
        self.loop = loop
        self.session = session
        self._deadlines = deadlines = Deadlines(loop)
        self.through_session = SessionExchange(
            session,
            deadlines,
            is_own=is_own,
            proxy=settings.proxy,
            trust_env=settings.trust_env,
            answer_limit=settings.answer_limit,
        )
        self.direct: DirectExchange | None = None
        self.session_reason = explain_session(settings, session, is_own=is_own)
        if self.session_reason is None:
            self.direct = DirectExchange(
                session,
                deadlines,
                connections=settings.connections,
                answer_limit=settings.answer_limit,
            )
        self._lifespan: AsyncGenerator[None, None] | None = None

    def choose(self, request: Request) -> Send:
        """Return what sends a request: the session, where somebody expects it to be used."""
        direct = self.direct
        if direct is None:
            return self.through_session.send
        if internals.is_session_replaced() or not direct.accepts(request.url):
            direct.share()
            return self.through_session.send
        return direct.send

    async def close_with_its_loop(self) -> None:
        """Have the session closed when its loop shuts down, or when this pool is collected."""
        self._lifespan = _lifespan(self.session, self.direct)
        await anext(self._lifespan)
        weakref.finalize(self, _abandon, self.loop, self.session, self._lifespan)

    async def close(self) -> None:
        """End all calls, and close the session now, unless it is the caller's own."""
        if self.loop is asyncio.get_running_loop():
            await self._deadlines.close()
        if self._lifespan is not None and not self.loop.is_closed():
            await self._lifespan.aclose()


def explain_session(
    settings: Settings, session: aiohttp.ClientSession | None, *, is_own: bool
) -> str | None:
    """Return why requests have to go through aiohttp's session, or None if they do not have to.

    Before there is a session, none is given.
    """
    if not is_own:
        return "the session is the caller's own"
    if settings.proxy is not None:
        return "a proxy is set"
    if settings.trust_env:
        return "trust_env is set"
    if session is not None and session.trace_configs:
        return "the session has trace configurations"
    return internals.find_mismatch()


async def _lifespan(
    session: aiohttp.ClientSession, direct: DirectExchange | None
) -> AsyncGenerator[None, None]:
    """Close the session at its end: loops end the async generators that were started on them.

    They do so when they shut down, and when nobody holds the generator any more.
    """
    try:
        yield
    finally:
        if direct is not None:
            await direct.close()
        await session.close()


def _abandon(
    loop: asyncio.AbstractEventLoop,
    session: aiohttp.ClientSession,
    lifespan: AsyncGenerator[None, None],
) -> None:
    """Close a session that nobody holds any more, if its loop does not run and so will not."""
    connector = session.connector
    if connector is not None and not loop.is_running():
        internals.close_without_loop(connector)
        with contextlib.suppress(StopIteration):
            lifespan.aclose().send(None)


async def open_own(loop: asyncio.AbstractEventLoop, settings: Settings) -> Pool:
    """Open a pool with a session of the client's own."""
    connector = aiohttp.TCPConnector(
        limit=settings.connections,
        resolver=make_resolver(),
        keepalive_timeout=IDLE_SECONDS,
        ssl=True if settings.ssl is None else settings.ssl,
        socket_factory=make_socket,
    )
    session = aiohttp.ClientSession(
        connector=connector, cookie_jar=NoCookies(), request_class=GuardedRequest
    )
    internals.disable_resend(session)
    pool = Pool(loop, session, settings, is_own=True)
    await pool.close_with_its_loop()
    return pool


def borrow(
    loop: asyncio.AbstractEventLoop, session: aiohttp.ClientSession, settings: Settings
) -> Pool:
    """Return a pool with the caller's session, which is never closed here."""
    if session.closed:
        raise InvalidRequest("the session that this client was given is closed")
    if internals.get_loop(session) is not loop:
        raise InvalidRequest("the session that this client was given belongs to another event loop")
    return Pool(loop, session, settings, is_own=False)
