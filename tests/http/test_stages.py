"""What a call says when it ends early: NOT_SENT if, and only if, no byte of it arrived."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Timeout
from nylas_bookings.errors import BookingsError, Outcome

from . import inside
from .clients import PATHS, client_on, confirm, create, is_own, outcome_of, result_of
from .raw_server import RawConnection, RawServer, turns
from .response_bytes import head, success, whole

MOMENTS = range(40)
"""Turns of the loop after which a call is disturbed; a whole call takes fewer."""


@contextlib.asynccontextmanager
async def served(path: str, seen: list[Any]) -> AsyncIterator[tuple[RawServer, AsyncClient]]:
    """A server that answers in several segments, and a client that reports its exchanges."""

    async def serve(connection: RawConnection) -> None:
        while True:
            key = (await connection.request()).key
            response = whole(key, success(key))
            cut = len(head(key))
            await connection.write_apart(response[:20], response[20:cut], response[cut : cut + 9])
            connection.write(response[cut + 9 :])

    async with (
        RawServer(serve) as server,
        client_on(path, server.url, on_exchange=seen.append) as client,
    ):
        yield server, client


def check_truth(server: RawServer, result: Any, seen: list[Any]) -> None:
    """Hold what a call said against every byte that arrived."""
    arrived = b"k-1" in server.arrived()
    assert len(server.requests_for("k-1")) <= 1
    if isinstance(result, BookingsError):
        assert (result.outcome is Outcome.NOT_SENT) <= (not arrived), result
        assert (result.outcome is Outcome.DONE) <= bool(server.requests_for("k-1")), result
    elif not isinstance(result, asyncio.CancelledError):
        assert is_own(result, "k-1"), result
        assert arrived
    outcomes = {exchange.outcome for exchange in seen if exchange.error is not None}
    assert not (arrived and Outcome.NOT_SENT in outcomes)


@pytest.mark.parametrize("warm", [True, False], ids=["kept", "new"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("cause", ["cancel", "close", "drop", "reset"])
async def test_every_moment(cause: str, path: str, warm: bool) -> None:
    """Whenever a call is disturbed, it ends, and says NOT_SENT only if no byte of it arrived."""
    for moment in MOMENTS:
        seen: list[Any] = []
        async with served(path, seen) as (server, client):
            if warm:
                assert is_own(await create(client, "first"), "first")
                seen.clear()
            call = asyncio.create_task(create(client, "k-1"))
            await turns(moment)
            ended = call.done()
            for connection in server.connections:
                if cause == "drop":
                    connection.close()
                elif cause == "reset":
                    connection.reset()
            cancelled = cause == "cancel" and call.cancel()
            if cause == "close":
                await client.close()
            async with asyncio.timeout(10.0):
                result = await result_of(call)
            await turns()
            check_truth(server, result, seen)
            assert isinstance(result, asyncio.CancelledError) is bool(cancelled), moment
            assert inside.acquired(client) == 0
            assert not ended or is_own(result, "k-1")


@pytest.mark.parametrize("warm", [True, False], ids=["kept", "new"])
@pytest.mark.parametrize("path", PATHS)
async def test_a_timeout_at_every_moment(path: str, warm: bool) -> None:
    """The same for timeouts, and a timeout never comes out as anything but an error of ours."""
    for step in range(1, 30):
        seen: list[Any] = []
        async with served(path, seen) as (server, client):
            if warm:
                assert is_own(await create(client, "first"), "first")
                seen.clear()
            result = await outcome_of(create(client, "k-1", timeout=Timeout(total=step * 1e-4)))
            await turns()
            check_truth(server, result, seen)
            assert inside.acquired(client) == 0


@pytest.mark.parametrize("path", PATHS)
async def test_a_connection_that_is_closed_at_once(path: str) -> None:
    """A server that takes connections and hangs up never makes a call lie, or hang."""
    for how in ("close", "reset"):

        async def serve(connection: RawConnection, how: str = how) -> None:
            getattr(connection, how)()

        async with RawServer(serve) as server, client_on(path, server.url) as client:
            for call in (create, confirm):
                result = await outcome_of(call(client, "k-1"))
                assert isinstance(result, BookingsError)
                assert result.outcome in {Outcome.NOT_SENT, Outcome.UNKNOWN}
                assert inside.acquired(client) == 0
                check_truth(server, result, [])
