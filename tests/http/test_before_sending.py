"""Calls that end before they have a connection: none of them was sent, whatever ended it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Timeout
from nylas_bookings.errors import NotSent, Outcome

from ..samples import PUBLIC
from ..waiting import soon
from . import inside
from .clients import client_on, create, outcome_of, result_of
from .raw_server import RawConnection, RawServer, turns

BRIEF = Timeout(connect=0.05, total=0.05)
LONG = Timeout(connect=0.5, total=5.0)


async def end_by(cause: str, client: AsyncClient, call: asyncio.Task[Any]) -> None:
    """End a call: cancel it, or close its client; a timeout comes by itself."""
    if cause == "cancel":
        call.cancel()
    elif cause == "close":
        await client.close()


@contextlib.contextmanager
def silent_address(*, is_full: bool) -> Iterator[str]:
    """An address that takes connections and never writes; or that, being full, takes none."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listening.getsockname()
        for _ in range(3 if is_full else 0):
            filling = stack.enter_context(socket.socket())
            filling.setblocking(False)
            filling.connect_ex(address)
        yield f"127.0.0.1:{address[1]}"


@contextlib.asynccontextmanager
async def at_the_pool(timeout: Timeout, _: Any) -> AsyncIterator[AsyncClient]:
    """A client whose only connection is in use by another call."""

    async def serve(connection: RawConnection) -> None:
        await connection.request()
        await connection.lost.wait()

    async with (
        RawServer(serve) as server,
        client_on("direct", server.url, connections=1, timeout=LONG) as client,
    ):
        other = asyncio.create_task(result_of(asyncio.create_task(create(client, "other"))))
        await soon(lambda: len(server.requests) == 1)
        yield client
        await client.close()
        await other
        assert [request.key for request in server.requests] == ["other"]
        assert b"k-1" not in server.arrived()


@contextlib.asynccontextmanager
async def at_the_resolver(timeout: Timeout, patch: Any) -> AsyncIterator[AsyncClient]:
    """A client whose host name is never resolved."""
    ended = threading.Event()
    patch.setattr(socket, "getaddrinfo", lambda *_: ended.wait())
    async with client_on("direct", "https://api.nylas.example", timeout=timeout) as client:
        yield client
    ended.set()


@contextlib.asynccontextmanager
async def at_connecting(timeout: Timeout, _: Any) -> AsyncIterator[AsyncClient]:
    """A client whose connection is never made."""
    with silent_address(is_full=True) as address:
        async with client_on("direct", f"http://{address}", timeout=timeout) as client:
            yield client


@contextlib.asynccontextmanager
async def at_the_handshake(timeout: Timeout, _: Any) -> AsyncIterator[AsyncClient]:
    """A client whose server never says a word of TLS."""
    with silent_address(is_full=False) as address:
        async with client_on("direct", f"https://{address}", timeout=timeout) as client:
            yield client


BEFORE_SENDING: dict[str, Callable[..., Any]] = {
    "pool": at_the_pool,
    "resolver": at_the_resolver,
    "connecting": at_connecting,
    "handshake": at_the_handshake,
}


@pytest.mark.parametrize("cause", ["cancel", "timeout", "close"])
@pytest.mark.parametrize("stage", BEFORE_SENDING)
async def test_before_anything_is_written(
    stage: str, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that ends before it has a connection was not sent, and leaves none acquired."""
    brief = BRIEF if cause == "timeout" else LONG
    async with BEFORE_SENDING[stage](brief, monkeypatch) as client:
        held = inside.acquired(client)
        call = asyncio.create_task(create(client, "k-1", timeout=brief))
        await soon(lambda: inside.acquired(client) + inside.waiting(client) > held)
        await turns()
        await end_by(cause, client, call)
        result = await result_of(call)
        if cause == "cancel":
            assert isinstance(result, asyncio.CancelledError)
        else:
            assert isinstance(result, NotSent), repr(result)
            assert result.outcome is Outcome.NOT_SENT
        assert inside.waiting(client) == 0
        assert cause == "close" or inside.acquired(client) == held


@pytest.mark.parametrize("how", ["close", "reset"])
async def test_a_handshake_that_is_cut_off(how: str) -> None:
    """A connection that is lost during the handshake of TLS has carried nothing."""

    async def serve(connection: RawConnection) -> None:
        await connection.until(1)
        getattr(connection, how)()

    async with (
        RawServer(serve) as server,
        client_on("direct", server.url.replace("http:", "https:")) as client,
    ):
        result = await outcome_of(create(client, "k-1"))
        assert isinstance(result, NotSent), repr(result)
        assert inside.acquired(client) == 0


async def test_an_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that cannot be resolved gets nothing, and the next call is free to try again."""

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with AsyncClient(PUBLIC, api_url="https://api.nylas.example", connections=1) as client:
        for _ in range(3):
            result = await outcome_of(create(client, "k-1"))
            assert isinstance(result, NotSent)
            assert inside.acquired(client) == 0
