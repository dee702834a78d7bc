"""Large bodies to a server that does not read: what has not left when a call ends never leaves."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from nylas_bookings import Timeout
from nylas_bookings.errors import BookingsError, Outcome

from ..waiting import soon
from . import inside
from .clients import client_on, create, is_own, outcome_of
from .raw_server import RawConnection, RawServer
from .response_bytes import success, whole
from .tls import client_context, server_context

LARGE = {"text": "x" * 16_000_000}
"""More than the buffers of both sockets take."""

PATIENCE = 10.0

pytestmark = pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")


def uploads() -> list[Any]:
    """Every way to end an upload, on every path."""
    found = []
    ways = itertools.product(
        ("http", "https"), ("direct", "own session"), ("cancel", "timeout", "close")
    )
    for scheme, path, cause in ways:
        if path == "own session" and (cause == "close" or scheme == "https"):
            continue
        found.append(pytest.param(scheme, path, cause, id=f"{scheme}-{path}-{cause}"))
    return found


@pytest.mark.parametrize(("scheme", "path", "cause"), uploads())
async def test_the_rest_of_a_body(scheme: str, path: str, cause: str) -> None:
    """When a call ends in the middle of its upload, the server never gets the whole request."""
    go_on = asyncio.Event()

    async def serve(connection: RawConnection) -> None:
        await connection.until(1)
        if connection.number == 1:
            connection.transport.pause_reading()
            await go_on.wait()
            connection.transport.resume_reading()
        while True:
            key = (await connection.request()).key
            connection.write(whole(key, success(key)))

    settings: dict[str, Any] = {"timeout": Timeout(total=None)}
    if scheme == "https":
        settings["ssl"] = client_context()
    async with (
        RawServer(serve, tls=server_context() if scheme == "https" else None) as server,
        client_on(path, server.url, **settings) as client,
    ):
        timeout = Timeout(total=0.5 if cause == "timeout" else None)
        upload = create(client, "k-1", additional_fields=LARGE, timeout=timeout)
        call = asyncio.create_task(outcome_of(upload))
        await soon(lambda: bool(server.connections and server.connections[0].received))
        await asyncio.sleep(0.02)  # until the socket takes no more
        async with asyncio.timeout(PATIENCE):
            if cause == "cancel":
                call.cancel()
            elif cause == "close":
                await client.close()
            result = (await asyncio.gather(call, return_exceptions=True))[0]
        go_on.set()
        async with asyncio.timeout(PATIENCE):
            await server.connections[0].lost.wait()
        assert server.requests == []
        if cause == "cancel":
            assert isinstance(result, asyncio.CancelledError)
        else:
            assert isinstance(result, BookingsError)
            assert result.outcome is Outcome.UNKNOWN
        if cause != "close":
            assert inside.acquired(client) == 0
            assert is_own(await create(client, "next", timeout=Timeout(total=5.0)), "next")


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_whole_upload(scheme: str) -> None:
    """A large body arrives whole at a server that is slow to read, and the connection is kept."""

    async def serve(connection: RawConnection) -> None:
        while True:
            await connection.until(1)
            connection.transport.pause_reading()
            await asyncio.sleep(0.05)
            connection.transport.resume_reading()
            key = (await connection.request()).key
            connection.write(whole(key, success(key)))

    settings = {"ssl": client_context()} if scheme == "https" else {}
    async with (
        RawServer(serve, tls=server_context() if settings else None) as server,
        client_on("direct", server.url, timeout=Timeout(total=30.0), **settings) as client,
    ):
        for key in ("k-1", "k-2"):
            assert is_own(await create(client, key, additional_fields=LARGE), key)
        assert len(server.requests[1].body) > len(LARGE["text"])
        assert len(server.connections) == 1
