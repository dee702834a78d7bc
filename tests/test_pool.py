"""The life of the connections: with a loop, with several, and when nobody closes them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Request, Retry
from nylas_bookings.errors import BookingsError, InvalidRequest, NoAnswer, NotSent

from .samples import END, JANE, PUBLIC, START
from .scripts import run
from .waiting import soon, until
from .wire_server import Answer, WireServer

ONCE = Retry(attempts=1)


async def status(client: AsyncClient) -> object:
    """The status of a booking."""
    return (await client.bookings.get("b-1")).status


async def test_connections_are_kept(server: WireServer, nylas: AsyncClient) -> None:
    """Calls one after the other use one connection; calls at the same time use several."""
    for _ in range(3):
        await status(nylas)
    assert server.connections == 1
    await asyncio.gather(*(status(nylas) for _ in range(5)))
    assert server.connections == 5


async def test_no_more_connections_than_allowed(server: WireServer) -> None:
    """`connections=` is the most there are; waiting for a free one is not a connect timeout."""
    server.default = lambda _: Answer(delay=0.02)
    async with AsyncClient(PUBLIC, api_url=server.url, retry=ONCE, connections=2) as client:
        await asyncio.gather(*(status(client) for _ in range(10)))
    assert server.connections == 2


@pytest.mark.parametrize("bad", [0, -1, 1.5, "9", True, None])
@pytest.mark.parametrize("name", ["connections", "answer_limit"])
def test_what_is_no_number(name: str, bad: Any) -> None:
    """How many connections, or bytes, there may be is an int above 0."""
    with pytest.raises(InvalidRequest, match=f"{name} must be an int above 0"):
        AsyncClient(PUBLIC, **{name: bad})


async def test_closed(server: WireServer) -> None:
    """A closed client has no connection and takes no call; closing it again is fine."""
    client = AsyncClient(PUBLIC, api_url=server.url)
    await status(client)
    await client.close()
    await client.close()
    await soon(lambda: server.open_connections == 0)
    with pytest.raises(InvalidRequest, match="this client is closed"):
        await status(client)


async def test_a_last_attempt_after_closing(server: WireServer) -> None:
    """An attempt that was on its way when the client was closed opens no new connection."""
    client = AsyncClient(PUBLIC, api_url=server.url)
    await client.close()
    assert client._http is not None
    with pytest.raises(InvalidRequest, match="this client is closed"):
        await client._http(Request("GET", server.url, {}))


async def test_closed_in_the_middle_of_calls(server: WireServer) -> None:
    """Closing ends the calls that run and those that wait for a connection, each with an error."""
    server.default = lambda _: Answer(delay=60.0)
    client = AsyncClient(PUBLIC, api_url=server.url, retry=ONCE, connections=1)
    calls = [
        asyncio.create_task(client.bookings.create(start_time=START, end_time=END, guest=JANE))
        for _ in range(2)
    ]
    await soon(lambda: len(server.received) == 1)
    await client.close()
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(error) for error in errors] == [NoAnswer, NotSent]


async def test_no_new_connections_after_closing(server: WireServer) -> None:
    """A call that would be repeated after the client was closed is not sent again."""
    server.default = lambda _: Answer(delay=60.0)
    client = AsyncClient(PUBLIC, api_url=server.url, retry=Retry(attempts=5, first_wait=0.001))
    call = asyncio.create_task(status(client))
    await soon(lambda: len(server.received) == 1)
    await client.close()
    with pytest.raises(BookingsError):
        await call
    assert len(server.received) == 1


async def test_dropped(server: WireServer) -> None:
    """A client that is dropped closes its connections at once, and leaves no warning."""
    client = AsyncClient(PUBLIC, api_url=server.url)
    await status(client)
    del client
    await soon(lambda: server.open_connections == 0)


def test_one_loop_after_the_other(server: WireServer) -> None:
    """A client goes on with new connections when its loop has ended; the old ones are closed."""
    client = AsyncClient(PUBLIC, api_url=server.url)
    for number in (1, 2, 3):
        assert asyncio.run(status(client)) == "booked"
        until(lambda: server.open_connections == 0)
        assert server.connections == number


async def test_two_loops_at_a_time(server: WireServer, nylas: AsyncClient) -> None:
    """A second loop is told that the client is in use, and the first one can go on."""
    await status(nylas)
    with pytest.raises(InvalidRequest, match="in use on another event loop: make one client for"):
        await asyncio.to_thread(asyncio.run, status(nylas))
    assert await status(nylas) == "booked"


@pytest.mark.parametrize(
    "steps",
    [
        ["end"],
        ["drop the client"],
        ["drop a cycle"],
        ["close the loop"],
        ["close the loop", "drop the client"],
        ["close the loop", "drop a cycle"],
        ["close the loop", "use another loop"],
    ],
    ids=" and ".join,
)
def test_a_loop_that_is_never_shut_down(steps: list[str], server: WireServer) -> None:
    """A script that does not shut its loop down hears no complaint about the client."""
    printed = run("loop_without_shutdown", server, *steps, options=())
    assert printed.split() == ["booked"] * (1 + ("use another loop" in steps))


@pytest.mark.parametrize("start", [b"", Answer().head(), Answer().head() + b'{"data'])
async def test_cancelled(start: bytes) -> None:
    """Cancelling a call ends its connection at once, however much of the answer has come."""
    asked, hung_up = asyncio.Event(), asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(start)
        asked.set()
        await reader.read()
        hung_up.set()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening, AsyncClient(PUBLIC, api_url=url) as client:
        call = asyncio.create_task(status(client))
        await asked.wait()
        await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await hung_up.wait()
