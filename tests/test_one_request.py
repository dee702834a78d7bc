"""What goes over the wire: one request for each attempt, to the API's own host, without cookies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, Retry
from nylas_bookings.errors import NoAnswer, UnexpectedAnswer

from .samples import END, JANE, KEY, PUBLIC, START
from .waiting import soon
from .wire_server import Answer, WireServer

ONCE = Retry(attempts=1)
NEW = {"start_time": START, "end_time": END}

Call = Callable[[Any], Awaitable[Any]]
CALLS: dict[str, Call] = {
    "GET": lambda nylas: nylas.bookings.get("b-1"),
    "POST": lambda nylas: nylas.bookings.create(**NEW, guest=JANE),
    "PATCH": lambda nylas: nylas.bookings.reschedule("b-1", **NEW),
    "PUT": lambda nylas: nylas.bookings.confirm("b-1", salt="c2FsdA"),
    "DELETE": lambda nylas: nylas.bookings.cancel("b-1"),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@each_call
async def test_a_kept_connection_drops(call: Call, server: WireServer, nylas: AsyncClient) -> None:
    """A request is not sent again by aiohttp when a kept connection drops under it."""
    server.answer(Answer(), Answer(drop=True))
    await nylas.bookings.get("b-1")
    with pytest.raises(NoAnswer, match="the connection was lost"):
        await call(nylas)
    assert len(server.received) == 2
    assert server.connections == 1


@pytest.mark.parametrize("method", CALLS)
async def test_a_kept_connection_of_a_session_drops(method: str, server: WireServer) -> None:
    """The same when the session is the caller's own, which cannot be set not to resend."""
    server.answer(Answer(), Answer(drop=True))
    async with aiohttp.ClientSession() as session:
        nylas = AsyncClient(PUBLIC, api_url=server.url, retry=ONCE, session=session)
        await nylas.bookings.get("b-1")
        with pytest.raises(NoAnswer):
            await CALLS[method](nylas)
    assert [received.method for received in server.received] == ["GET", method]


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
async def test_the_policy_repeats(method: str, server: WireServer) -> None:
    """What the retry policy sends again is the same to the byte."""
    server.answer(Answer(drop=True))
    async with AsyncClient(PUBLIC, api_url=server.url, retry=Retry(first_wait=0.001)) as nylas:
        await CALLS[method](nylas)
    first, second = server.received
    assert evolve(first, connection=second.connection) == second


@each_call
async def test_a_connection_that_was_closed_while_idle(
    call: Call, server: WireServer, nylas: AsyncClient
) -> None:
    """A connection that the server has closed is not used again."""
    await nylas.bookings.get("b-1")
    server.drop_idle_connections()
    await soon(lambda: server.open_connections == 0)
    await asyncio.sleep(0.01)  # until the loop has heard of it
    await call(nylas)
    assert server.connections == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@each_call
async def test_redirects(call: Call, status: int, server: WireServer) -> None:
    """A redirect is never followed, so that no credential reaches another host."""
    with WireServer() as elsewhere:
        server.answer(Answer(status=status, headers={"Location": elsewhere.url + "/"}))
        async with AsyncClient(KEY, api_url=server.url) as nylas:
            with pytest.raises(UnexpectedAnswer) as caught:
                await call(nylas)
        assert caught.value.status == status
        assert elsewhere.connections == 0
    assert len(server.received) == 1


async def test_cookies(server: WireServer, nylas: AsyncClient) -> None:
    """A cookie that the API sets is not sent back."""
    server.answer(Answer(headers={"Set-Cookie": "visitor=1; Path=/"}))
    await nylas.bookings.get("b-1")
    await nylas.bookings.get("b-1")
    assert server.last().header("Cookie") is None
