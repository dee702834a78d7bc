"""Characters that would end a line: none of them reaches the wire as itself."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings import ApiKey, AsyncClient, PublicConfiguration, PublicPage, Request
from nylas_bookings.auth import SessionToken
from nylas_bookings.errors import InvalidRequest, Outcome

from . import inside
from .clients import PATHS, client_on, create, is_own, outcome_of
from .raw_server import RawConnection, RawServer, turns
from .response_bytes import success, whole

EVIL = {
    "CR LF": "x\r\nX-Evil: 1",
    "LF": "x\nX-Evil: 1",
    "CR": "x\rX-Evil: 1",
    "a second request": "x HTTP/1.1\r\n\r\nGET /evil HTTP/1.1\r\nX-Evil: 1",
    "NUL": "x\0y",
    "DEL": "x\x7fy",
    "a C1 control": "x\x85X-Evil: 1",
    "a line separator": "x\u2028X-Evil: 1",
    "Latin-1": "xéy",
    "a letter whose low byte is LF": "x\u010aX-Evil: 1",
    "an emoji": "x📅y",
}
each_evil = pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
each_path = pytest.mark.parametrize("path", PATHS)


async def serve(connection: RawConnection) -> None:
    """Answer every request."""
    while True:
        await connection.request()
        connection.write(whole("k-1", success("k-1")))


CALLS: dict[str, Any] = {
    "booking id": lambda nylas, evil: nylas.bookings.get(evil),
    "grant id": lambda nylas, evil: nylas.configurations.get(evil, "c", auth=ApiKey("key")),
    "page token": lambda nylas, evil: nylas.configurations.list(
        "g", page_token=evil, auth=ApiKey("key")
    ),
    "zone": lambda nylas, evil: create(nylas, "k-1", booking_timezone=evil),
    "calendar": lambda nylas, evil: nylas.group_events.delete(
        "g", "c", "e", calendar_id=evil, auth=ApiKey("key")
    ),
    "configuration": lambda nylas, evil: nylas.bookings.get("b", auth=PublicConfiguration(evil)),
    "configuration of a key": lambda nylas, evil: nylas.bookings.get("b", auth=ApiKey("key", evil)),
    "slug": lambda nylas, evil: nylas.bookings.get("b", auth=PublicPage(evil, "c")),
    "client id": lambda nylas, evil: nylas.bookings.get("b", auth=PublicPage("s", evil)),
    "session id": lambda nylas, evil: nylas.sessions.destroy(evil, auth=ApiKey("key")),
    "body": create,
}


@each_evil
@each_path
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_values(call: Any, path: str, evil: str) -> None:
    """A value is refused before anything is sent, or arrives encoded in one proper request."""
    async with RawServer(serve) as server, client_on(path, server.url) as client:
        try:
            result = await outcome_of(call(client, evil))
        except InvalidRequest as error:
            result = error
        await turns()
        if isinstance(result, InvalidRequest):
            assert result.outcome is Outcome.NOT_SENT
            assert server.arrived() == b""
            return
        (request,) = server.requests
        assert request.target.isascii()
        assert request.target.isprintable()
        assert "x-evil" not in [name.lower() for name, _ in request.headers]
        assert len(server.connections) == 1
        head, _, _ = bytes(server.connections[0].received).partition(b"\r\n\r\n")
        assert all(byte >= 32 for byte in head.replace(b"\r\n", b""))


@each_evil
def test_credentials(evil: str) -> None:
    """A credential that no header can carry is refused where it is made."""
    for kind in (ApiKey, SessionToken):
        with pytest.raises(InvalidRequest) as caught:
            kind(evil)
        assert caught.value.outcome is Outcome.NOT_SENT
    with pytest.raises(InvalidRequest):
        AsyncClient(api_url=f"http://127.0.0.1/{evil}")


PARTS: dict[str, Any] = {
    "target": lambda url, evil: Request("GET", f"{url}/{evil}", {}),
    "query": lambda url, evil: Request("GET", f"{url}/?a={evil}", {}),
    "header": lambda url, evil: Request("GET", f"{url}/", {"X-A": evil}),
    "header of a body": lambda url, evil: Request("POST", f"{url}/", {"X-A": evil}, b"{}"),
}


@each_evil
@pytest.mark.parametrize("make", PARTS.values(), ids=PARTS)
async def test_the_last_line_of_defense(make: Any, evil: str) -> None:
    """A request that no check has stopped before is refused before its first byte is written."""
    async with RawServer(serve) as server, client_on("direct", server.url) as client:
        assert is_own(await create(client, "k-1"), "k-1")
        received = len(server.arrived())
        with pytest.raises(InvalidRequest) as caught:
            await inside.exchange(client, make(server.url, evil))
        await turns()
        assert caught.value.outcome is Outcome.NOT_SENT
        assert evil not in str(caught.value)
        assert len(server.arrived()) == received
        assert inside.acquired(client) == 0
        assert is_own(await create(client, "k-1"), "k-1")
