"""The ends of connections, clients and loops, in the middle of calls and between them."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Timeout
from nylas_bookings.errors import BookingsError, NoAnswer, NotSent, Outcome, UnexpectedAnswer

from ..samples import PUBLIC
from ..wire_server import Answer, WireServer
from . import inside
from .clients import CALLS, ONCE, PATHS, client_on, confirm, create, get, is_own, outcome_of
from .raw_server import RawConnection, RawServer, turns
from .response_bytes import chunks, failure, head, success, whole

PATIENCE = 3.0
ENDLESS = Timeout(total=None)

each_path = pytest.mark.parametrize("path", PATHS)


async def serve_properly(connection: RawConnection) -> None:
    """Answer every request."""
    while True:
        key = (await connection.request()).key
        connection.write(whole(key, success(key)))


BODY = success("k-1")
BEGINNINGS = {
    "nothing": b"",
    "half a head": head("k-1")[:-9],
    "a head": head("k-1", f"Content-Length: {len(BODY)}"),
    "half a body": whole("k-1", BODY)[:-9],
    "half of the chunks": head("k-1", "Transfer-Encoding: chunked") + chunks(BODY, 50)[:-40],
    "a body until close": head("k-1") + BODY[:-9],
    "100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n",
}


@each_path
@pytest.mark.parametrize("start", BEGINNINGS.values(), ids=BEGINNINGS)
async def test_closed_in_a_response(path: str, start: bytes) -> None:
    """Closing a client ends its calls at once, however much of a response has come."""

    async def serve(connection: RawConnection) -> None:
        await connection.request()
        connection.write(start)
        await connection.lost.wait()

    async with RawServer(serve) as server, client_on(path, server.url, timeout=ENDLESS) as client:
        call = asyncio.create_task(outcome_of(create(client, "k-1")))
        while not server.requests:
            await turns()
        await turns()
        await client.close()
        async with asyncio.timeout(PATIENCE):
            result = await call
        assert isinstance(result, NoAnswer | UnexpectedAnswer), result
        assert result.outcome in {Outcome.UNKNOWN, Outcome.DONE}


@each_path
@pytest.mark.parametrize("call", CALLS)
async def test_a_server_that_has_ended_its_side(call: str, path: str) -> None:
    """A connection that the server has closed for writing is not used again, once it was read."""
    async with RawServer(serve_properly) as server, client_on(path, server.url) as client:
        assert is_own(await CALLS[call](client, "first"), "first")
        server.connections[0].shut_down(socket.SHUT_WR)
        await turns()
        assert is_own(await CALLS[call](client, "next"), "next")
        assert [r.connection for r in server.requests_for("next")] == [2]


@each_path
@pytest.mark.parametrize("direction", [socket.SHUT_WR, socket.SHUT_RDWR])
@pytest.mark.parametrize("call", CALLS)
async def test_a_close_that_the_loop_has_not_seen(call: str, direction: int, path: str) -> None:
    """A close that is still unread never makes a call lie; on its own pool, a call goes around it.

    The server closes its socket at once, and the client's loop does not turn before the next call.
    """
    async with RawServer(serve_properly) as server, client_on(path, server.url) as client:
        assert is_own(await CALLS[call](client, "first"), "first")
        server.connections[0].shut_down(direction)
        result = await outcome_of(CALLS[call](client, "next"))
        await turns()
        arrived = b"next" in server.arrived()
        if isinstance(result, BookingsError):
            assert isinstance(result, NoAnswer | NotSent)
            assert (result.outcome is Outcome.NOT_SENT) <= (not arrived)
        else:
            assert is_own(result, "next")
        # A session sends a GET again by itself, which the caller's own may do.
        assert len(server.requests_for("next")) <= 1 or (call, path) == ("get", "own session")
        assert inside.acquired(client) == 0
        if path == "direct":
            assert is_own(result, "next"), result


async def test_idle_for_too_long() -> None:
    """A connection older than its keep-alive time is closed, and not used again."""
    async with RawServer(serve_properly) as server, client_on("direct", server.url) as client:
        for number in (1, 2, 3):
            assert is_own(await confirm(client, "k-1"), "k-1")
            assert server.requests[-1].connection == number
            inside.expire_idle(client)
        await turns()
        assert [connection.lost.is_set() for connection in server.connections] == [
            True,
            True,
            False,
        ]


NEVER_CLOSES = pytest.mark.xfail(
    reason="aiohttp waits without end for a connection whose server takes no more of a body"
)


@pytest.mark.parametrize("path", ["direct", pytest.param("trust_env", marks=NEVER_CLOSES)])
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_response_before_the_end_of_its_request(path: str) -> None:
    """A response to a request that has not left whole is read, and ends its connection."""
    large = {"text": "x" * 16_000_000}

    async def serve(connection: RawConnection) -> None:
        if connection.number > 1:
            await serve_properly(connection)
        await connection.until(1)
        connection.transport.pause_reading()
        connection.write(whole("early", failure("early"), status=422))
        await connection.lost.wait()

    async with RawServer(serve) as server, client_on(path, server.url) as client:
        try:
            result = await outcome_of(create(client, "k-1", additional_fields=large))
            assert isinstance(result, BookingsError)
            assert result.outcome is Outcome.REFUSED, repr(result)
            assert inside.acquired(client) == 0
            assert is_own(await create(client, "next"), "next")
            assert [r.connection for r in server.requests] == [2]
            closing = asyncio.create_task(client.close())
            done, _ = await asyncio.wait([closing], timeout=PATIENCE)
            assert done
        finally:
            # Otherwise a client that waits for its connection would never end the test.
            await server.connections[0].end()


async def test_a_full_write_buffer() -> None:
    """A call on a connection whose protocol was told to pause still ends in time."""
    async with (
        RawServer(serve_properly) as server,
        client_on("direct", server.url, timeout=Timeout(total=1.0)) as client,
    ):
        assert is_own(await confirm(client, "first"), "first")
        inside.pause_writing(client)
        result = await outcome_of(confirm(client, "next"))
        assert is_own(result, "next") or isinstance(result, NotSent), result


@pytest.mark.parametrize("how", ["close", "abandon"])
def test_a_loop_that_ends_with_calls_in_flight(how: str) -> None:
    """The end of a loop cancels its calls; the client works on with the next loop."""
    with WireServer(default=lambda _: Answer(delay=60.0)) as server:
        client = AsyncClient(PUBLIC, api_url=server.url, retry=ONCE)

        async def start() -> None:
            calls = [asyncio.create_task(get(client, f"k-{n}")) for n in range(3)]
            while len(server.received) < 3:  # noqa: ASYNC110 - it happens in another thread
                await asyncio.sleep(0.001)
            if how == "close":
                await client.close()
                ends = await asyncio.gather(*calls, return_exceptions=True)
                assert all(isinstance(end, NoAnswer) for end in ends), ends

        asyncio.run(start())
        if how == "abandon":
            server.default = lambda _: Answer()
            assert asyncio.run(get(client, "b-1")).booking_id == "b-1"


async def test_two_loops() -> None:
    """Two clients on two loops use one server, each with connections of its own."""
    with WireServer() as server:

        async def calls() -> None:
            async with AsyncClient(PUBLIC, api_url=server.url, retry=ONCE) as client:
                for _ in range(20):
                    assert (await get(client, "b-1")).booking_id == "b-1"

        await asyncio.gather(*(asyncio.to_thread(asyncio.run, calls()) for _ in range(3)))
        assert server.connections == 3


async def test_closed_as_a_connection_becomes_free() -> None:
    """A call that was given a connection in the moment of the closing writes nothing to it."""
    async with (
        RawServer(serve_properly) as server,
        client_on("direct", server.url, connections=1, timeout=ENDLESS) as client,
    ):

        async def call_and_close() -> None:
            await get(client, "k-1")
            # No turn of the loop lies between the end of that response and this.
            await client.close()

        first = asyncio.create_task(call_and_close())
        second = asyncio.create_task(outcome_of(create(client, "k-2")))
        async with asyncio.timeout(PATIENCE):
            await first
            result = await second
        assert isinstance(result, NotSent), result
        assert "client was closed" in result.message
        await turns()
        assert [request.key for request in server.requests] == ["k-1"]
        assert server.connections[0].lost.is_set()


@each_path
async def test_no_more_connections_than_allowed(path: str) -> None:
    """However calls end, there are never more connections than `connections=` allows."""
    most = 0

    async def serve(connection: RawConnection) -> None:
        nonlocal most
        alive = sum(not c.lost.is_set() for c in connection.server.connections)
        most = max(most, alive)
        while True:
            key = (await connection.request()).key
            await turns(int(key) % 7)
            if int(key) % 5 == 0:
                connection.reset()
            connection.write(whole(key, success(key)))

    async with RawServer(serve) as server, client_on(path, server.url, connections=4) as client:
        calls = [asyncio.create_task(outcome_of(confirm(client, str(n)))) for n in range(100)]
        await turns(20)
        for call in calls[::3]:
            call.cancel()
        ends: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(is_own(end, str(n)) for n, end in enumerate(ends)) > 20
        await turns()
    assert most <= 8  # a connection that was dropped here may live a moment longer there
