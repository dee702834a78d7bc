"""Servers that write before they are asked: on a new connection, before the request is there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from nylas_bookings import Timeout
from nylas_bookings.errors import BookingsError, NoAnswer, NotSent, Outcome

from . import inside
from .clients import client_on, create, is_own, outcome_of
from .raw_server import RawConnection, RawServer, turns
from .response_bytes import head, success, whole

GREETINGS = {
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "SMTP": b"220 mail.example.com ESMTP\r\n",
    "a success": whole("stale", success("stale")),
    "a 408": whole("stale", b"", "Connection: close", status=408),
    "half a head": head("stale", status=404)[:-2] + b"X-A: ",
    "a letter": b"H",
}
MOST = 5
"""How many connections one attempt may try before it gives up."""

each_greeting = pytest.mark.parametrize("greeting", GREETINGS.values(), ids=GREETINGS)


@pytest.fixture(params=["sock_connect", "create_connection"], autouse=True)
async def late_clients(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that hear of a new connection some turns after the server does.

    After `sock_connect` the greeting is in the socket's buffer when the request is written; after
    `create_connection` the client's protocol has it.
    """
    loop: Any = asyncio.get_running_loop()
    connect = getattr(loop, request.param)

    async def connect_and_wait(*args: Any, **kwargs: Any) -> Any:
        result = await connect(*args, **kwargs)
        await turns(10)
        return result

    monkeypatch.setattr(loop, request.param, connect_and_wait)


def server_that_greets(greeting: bytes, how_many: float, *, hangs_up: bool) -> RawServer:
    """A server that writes first on its first connections, and serves the others."""

    async def serve(connection: RawConnection) -> None:
        greets = connection.number <= how_many
        if greets and not connection.has_unread():
            connection.write(greeting)
        if greets and hangs_up:
            connection.close()
            return
        while True:
            key = (await connection.request()).key
            if not greets:
                connection.write(whole(key, success(key)))

    return RawServer(serve)


async def check(server: RawServer, result: object) -> None:
    """Hold the end of the call against the record: never a foreign response, nor a lie."""
    requests = server.requests_for("k-1")
    assert len(requests) <= 1
    if isinstance(result, BookingsError):
        assert isinstance(result, NotSent | NoAnswer), result
        assert (result.outcome is Outcome.NOT_SENT) <= (server.arrived() == b"")
    else:
        assert is_own(result, "k-1"), result
        assert requests[0].connection == 2


@each_greeting
@pytest.mark.parametrize("hangs_up", [False, True])
async def test_one_connection(greeting: bytes, hangs_up: bool) -> None:
    """What a server writes on a new connection before the request is never its response."""
    async with (
        server_that_greets(greeting, 1, hangs_up=hangs_up) as server,
        client_on("direct", server.url, timeout=Timeout(total=1.0)) as client,
    ):
        result = await outcome_of(create(client, "k-1"))
        await turns()
        await check(server, result)
        assert inside.acquired(client) == 0


@each_greeting
@pytest.mark.parametrize("hangs_up", [False, True])
async def test_every_connection(greeting: bytes, hangs_up: bool) -> None:
    """A server that always writes first ends the attempt soon, and is not connected to for ever."""
    async with (
        server_that_greets(greeting, float("inf"), hangs_up=hangs_up) as server,
        client_on("direct", server.url, timeout=Timeout(total=2.0)) as client,
    ):
        result = await outcome_of(create(client, "k-1"))
        await turns()
        assert isinstance(result, BookingsError)
        await check(server, result)
        assert inside.acquired(client) == 0
        assert len(server.connections) <= MOST
