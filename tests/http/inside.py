"""The only looks inside the client that these tests take; a new layout is one edit here."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from nylas_bookings import AsyncClient, Request, Response


def _connector(client: AsyncClient) -> Any:
    assert client._http is not None
    pool = client._http._pool
    return None if pool is None else pool.session.connector


def _pool(client: AsyncClient) -> Any:
    """Return the pool of the direct exchange, if it has been used."""
    assert client._http is not None
    pool = client._http._pool
    return None if pool is None or pool.direct is None else pool.direct._pool


def acquired(client: AsyncClient) -> int:
    """Count the connections that a call holds, or that are being opened for one."""
    connector, pool = _connector(client), _pool(client)
    held = 0 if connector is None else len(connector._acquired)
    kept = 0 if pool is None else len(pool._idle)
    assert pool is None or pool._is_shared or pool._is_closed or pool._open == held
    return held - kept


def waiting(client: AsyncClient) -> int:
    """Count the calls that wait for a connection of the pool."""
    connector, pool = _connector(client), _pool(client)
    there = 0 if connector is None else sum(map(len, connector._waiters.values()))
    return there + (0 if pool is None else len(pool._waiters))


def idle(client: AsyncClient) -> int:
    """Count the connections that are kept for the next call."""
    connector, pool = _connector(client), _pool(client)
    there = 0 if connector is None else sum(map(len, connector._conns.values()))
    return there + (0 if pool is None else len(pool._idle))


def idle_sockets(client: AsyncClient) -> list[Any]:
    """Return the sockets of the connections that are kept for the next call."""
    protocols = [kept for group in _connector(client)._conns.values() for kept, _ in group]
    pool = _pool(client)
    protocols += [] if pool is None else [connection.protocol for connection in pool._idle]
    return [protocol.transport.get_extra_info("socket") for protocol in protocols]


def expire_idle(client: AsyncClient) -> None:
    """Make every idle connection older than its keep-alive time."""
    for kept in _connector(client)._conns.values():
        aged = [(protocol, since - 3600.0) for protocol, since in kept]
        kept.clear()
        kept.extend(aged)
    pool = _pool(client)
    for connection in [] if pool is None else pool._idle:
        connection.idle_since -= 3600.0


def pause_writing(client: AsyncClient) -> None:
    """Tell every idle connection that the socket takes no more for now, as a full buffer does."""
    for kept in _connector(client)._conns.values():
        for protocol, _ in kept:
            protocol.pause_writing()
    pool = _pool(client)
    for connection in [] if pool is None else pool._idle:
        connection.protocol.pause_writing()


def exchange(client: AsyncClient, request: Request) -> Awaitable[Response]:
    """Send a request as it stands, past all that checks what a user passes."""
    assert client._http is not None
    return client._http(request)
