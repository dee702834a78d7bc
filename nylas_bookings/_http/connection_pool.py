"""Keep open connections for the next request: aiohttp's connector opens them, this pool holds them.

A connection of the pool counts as acquired for the connector from its opening to its closing. To
acquire it from the connector for each request would take a fifth of the time of an exchange.
"""

from __future__ import annotations

import asyncio
import select
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

import aiohttp

from . import aiohttp_internals as internals
from .aiohttp_internals import Connection, Destination, ResponseHandler
from .failures import NotWritten, PoolClosed

IDLE_SECONDS: Final = 15.0
"""How long an idle connection is kept; shorter than any server's or load balancer's own limit."""


_CLOSING_TURNS: Final = 10


def _make_poll(descriptor: int) -> Callable[[int], object]:
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return poller.poll


def _make_select(descriptor: int) -> Callable[[int], object]:
    def has_unread(timeout: int) -> object:
        try:
            return select.select([descriptor], [], [], timeout)[0]
        except ValueError:
            # select takes no descriptor above 1023. The event loop will notice what has come.
            return None

    return has_unread


# Windows has no poll, and gevent takes it away.
_make_readable: Final = _make_poll if hasattr(select, "poll") else _make_select


class PooledConnection:
    """An open connection, with the parts of it that an exchange uses.

    Attributes:
        has_unread: Asks the kernel whether bytes, or the end of the stream, wait to be read. After
            a busy moment the event loop may not have noticed them yet.
        idle_since: When its last exchange ended, by the monotonic clock.
        parser: The parser of its last response, if it can read another one.
    """

    __slots__ = ("_connection", "has_unread", "idle_since", "parser", "protocol", "transport")

    def __init__(
        self, connection: Connection, protocol: ResponseHandler, transport: asyncio.Transport
    ) -> None:
        self._connection = connection
        self.protocol = protocol
        self.transport = transport
        self.has_unread = _make_readable(transport.get_extra_info("socket").fileno())
        self.idle_since = 0.0
        self.parser: Any = None

    def is_quiet(self) -> bool:
        """Tell whether nothing has arrived on it since its last exchange: no byte, and no end."""
        return not (self.protocol.should_close or self.has_unread(0))

    def give_to_connector(self) -> None:
        """Let aiohttp keep it, or close it where HTTP says so."""
        self._connection.release()

    def close(self) -> None:
        """Close it once the response has been read."""
        self._connection.close()

    def abort(self) -> None:
        """Close it at once; what is left of a request is not sent any more."""
        self.transport.abort()
        self._connection.close()


class ConnectionPool:
    """The connections to one host, at most `limit` of them.

    Args:
        connector: The connector that opens them.
        destination: The host.
        limit: How many connections there are at most.
    """

    __slots__ = (
        "_connector",
        "_destination",
        "_idle",
        "_in_use",
        "_is_closed",
        "_is_shared",
        "_limit",
        "_loop",
        "_open",
        "_sweep",
        "_waiters",
    )

    def __init__(
        self, connector: aiohttp.BaseConnector, destination: Destination, limit: int
    ) -> None:
        self._connector = connector
        self._destination = destination
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._idle: list[PooledConnection] = []
        self._in_use: set[PooledConnection] = set()
        # Those that are idle, in use, or being opened.
        self._open = 0
        self._waiters: OrderedDict[asyncio.Future[PooledConnection | None], None] = OrderedDict()
        self._sweep: asyncio.TimerHandle | None = None
        self._is_shared = False
        self._is_closed = False

    def take_idle(self) -> PooledConnection | None:
        """Return an idle connection on which nothing has arrived, if there is one."""
        idle = self._idle
        while idle:
            # The latest one: those that are not needed any more can expire.
            connection = idle.pop()
            if connection.is_quiet() and monotonic() - connection.idle_since <= IDLE_SECONDS:
                self._in_use.add(connection)
                return connection
            self.drop(connection)
        return None

    @property
    def is_exhausted(self) -> bool:
        """Whether the next request has to wait until another one has ended."""
        return self._open >= self._limit and not self._idle

    async def wait_for_turn(self) -> PooledConnection | None:
        """Wait for a connection, or for the permission to open one (None)."""
        waiter: asyncio.Future[PooledConnection | None] = self._loop.create_future()
        self._waiters[waiter] = None
        try:
            connection = await waiter
        except asyncio.CancelledError:
            self._waiters.pop(waiter, None)
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                # What this request was given at the same moment is for the next one.
                self._pass_on(waiter.result())
            raise
        if self._is_closed:
            if connection is not None:
                connection.abort()
            self._free_place()
            raise PoolClosed
        if connection is None:
            return None
        if connection.is_quiet():
            self._in_use.add(connection)
            return connection
        connection.abort()
        return None

    async def open(self, timeout: aiohttp.ClientTimeout, *, has_place: bool) -> PooledConnection:
        """Open a connection.

        Args:
            timeout: How long connecting may take.
            has_place: Whether `wait_for_turn` has given it a place.
        """
        self._open += not has_place
        try:
            connection: Connection = await internals.connect(
                self._connector, self._destination, timeout
            )
        except BaseException:
            self._free_place()
            raise
        protocol, transport = connection.protocol, connection.transport
        if protocol is None or transport is None or not _is_usable(protocol, transport):
            connection.close()
            self._free_place()
            # Another connection would be no better. The retry policy decides.
            raise NotWritten("the server closed the connection or sent data before the request")
        pooled = PooledConnection(connection, protocol, transport)
        self._in_use.add(pooled)
        return pooled

    def release(self, connection: PooledConnection, *, is_last: bool) -> None:
        """Take a connection back after a complete response, or close it.

        Args:
            connection: The connection.
            is_last: Whether that response was the last one, as the server has said.
        """
        self._in_use.discard(connection)
        connection.parser = internals.detach_parser(connection.protocol)
        if is_last or self._is_closed or connection.parser is None:
            connection.close()
            self._free_place()
        elif self._is_shared:
            connection.give_to_connector()
            self._free_place()
        elif self._waiters:
            self._pass_on(connection)
        else:
            self._keep(connection)

    def _keep(self, connection: PooledConnection) -> None:
        connection.idle_since = monotonic()
        self._idle.append(connection)
        if self._sweep is None:
            self._sweep = self._loop.call_later(IDLE_SECONDS, self._close_expired)

    def drop(self, connection: PooledConnection) -> None:
        """Close a connection that no other request can use."""
        self._in_use.discard(connection)
        connection.abort()
        self._free_place()

    def share(self) -> None:
        """Let the session use these connections too: idle ones belong to the connector from now."""
        self._is_shared = True
        idle, self._idle = self._idle, []
        for connection in idle:
            connection.give_to_connector()
            self._free_place()

    async def close(self) -> None:
        """Close all connections, and end the requests that use one or wait for one."""
        self._is_closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        if not self._loop.is_running():
            return
        while self._waiters:
            waiter, _ = self._waiters.popitem(last=False)
            if not waiter.done():
                waiter.set_exception(PoolClosed)
        for connection in self._in_use:
            connection.transport.abort()
        # The loss has to reach a request before the connector closes: it forgets whoever reads a
        # body. That takes a turn of the event loop, two with TLS, and one for the request's task.
        for _ in range(_CLOSING_TURNS):
            if self._in_use:
                await asyncio.sleep(0)

    def _free_place(self) -> None:
        if self._waiters:
            self._pass_on(None)
        else:
            self._open -= 1

    def _pass_on(self, connection: PooledConnection | None) -> None:
        """Give a connection, or the place of one, to the request that has waited longest."""
        while self._waiters:
            waiter, _ = self._waiters.popitem(last=False)
            if not waiter.done():
                waiter.set_result(connection)
                return
        if connection is None:
            self._open -= 1
        else:
            self._keep(connection)

    def _close_expired(self) -> None:
        expired = monotonic() - IDLE_SECONDS
        # The longest idle ones come first.
        while self._idle and self._idle[0].idle_since <= expired:
            self._idle[0].close()
            del self._idle[0]
            self._free_place()
        self._sweep = None
        if self._idle and not self._is_closed:
            rest = self._idle[0].idle_since - expired
            self._sweep = self._loop.call_later(rest, self._close_expired)


def _is_usable(protocol: ResponseHandler, transport: asyncio.Transport) -> bool:
    """Tell whether a new connection is open, and nothing has arrived on it.

    With TLS, what waits in the kernel may be session tickets.
    """
    if not protocol.is_connected() or protocol.should_close:
        return False
    is_tls = transport.get_extra_info("sslcontext") is not None
    return is_tls or not _make_readable(transport.get_extra_info("socket").fileno())(0)
