"""Calls that get no answer: those of which nothing was sent, and those that may have arrived."""

from __future__ import annotations

import asyncio
import gc
import socket
import traceback
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Retry, Timeout
from nylas_bookings.errors import BookingsError, NoAnswer, NotSent, Outcome

from .samples import END, JANE, KEY, PUBLIC, START
from .waiting import soon
from .wire_server import Answer, WireServer

ONCE = Retry(attempts=1)
NEVER = Answer(delay=600.0)


async def booking(url: str, **settings: Any) -> BookingsError:
    """The error that a booking ends in."""
    async with AsyncClient(PUBLIC, api_url=url, retry=ONCE, **settings) as nylas:
        with pytest.raises(BookingsError) as caught:
            await nylas.bookings.create(start_time=START, end_time=END, guest=JANE)
    return caught.value


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"127.0.0.1:{listening.getsockname()[1]}"


async def test_refused(nobody: str) -> None:
    """Nobody listens: nothing was sent."""
    error = await booking(f"http://{nobody}")
    assert isinstance(error, NotSent)
    assert str(error) == (
        f"bookings.create: no connection to {nobody} (Connection refused). Nothing was sent."
    )


async def test_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the host is not known: nothing was sent."""

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = await booking("https://api.nylas.example")
    assert isinstance(error, NotSent)
    assert error.message == (
        "no connection to api.nylas.example (the host name api.nylas.example cannot be resolved)"
    )


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
async def test_no_tls(greeting: bytes) -> None:
    """The other end does not speak TLS, or hangs up instead: nothing was sent."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        error = await booking(f"https://127.0.0.1:{port}")
    assert isinstance(error, NotSent)


@pytest.mark.parametrize(
    "timeout", [Timeout(connect=0.05), Timeout(connect=None, total=0.05)], ids=["connect", "total"]
)
async def test_slow_to_connect(timeout: Timeout, silent: str) -> None:
    """No connection, TLS included, within either of the timeouts: nothing was sent."""
    error = await booking(f"https://{silent}", timeout=timeout)
    assert isinstance(error, NotSent)
    assert error.message == f"no connection to {silent} (timeout)"


async def test_slow_to_get_a_free_connection(server: WireServer) -> None:
    """A call that got none of the client's connections in time was not sent."""
    server.answer(NEVER)
    async with AsyncClient(PUBLIC, api_url=server.url, retry=ONCE, connections=1) as nylas:
        first = asyncio.create_task(nylas.bookings.get("b-1"))
        await soon(lambda: len(server.received) == 1)
        with pytest.raises(NotSent, match=r"none of this client's connections became free within"):
            await nylas.bookings.cancel("b-1", timeout=Timeout(total=0.05))
        first.cancel()


async def test_slow_to_answer(server: WireServer) -> None:
    """No answer within the total timeout: it may have taken effect."""
    server.answer(NEVER)
    error = await booking(server.url, timeout=Timeout(total=0.2))
    assert isinstance(error, NoAnswer)
    assert error.outcome is Outcome.UNKNOWN
    assert error.message == "no response within 0.2 s"


async def test_dropped(server: WireServer) -> None:
    """The connection is lost after the request: it may have taken effect."""
    server.answer(Answer(drop=True))
    error = await booking(server.url)
    assert isinstance(error, NoAnswer)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "head",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\n?",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
    ids=["another protocol", "a bad header", "an unknown encoding", "a huge header"],
)
async def test_no_http(head: bytes, server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is not proper HTTP is none."""
    monkeypatch.setattr(Answer, "head", lambda _: head)
    error = await booking(server.url)
    assert isinstance(error, NoAnswer)
    assert error.message == "invalid HTTP response"


async def test_the_error_of_aiohttp_is_not_told(silent: str) -> None:
    """Aiohttp's own errors know the whole URL, so no traceback goes back to them."""
    async with AsyncClient(KEY, api_url=f"https://{silent}", retry=ONCE) as nylas:
        with pytest.raises(NotSent) as caught:
            await nylas.sessions.destroy("sess-secret", timeout=Timeout(connect=0.05))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "sess-secret" not in "".join(traceback.format_exception_only(caught.value))


async def test_an_error_that_is_forgotten(nobody: str) -> None:
    """An error is gone when nobody holds it, and needs no garbage collector for that."""
    gc.disable()
    try:
        async with AsyncClient(PUBLIC, api_url=f"http://{nobody}", retry=ONCE) as nylas:
            try:
                await nylas.bookings.get("b-1")
            except NotSent as error:
                remembered = weakref.ref(error)
        assert remembered() is None
    finally:
        gc.enable()
