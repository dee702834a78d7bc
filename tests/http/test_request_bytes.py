"""What goes over the wire means the same on every path: method, target, every header, the body."""

from __future__ import annotations

import inspect
import socket
from typing import Any

import aiohttp
import orjson
import pytest

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    MintedSession,
    PublicConfiguration,
    PublicPage,
    SessionToken,
)
from nylas_bookings.auth import Auth
from nylas_bookings.operations import OPERATIONS

from ..calls import CASES, Case
from ..samples import PUBLIC
from .clients import ONCE, create, get, outcome_of
from .raw_server import RawConnection, RawRequest, RawServer
from .tls import client_context, server_context

AUTHS: dict[str, Auth] = {
    "public": PublicConfiguration("cfg-1"),
    "an odd configuration": PublicConfiguration("ü/?#[ \r\n\0"),
    "page": PublicPage("a b&c", "é=%"),
    "session": SessionToken("sess~!-1"),
    "key": ApiKey("nyk_v0_key"),
    "key of a configuration": ApiKey("nyk_v0_key", "cfg/1"),
    "minted": MintedSession("nyk_v0_key", "cfg-1"),
}
IDS = ["b-1", "a/b", "../x", "é%2F", "a b", "a?b=c#d", "%2e%2e", "+&=;:@", "\0\r\n", "📅", "~.-_"]


async def serve_sessions(connection: RawConnection) -> None:
    """Answer everything with an empty success, which opens a session where one is asked for."""
    body = orjson.dumps({"request_id": "req-1", "data": {"session_id": "minted-1"}})
    while True:
        await connection.request()
        connection.write(b"HTTP/1.1 200 X\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def meaning(request: RawRequest, server: RawServer) -> tuple[Any, ...]:
    """All that a request says, without the order of its headers and the port of the server.

    Through a session of the caller's, a GET has an empty body, which is why aiohttp does not send
    it again by itself. Its length means the same as none.
    """
    headers = sorted(
        (name.lower(), value.replace(str(server.port), "PORT"))
        for name, value in request.headers
        if (request.method, name.lower(), value) != ("GET", "content-length", "0")
    )
    target = request.target.replace(str(server.port), "PORT")
    return request.method, target, headers, request.body


async def sent_by(url: str, server: RawServer, make: Any, **settings: Any) -> list[Any]:
    """What a call puts on the wire, on the client's own pool and through a session."""
    found: list[Any] = []
    tls = {"ssl": client_context()} if server.tls else {}
    async with AsyncClient(PUBLIC, api_url=url, retry=ONCE, **tls, **settings) as client:
        await outcome_of(make(client))
    found.append([meaning(request, server) for request in server.requests])
    server.requests.clear()
    connector = aiohttp.TCPConnector(**tls)
    async with aiohttp.ClientSession(connector=connector) as session:
        client = AsyncClient(PUBLIC, api_url=url, retry=ONCE, session=session, **settings)
        await outcome_of(make(client))
    found.append([meaning(request, server) for request in server.requests])
    server.requests.clear()
    return found


def test_every_operation_is_here() -> None:
    """The cases call every operation of the table."""
    assert {case.operation.name for case in CASES} == {row.name for row in OPERATIONS}


@pytest.mark.parametrize("auth", AUTHS.values(), ids=AUTHS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
async def test_each_operation(case: Case, auth: Auth) -> None:
    """Every operation with every auth puts the same on the wire on both paths."""
    async with RawServer(serve_sessions) as server:
        async with AsyncClient(auth) as client:
            if not await can_be_asked(case, client):
                return
        found = await sent_with(auth, server, case.call)
        assert found[0] == found[1]
        assert len(found[0]) >= 1


async def can_be_asked(case: Case, client: AsyncClient) -> bool:
    """Whether the auth will do for the operation at all."""
    try:
        coroutine = case.call(client)
    except ValueError:
        return False
    if inspect.iscoroutine(coroutine):
        coroutine.close()
    return case.operation.for_visitors or isinstance(client._transport.auth, ApiKey | MintedSession)


async def sent_with(auth: Auth, server: RawServer, make: Any) -> list[Any]:
    """The same for another auth than the public one."""
    found: list[Any] = []
    async with aiohttp.ClientSession() as session:
        for settings in ({}, {"session": session}):
            client = AsyncClient(auth, api_url=server.url, retry=ONCE, **settings)
            await outcome_of(make(client))
            await client.close()
            found.append([meaning(request, server) for request in server.requests])
            server.requests.clear()
    return found


@pytest.mark.parametrize("value", IDS)
async def test_each_id(value: str) -> None:
    """An id that needs encoding arrives encoded in the same way on both paths."""
    async with RawServer(serve_sessions) as server:
        found = await sent_by(server.url, server, lambda client: get(client, value))
        assert found[0] == found[1]
        assert len(found[0]) == 1


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "[0:0::1]", "127.0.0.1/v/x"],
)
@pytest.mark.parametrize("call", [get, create])
async def test_each_host(call: Any, host: str) -> None:
    """Host and target are the same on both paths, whatever the form of the address."""
    name, slash, path = host.partition("/")
    listen = "::1" if "[" in host else "127.0.0.1"
    async with RawServer(serve_sessions, host=listen) as server:
        url = f"http://{name}:{server.port}{slash}{path}"
        found = await sent_by(url, server, lambda client: call(client, "k-1"))
        assert found[0] == found[1]
        assert len(found[0]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://api.nylas.example",
        "https://api.nylas.example:443",
        "https://api.nylas.example:0443",
        "https://API.Nylas.Example",
        "HTTPS://api.nylas.example",
        "https://api.nylas.example.",
        "https://api.nylas.example/base/path/",
        "https://api.nylas.example:8443/base",
        "http://localhost",
        "http://localhost:80",
    ],
)
async def test_each_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with default ports, where the test has the name lead to its own server."""
    tls = None if url.startswith("http:") else server_context("api.nylas.example")
    async with RawServer(serve_sessions, tls=tls) as server:

        def resolve(*_: Any, **__: Any) -> Any:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        found = await sent_by(url, server, lambda client: create(client, "k-1"))
        assert found[0] == found[1]
        assert len(found[0]) == 1
