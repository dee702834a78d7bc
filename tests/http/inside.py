"""The only looks inside the client that these tests take; a new layout is one edit here."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from nylas_bookings import AsyncClient, Request, Response


def _connector(client: AsyncClient) -> Any:
    assert client._http is not None
    pool = client._http._pool
    return None if pool is None else pool.session.connector


def acquired(client: AsyncClient) -> int:
    """Count the connections that a call holds, or that are being opened for one."""
    connector = _connector(client)
    return 0 if connector is None else len(connector._acquired)


def waiting(client: AsyncClient) -> int:
    """Count the calls that wait for a connection of the pool."""
    connector = _connector(client)
    return 0 if connector is None else sum(map(len, connector._waiters.values()))


def idle(client: AsyncClient) -> int:
    """Count the connections that are kept for the next call."""
    connector = _connector(client)
    return 0 if connector is None else sum(map(len, connector._conns.values()))


def expire_idle(client: AsyncClient) -> None:
    """Make every idle connection older than its keep-alive time."""
    connector = _connector(client)
    for kept in connector._conns.values():
        aged = [(protocol, since - 3600.0) for protocol, since in kept]
        kept.clear()
        kept.extend(aged)


def pause_writing(client: AsyncClient) -> None:
    """Tell every idle connection that the socket takes no more for now, as a full buffer does."""
    for kept in _connector(client)._conns.values():
        for protocol, _ in kept:
            protocol.pause_writing()


def exchange(client: AsyncClient, request: Request) -> Awaitable[Response]:
    """Send a request as it stands, past all that checks what a user passes."""
    assert client._http is not None
    return client._http(request)
