"""Bytes that nobody asked for: no call may take them for its response."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from nylas_bookings import Timeout
from nylas_bookings.errors import NoAnswer, NotSent

from . import inside
from .clients import CALLS, PATHS, client_on, is_own, outcome_of
from .raw_server import RawConnection, RawServer, turns
from .response_bytes import failure, head, success, whole

BYTES: dict[str, bytes] = {
    "a success": whole("stale", success("stale")),
    "two": whole("stale", success("stale")) * 2,
    "a 408": whole("stale", failure("stale"), "Connection: close", status=408),
    "a 408, kept": whole("stale", failure("stale"), status=408),
    "a 408 without a length": head("stale", "Connection: close", status=408),
    "100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n",
    "half a head": head("stale")[:-20],
    # The head of the next response becomes a value of this one, whose status then counts.
    "half a head that swallows the next": head("stale", status=404)[:-2] + b"X-A: ",
    "half a status line": b"HTTP/1.1 40",
    "a line break": b"\r\n",
    "a letter": b"H",
    "a last chunk": b"0\r\n\r\n",
    "junk": b"\x00\xff junk \r\n\r\n",
    "a TLS alert": b"\x15\x03\x03\x00\x02\x01\x00",
}
LATER = range(8)
"""How many turns of the loop after a response the server writes what nobody asked for."""


def own(key: str) -> bytes:
    """The proper response to a request."""
    return whole(key, success(key))


async def serve_properly(connection: RawConnection) -> None:
    """Answer every request."""
    while True:
        connection.write(own((await connection.request()).key))


def server_that_adds(unsolicited: bytes, later: int | None, added: list[int | None]) -> RawServer:
    """A server that writes bytes behind its first response: at once, or some turns later.

    It notes in `added` that it did.
    """

    async def serve(connection: RawConnection) -> None:
        if connection.number > 1:
            await serve_properly(connection)
        response = own((await connection.request()).key)
        if later is None:
            added.append(later)
            connection.write(response + unsolicited)
        else:
            connection.write(response)
            await turns(later)
            # With the next request under way, nobody could tell whose response this is.
            if not connection.has_unread():
                added.append(later)
                connection.write(unsolicited)
        await serve_properly(connection)

    return RawServer(serve)


async def check_next(
    path: str, call: str, client: Any, server: RawServer, *, is_harmless: bool = False
) -> None:
    """Make the next call, and hold its end against the server's record.

    Harmless bytes mean nothing to HTTP, so that the connection may be used again.
    """
    result = await outcome_of(CALLS[call](client, "next"))
    requests = server.requests_for("next")
    assert inside.acquired(client) == 0
    if path == "direct":
        assert is_own(result, "next"), result
        assert len(requests) == 1
        assert is_harmless or requests[0].connection != 1
    elif not is_own(result, "next"):
        # A session decides itself when its connections end; it must not make a lie of that.
        assert isinstance(result, NoAnswer | NotSent), result
        assert isinstance(result, NoAnswer) or not requests
    assert len(requests) <= 1


WHOLE = {"a success", "two", "a 408", "a 408, kept", "a 408 without a length"}
"""Which bytes hold a whole response, which a session gives to the next call."""

NOT_CHECKED = pytest.mark.xfail(
    reason="a session does not ask the kernel what has come before it writes the next request"
)


def cases(when: str) -> list[Any]:
    """Every path, call and kind of bytes; marked where the path of the session fails."""
    found = []
    for path, call, name in itertools.product(PATHS, ("create", "get"), BYTES):
        # A proxy or the environment adds nothing to what is not a whole response.
        if name not in WHOLE and path in {"trust_env", "proxy"}:
            continue
        swallows = name == "half a head that swallows the next"
        # Before it writes, the package looks at what the event loop has read.
        is_looked_for = when in {"behind", "read"}
        fails = path != "direct" and not is_looked_for and (name in WHOLE or swallows)
        marks = [NOT_CHECKED] if fails else []
        found.append(pytest.param(path, call, BYTES[name], id=f"{path}-{call}-{name}", marks=marks))
    return found


def each_case(when: str) -> Any:
    """A test for each of them."""
    return pytest.mark.parametrize(("path", "call", "unsolicited"), cases(when))


def client_of(path: str, server: RawServer) -> Any:
    """A client that does not wait long for the rest of half a response."""
    return client_on(path, server.url, timeout=Timeout(total=1.0))


@each_case("read")
async def test_while_idle(path: str, call: str, unsolicited: bytes) -> None:
    """A connection on which something came while it was idle is not used again."""
    async with RawServer(serve_properly) as server, client_of(path, server) as client:
        assert is_own(await CALLS[call](client, "first"), "first")
        server.connections[0].write(unsolicited)
        await turns()
        await check_next(path, call, client, server)


@each_case("unread")
async def test_while_the_loop_was_busy(path: str, call: str, unsolicited: bytes) -> None:
    """The same for bytes that are in the socket's buffer, where the loop has not seen them yet."""
    async with RawServer(serve_properly) as server, client_of(path, server) as client:
        assert is_own(await CALLS[call](client, "first"), "first")
        server.connections[0].write(unsolicited)
        await check_next(path, call, client, server)


@each_case("behind")
async def test_behind_a_response(path: str, call: str, unsolicited: bytes) -> None:
    """A connection with something behind a response, in the same segment, is not used again."""
    async with (
        server_that_adds(unsolicited, None, []) as server,
        client_of(path, server) as client,
    ):
        first = await outcome_of(CALLS[call](client, "first"))
        assert is_own(first, "first") or isinstance(first, NoAnswer), first
        await check_next(path, call, client, server, is_harmless=unsolicited == b"\r\n")


@each_case("soon")
async def test_soon_after_a_response(path: str, call: str, unsolicited: bytes) -> None:
    """The same for what comes in any turn of the loop before the next request is written."""
    added: list[int | None] = []
    for later in LATER:
        async with (
            server_that_adds(unsolicited, later, added) as server,
            client_of(path, server) as client,
        ):
            first = await outcome_of(CALLS[call](client, "first"))
            assert is_own(first, "first") or isinstance(first, NoAnswer), (later, first)
            if later in added:
                # With luck for the bytes, the client reads them together with the response.
                is_harmless = unsolicited == b"\r\n"
                await check_next(path, call, client, server, is_harmless=is_harmless)
    assert added
