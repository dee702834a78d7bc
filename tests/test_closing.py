"""Closing a client ends its calls at once, whatever they wait for, and says what became of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from nylas_bookings import AsyncClient, Client, MintedSession, Pace, Response, Retry, Timeout
from nylas_bookings.errors import BookingsError, InvalidRequest, NoAnswer, NotSent, Outcome

from .samples import PUBLIC
from .stage import YES, create, no, session
from .waiting import soon, until
from .wire_server import Answer, Received, WireServer

MINTED = MintedSession("nyk_v0_key", "cfg-1")
SLOW_DOWN = no(429, Retry_After="60")
ENDLESS = Retry(deadline=None)
CLOSED = "the client was closed in the middle of the call"


class Api:
    """An API that lets its clients wait.

    Attributes:
        requests: How many requests have come.
    """

    def __init__(self, *script: Response) -> None:
        self.requests = 0
        self._script = list(script)

    async def send(self, *_: object) -> Response:
        """Answer as the script says; when it is over, never."""
        self.requests += 1
        if self._script:
            return self._script.pop(0)
        await asyncio.Event().wait()
        raise AssertionError


class NeverAllowed:
    """A pace that lets nobody leave."""

    async def acquire(self) -> None:
        """Wait without end."""
        await asyncio.Event().wait()

    def release(self, seconds: float, error: BaseException | None) -> None:
        """Nobody has left."""


def in_a_retry_pause() -> tuple[Api, dict[str, Any]]:
    """The API has asked the call itself to wait."""
    return Api(SLOW_DOWN), {"auth": PUBLIC}


def at_the_pace() -> tuple[Api, dict[str, Any]]:
    """The rate limit lets nobody leave."""
    return Api(), {"auth": PUBLIC, "pace": NeverAllowed()}


def in_a_session_request() -> tuple[Api, dict[str, Any]]:
    """The API does not respond to the request for a session."""
    return Api(), {"auth": MINTED}


WAITS: dict[str, Callable[[], tuple[Api, dict[str, Any]]]] = {
    "retry pause": in_a_retry_pause,
    "rate limit": at_the_pace,
    "session request": in_a_session_request,
}


def client_of(api: Api, settings: dict[str, Any], kind: type[Any]) -> Any:
    """A client of that API which has no reason to give up."""
    return kind(send=api.send, retry=ENDLESS, timeout=Timeout(total=None), **settings)


def pending(client: AsyncClient | Client) -> int:
    """How many waits of its calls there are."""
    source = client._source if isinstance(client, Client) else client
    return len(source._connections.waits.pending)


@pytest.mark.parametrize("wait", WAITS)
async def test_a_long_wait_ends(wait: str) -> None:
    """A call that waits notices that its client is closed, and was not sent."""
    api, settings = WAITS[wait]()
    client = client_of(api, settings, AsyncClient)
    call = asyncio.create_task(create(client))
    await soon(lambda: pending(client) == 1)
    await client.close()
    with pytest.raises(NotSent, match=CLOSED) as caught:
        await asyncio.wait_for(call, 5)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert len(asyncio.all_tasks()) == 1, "a request for a session is left"


@pytest.mark.parametrize("wait", WAITS)
def test_a_long_blocking_wait_ends(wait: str) -> None:
    """The same for the blocking client."""
    api, settings = WAITS[wait]()
    client = client_of(api, settings, Client)
    ends: list[BookingsError] = []

    def call() -> None:
        try:
            client.bookings.get("b-1")
        except BookingsError as error:
            ends.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    until(lambda: pending(client) == 1)
    client.close()
    caller.join(5)
    assert [(type(end), end.message, end.outcome) for end in ends] == [
        (NotSent, CLOSED, Outcome.NOT_SENT)
    ]


async def test_behind_the_gate() -> None:
    """A call that the API has held back, because of another one, notices it too."""
    api = Api(SLOW_DOWN)
    client = client_of(api, {"auth": PUBLIC}, AsyncClient)
    calls = [asyncio.create_task(create(client))]
    await soon(lambda: pending(client) == 1)
    calls.append(asyncio.create_task(create(client)))
    await soon(lambda: pending(client) == 2)
    await client.close()
    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(end) for end in ends] == [NotSent, NotSent]
    assert api.requests == 1


async def test_a_loss_before_it_is_not_forgotten() -> None:
    """A call whose earlier attempt was lost may have taken effect, closed or not."""
    api = Api(no(503))
    client = client_of(api, {"auth": PUBLIC}, AsyncClient)
    call = asyncio.create_task(client.bookings.cancel("b-1"))
    await soon(lambda: pending(client) == 1)
    await client.close()
    with pytest.raises(NotSent, match=CLOSED) as caught:
        await call
    assert caught.value.outcome is Outcome.UNKNOWN


async def test_no_wait_begins_afterwards() -> None:
    """A call whose attempt fails because its client is closed does not wait for another one."""
    api = Api(SLOW_DOWN)
    client = client_of(api, {"auth": PUBLIC}, AsyncClient)
    transport = client._transport
    sleep = transport._sleep

    async def close_and_send(*_: object) -> Response:
        await client.close()
        return no(503)

    transport._send = close_and_send
    transport._sleep = lambda seconds: pytest.fail(f"it waits, with {sleep}")
    with pytest.raises(BookingsError) as caught:
        await client.bookings.cancel("b-1")
    assert caught.value.outcome is Outcome.UNKNOWN


async def test_waits_of_an_idle_client() -> None:
    """A client whose waits are over has nothing to end."""
    client = AsyncClient(MINTED, send=Api(session("s-1"), YES).send, pace=Pace(1000))
    assert (await create(client)).booking_id == "b-1"
    assert pending(client) == 0
    await client.close()
    with pytest.raises(InvalidRequest, match="this client is closed"):
        await create(client)


def stall(received: Received) -> Answer:
    """Never answer."""
    return Answer(delay=600.0)


async def on_own_connections(url: str) -> tuple[AsyncClient, Callable[[], Awaitable[None]]]:
    """A client with one connection."""
    client = AsyncClient(PUBLIC, api_url=url, retry=ENDLESS, connections=1)
    return client, client.close


async def through_an_own_session(url: str) -> tuple[AsyncClient, Callable[[], Awaitable[None]]]:
    """A client with the caller's session, which has one connection and stays open."""
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1))
    client = AsyncClient(PUBLIC, api_url=url, retry=ENDLESS, session=session)
    return client, session.close


@pytest.mark.parametrize("open_client", [on_own_connections, through_an_own_session])
async def test_waiting_for_a_connection(
    server: WireServer, open_client: Callable[[str], Awaitable[Any]]
) -> None:
    """What is on its way may have taken effect, and what waits for a connection was not sent."""
    server.default = stall
    client, close = await open_client(server.url)
    calls = [asyncio.create_task(create(client)) for _ in range(2)]
    await soon(lambda: len(server.received) == 1)
    await client.close()
    async with asyncio.timeout(5):
        sent, waiting = await asyncio.gather(*calls, return_exceptions=True)
    await close()
    assert (type(sent), sent.message, sent.outcome) == (NoAnswer, CLOSED, Outcome.UNKNOWN)
    assert waiting.outcome is Outcome.NOT_SENT
    assert len(server.received) == 1


def test_a_blocking_client_waits_for_a_connection(server: WireServer) -> None:
    """The same for the blocking client."""
    server.default = stall
    client = Client(PUBLIC, api_url=server.url, retry=ENDLESS, connections=1)
    ends: list[BookingsError] = []

    def call() -> None:
        try:
            client.bookings.cancel("b-1")
        except BookingsError as error:
            ends.append(error)

    callers = [threading.Thread(target=call) for _ in range(2)]
    for caller in callers:
        caller.start()
    until(lambda: len(server.received) == 1)
    until(lambda: len(client._bridge._thread._jobs) == 2)
    client.close()
    for caller in callers:
        caller.join(5)
    assert sorted(end.outcome.name for end in ends) == ["NOT_SENT", "UNKNOWN"]
    assert {end.message for end in ends} == {CLOSED}
