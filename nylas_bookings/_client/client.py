"""AsyncClient: one pool of connections, and everything the API can be asked."""

from __future__ import annotations

import os
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from .. import _api_url
from .._frames import hides_arguments
from .._retry import Retry
from .._wire.messages import Send, Timeout
from ..auth import Auth, check, from_environment
from ..errors import InvalidRequest
from .availability import AsyncAvailability
from .bookings import AsyncBookings
from .sessions import AsyncSessions

if TYPE_CHECKING:
    import ssl as ssl_module

    import aiohttp

    from .._http import Http
    from .._observing import OnExchange
    from .._pace import Pacer
    from .configurations import AsyncConfigurations
    from .group_events import AsyncGroupEvents
    from .webhooks import AsyncWebhooks


class AsyncClient:
    """The Nylas Scheduler API, awaited.

    Building one does no I/O: connections are made by the calls, and kept for the next ones. Close
    it, use it in `async with`, or just drop it.

    Args:
        auth: Who is asking: a `PublicConfiguration`, `PublicPage`, `SessionToken`, `ApiKey` or
            `MintedSession`. May be `None` when every call brings its own.
        api_url: `US`, `EU`, or a server on this machine.
        timeout: How long each attempt may take.
        retry: How often, and for how long, a call that failed is sent again.
        pace: How fast calls may leave, such as `Pace(per_second=50)`.
        session: An aiohttp session of your own; it is used as it is, and never closed.
        on_exchange: Called with an `Exchange` after every HTTP exchange.
        send: What carries the requests in place of aiohttp: a sandbox's `send`, or a function.
        proxy: The URL of an HTTP proxy.
        ssl: An `SSLContext` in place of the default one.
        trust_env: Whether to use the proxy that `HTTPS_PROXY` and the like name.
        connections: How many connections there may be at a time.
        answer_limit: How many bytes of an answer are read at most, after decompression.
    """

    @hides_arguments
    def __init__(
        self,
        auth: Auth | None = None,
        *,
        api_url: str = _api_url.US,
        timeout: Timeout = Timeout(),
        retry: Retry = Retry(),
        pace: Pacer | None = None,
        session: aiohttp.ClientSession | None = None,
        on_exchange: OnExchange | None = None,
        send: Send | None = None,
        proxy: str | None = None,
        ssl: ssl_module.SSLContext | None = None,
        trust_env: bool = False,
        connections: int = 100,
        answer_limit: int = 8 * 1024 * 1024,
    ) -> None:
        if auth is not None:
            check(auth)
        own = session is not None or send is not None
        if own and (proxy is not None or ssl is not None or trust_env or connections != 100):
            raise InvalidRequest("a session or sender of your own brings its proxy, TLS and limits")
        if session is not None and send is not None:
            raise InvalidRequest("give either a session or a sender")
        # asyncio, aiohttp and cattrs load with the first client, not with the package.
        from .._observing import Observer
        from .._pace import checked_pace
        from .._transport import Transport, bounded
        from .._waits import Connections, Waits

        self._http: Http | None = None
        if send is not None:
            sender = bounded(send)
        else:
            from .._http import Http

            sender = self._http = Http(
                session=session,
                proxy=proxy,
                ssl=ssl,
                trust_env=trust_env,
                connections=connections,
                answer_limit=answer_limit,
            )
        self._connections = Connections(Waits(), self._http)
        self._transport = Transport(
            sender,
            api_url=_api_url.checked(api_url),
            auth=auth,
            timeout=timeout,
            retry=retry,
            observer=Observer(on_exchange),
            pace=checked_pace(pace),
            waits=self._connections.waits,
        )

    @classmethod
    @hides_arguments
    def from_env(cls) -> Self:
        """A client from the environment.

        `NYLAS_API_URI` names the server (`US` if it is not set). The credential is the first of
        `NYLAS_SESSION_ID`, `NYLAS_API_KEY` (with `NYLAS_CONFIGURATION_ID`, if set),
        `NYLAS_CONFIGURATION_ID`, and `NYLAS_SLUG` with `NYLAS_CLIENT_ID`.
        """
        api_url = _api_url.from_environment(os.environ)
        return cls(from_environment(os.environ), api_url=api_url)

    @cached_property
    def bookings(self) -> AsyncBookings:
        """Make, read, move, confirm, decline and cancel bookings."""
        return AsyncBookings(self._transport)

    @cached_property
    def availability(self) -> AsyncAvailability:
        """Ask which slots there are."""
        return AsyncAvailability(self._transport)

    @cached_property
    def sessions(self) -> AsyncSessions:
        """Let visitors use a private configuration."""
        return AsyncSessions(self._transport)

    @cached_property
    def configurations(self) -> AsyncConfigurations:
        """Say what can be booked, and how."""
        from .configurations import AsyncConfigurations

        return AsyncConfigurations(self._transport)

    @cached_property
    def group_events(self) -> AsyncGroupEvents:
        """Meetings that several guests can join."""
        from .group_events import AsyncGroupEvents

        return AsyncGroupEvents(self._transport)

    @cached_property
    def webhooks(self) -> AsyncWebhooks:
        """Subscriptions to what happens."""
        from .webhooks import AsyncWebhooks

        return AsyncWebhooks(self._transport)

    @property
    def http_path(self) -> str:
        """How the next request is sent.

        `direct` (on the client's own connections), `session: …` (through aiohttp's session, and
        why), or `send` (by the function that this client was given).
        """
        return "send" if self._http is None else self._http.path

    async def close(self) -> None:
        """Close the connections. The client cannot be used any more; closing it again is fine."""
        self._transport.close()
        await self._connections.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
