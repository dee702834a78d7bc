"""A request whose permission has ended is not written, however late it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from nylas_bookings import Request, Timeout, _expiry
from nylas_bookings._expiry import Expiry
from nylas_bookings._wire.messages import JSON_HEADERS
from nylas_bookings.errors import NotSent, Outcome

from . import inside
from .clients import PATHS, client_on, create
from .raw_server import RawConnection, RawServer, turns
from .response_bytes import success, whole


def request_to(url: str, expires: Expiry) -> Request:
    """Return a request with a body."""
    address = f"{url}/v3/scheduling/bookings?configuration_id=c"
    return Request("POST", address, JSON_HEADERS, b"{}", Timeout(), expires)


async def serve(connection: RawConnection) -> None:
    """Answer every request."""
    while True:
        key = (await connection.request()).key
        connection.write(whole(key, success(key)))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("is_warm", [False, True])
async def test_nothing_is_written(path: str, is_warm: bool) -> None:
    """No byte reaches the server, on a new connection or a kept one; the next call works."""
    async with RawServer(serve) as server, client_on(path, server.url) as client:
        if is_warm:
            await create(client, "k-1")
        before = server.arrived()
        target = "http://127.0.0.1:9" if path == "proxy" else server.url
        with pytest.raises(NotSent, match="permission to send the request expired") as caught:
            await inside.exchange(client, request_to(target, Expiry.after(-1.0)))
        assert caught.value.outcome is Outcome.NOT_SENT
        await turns()
        assert server.arrived() == before
        assert inside.acquired(client) == 0
        await create(client, "k-2")


@pytest.mark.parametrize("path", ["direct", "own session"])
async def test_it_expires_while_it_waits_for_a_connection(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The permission counts when the request is written, not when the call begins."""
    release = asyncio.Event()

    async def hold(connection: RawConnection) -> None:
        while True:
            key = (await connection.request()).key
            await release.wait()
            connection.write(whole(key, success(key)))

    passed = 0.0
    monkeypatch.setattr(_expiry, "_steady_clock", lambda: time.monotonic() + passed)
    async with RawServer(hold) as server, client_on(path, server.url, connections=1) as client:
        first = asyncio.create_task(create(client, "k-1"))
        while not server.requests:
            await turns()
        request = request_to(server.url, Expiry.after(60.0))
        second = asyncio.ensure_future(inside.exchange(client, request))
        await turns()
        passed = 61.0
        release.set()
        await first
        with pytest.raises(NotSent, match="permission to send the request expired"):
            await second
        assert [received.key for received in server.requests] == ["k-1"]


def forward(seconds: float) -> Callable[[], float]:
    """Return a time of day that is ahead."""
    now = time.time
    return lambda: now() + seconds


def test_a_clock_that_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paused machine whose steady clock did not count the pause is known by its time of day."""
    expires = Expiry.after(20.0)
    assert not expires.has_passed()
    monkeypatch.setattr(_expiry.time, "time", forward(21.0))
    assert expires.has_passed()


def test_a_time_of_day_that_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """To set the time of day back prolongs nothing."""
    expires = Expiry.after(20.0)
    later = _expiry._steady_clock() + 21.0
    monkeypatch.setattr(_expiry.time, "time", forward(-3600.0))
    monkeypatch.setattr(_expiry, "_steady_clock", lambda: later)
    assert expires.has_passed()
