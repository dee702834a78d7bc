"""The ways of a client to its server, and the calls that the tests make."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from nylas_bookings import AsyncClient, Guest, Retry, Timeout
from nylas_bookings.errors import BookingsError
from nylas_bookings.models import Booking

from ..samples import END, PUBLIC, START

ONCE = Retry(attempts=1)
TIMEOUT = Timeout(total=5.0)

PATHS = ("direct", "own session", "trust_env", "proxy")
"""How a client sends: on its own pool, through a session of the caller, or with the settings that
take the session path (`trust_env=True` without a proxy, and a plain HTTP proxy)."""


@asynccontextmanager
async def client_on(path: str, url: str, **settings: Any) -> AsyncIterator[AsyncClient]:
    """Open a client of a server, by one of the paths."""
    given = {"retry": ONCE, "timeout": TIMEOUT, **settings}
    if path == "own session":
        limit = given.pop("connections", 100)
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=limit)) as session,
            AsyncClient(PUBLIC, api_url=url, session=session, **given) as client,
        ):
            yield client
        return
    if path == "proxy":
        # Nobody listens there: every request goes to the proxy, with the whole URL as its target.
        given["proxy"], url = url, "http://127.0.0.1:9"
    if path == "trust_env":
        given["trust_env"] = True
    async with AsyncClient(PUBLIC, api_url=url, **given) as client:
        yield client


async def confirm(client: AsyncClient, key: str, **settings: Any) -> Booking:
    """Make a call with a body, whose path holds the key, and which a server may apply twice."""
    return await client.bookings.confirm(key, salt="c2FsdA", **settings)


async def get(client: AsyncClient, key: str, **settings: Any) -> Booking:
    """Make a call without a body."""
    return await client.bookings.get(key, **settings)


async def create(client: AsyncClient, key: str, **settings: Any) -> Booking:
    """Make the call that must not happen twice."""
    guest = Guest(name=key, email="jane@example.com")
    return await client.bookings.create(start_time=START, end_time=END, guest=guest, **settings)


CALLS = {"confirm": confirm, "get": get, "create": create}


async def outcome_of(call: Any) -> Booking | BookingsError:
    """Await a call: its result, or the error that it ended in."""
    try:
        booking: Booking = await call
    except BookingsError as error:
        return error
    return booking


async def result_of(call: asyncio.Task[Any]) -> Any:
    """The result of a call, its error, or the cancellation."""
    try:
        return await outcome_of(call)
    except asyncio.CancelledError as error:
        return error


def is_own(result: object, key: str) -> bool:
    """Whether a result is the booking that the server made for this key."""
    return (
        isinstance(result, Booking)
        and result.booking_id == result.title == result.request_id == key
    )
