"""A session of the caller's own: used with all that it brings, and left as it was."""

from __future__ import annotations

import asyncio
import gzip
import warnings
from typing import Any

import aiohttp
import orjson
import pytest

from nylas_bookings import AsyncClient, Client, Retry
from nylas_bookings.errors import InvalidRequest, NotFound

from .samples import KEY, PUBLIC
from .waiting import soon
from .wire_server import BOOKING, Answer, WireServer, error


async def test_it_is_used_and_not_closed(server: WireServer) -> None:
    """The session's connections are used by the client and by its owner, before and after."""
    async with aiohttp.ClientSession() as session:
        async with session.get(server.url) as answer:
            await answer.read()
        async with AsyncClient(PUBLIC, api_url=server.url, session=session) as nylas:
            await nylas.bookings.get("b-1")
        assert not session.closed
        async with session.get(server.url) as answer:
            await answer.read()
    assert server.connections == 1
    assert len(server.received) == 3


async def test_two_clients_share_one(server: WireServer) -> None:
    """Several clients may share a session, and so its connections."""
    async with aiohttp.ClientSession() as session:
        for auth in (PUBLIC, KEY):
            nylas = AsyncClient(auth, api_url=server.url, session=session)
            await nylas.bookings.get("b-1")
            await nylas.close()
    assert server.connections == 1


SETTINGS: dict[str, dict[str, Any]] = {
    "raise_for_status": {"raise_for_status": True},
    "auto_decompress": {"auto_decompress": False},
    "timeout": {"timeout": aiohttp.ClientTimeout(total=1e-6)},
    "base_url": {"base_url": "http://elsewhere.example/"},
    "headers": {"headers": {"Accept": "text/html", "User-Agent": "mine", "Content-Type": "x/y"}},
    "cookies": {"cookies": {"theirs": "1"}},
    "json_serialize": {"json_serialize": lambda _: "nonsense"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
async def test_its_settings(settings: dict[str, Any], server: WireServer) -> None:
    """What else the session is set to does not change what calls send, return and raise."""
    body = gzip.compress(orjson.dumps({"data": BOOKING}))
    server.answer(
        Answer(body=body, headers={"Content-Encoding": "gzip"}), error(404, "not_found_error")
    )
    async with aiohttp.ClientSession(**settings) as session:
        nylas = AsyncClient(PUBLIC, api_url=server.url, session=session)
        assert (await nylas.bookings.confirm("b-1", salt="c2FsdA")).booking_id == "b-1"
        with pytest.raises(NotFound):
            await nylas.bookings.get("b-1")
    sent = server.received[0]
    assert sent.header("Accept") == "application/json"
    assert sent.header("Content-Type") == "application/json"
    assert (sent.header("User-Agent") or "").startswith("nylas-bookings/")


async def test_its_headers_and_cookies(server: WireServer) -> None:
    """The session's own headers and cookies go along, as its owner wants."""
    async with aiohttp.ClientSession(
        headers={"X-Mine": "1"}, cookie_jar=aiohttp.CookieJar(unsafe=True)
    ) as session:
        session.cookie_jar.update_cookies({"visitor": "1"})
        await AsyncClient(PUBLIC, api_url=server.url, session=session).bookings.get("b-1")
    assert server.last().header("X-Mine") == "1"
    assert server.last().header("Cookie") == "visitor=1"


async def test_its_own_password(server: WireServer) -> None:
    """A session that brings a password of its own cannot carry a bearer, and the call says so."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        session = aiohttp.ClientSession(auth=aiohttp.BasicAuth("me", "secret"))
    async with session:
        nylas = AsyncClient(KEY, api_url=server.url, session=session)
        with pytest.raises(InvalidRequest, match="aiohttp rejected the request") as caught:
            await nylas.bookings.get("b-1")
    assert "secret" not in str(caught.value)
    assert server.received == []


@pytest.mark.parametrize("used", [False, True])
async def test_it_is_closed(used: bool, server: WireServer) -> None:
    """A call through a session that its owner has closed is refused."""
    async with aiohttp.ClientSession() as session:
        nylas = AsyncClient(PUBLIC, api_url=server.url, session=session)
        if used:
            await nylas.bookings.get("b-1")
    with pytest.raises(InvalidRequest, match="the session that this client was given is closed"):
        await nylas.bookings.get("b-1")


async def test_it_is_closed_in_the_middle_of_calls(server: WireServer) -> None:
    """Calls that wait for one of its connections when it is closed are refused, not cancelled."""
    server.default = lambda _: Answer(delay=600.0)
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1))
    nylas = AsyncClient(PUBLIC, api_url=server.url, session=session, retry=Retry(first_wait=0.001))
    calls = [asyncio.create_task(nylas.bookings.get("b-1")) for _ in range(3)]
    await soon(lambda: len(server.received) == 1)
    await session.close()
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(error) for error in errors] == [InvalidRequest] * 3


async def test_it_belongs_to_another_loop(server: WireServer) -> None:
    """A session of another loop is refused, and a blocking client, with its own, takes none."""
    async with aiohttp.ClientSession() as session:
        nylas = AsyncClient(PUBLIC, api_url=server.url, session=session)
        with pytest.raises(InvalidRequest, match="belongs to another event loop"):
            await asyncio.to_thread(lambda: asyncio.run(nylas.bookings.get("b-1")))
        with pytest.raises(TypeError, match="session"):
            Client(PUBLIC, session=session)  # type: ignore[call-arg] - that is the point
        await nylas.bookings.get("b-1")


@pytest.mark.parametrize(
    "more", [{"proxy": "http://127.0.0.1:1"}, {"trust_env": True}, {"connections": 5}]
)
async def test_it_brings_its_own_connections(more: dict[str, Any]) -> None:
    """Settings of connections are refused next to a session, which has its own."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(InvalidRequest, match="brings its proxy, TLS and limits"):
            AsyncClient(PUBLIC, session=session, **more)


async def test_a_session_and_a_sender() -> None:
    """A session and a sender are not given together, nor a sender and a proxy it would not use."""

    async def send(_: object) -> Any:
        raise AssertionError

    async with aiohttp.ClientSession() as session:
        with pytest.raises(InvalidRequest, match="either a session or a sender"):
            AsyncClient(PUBLIC, session=session, send=send)
    with pytest.raises(InvalidRequest, match="brings its proxy"):
        AsyncClient(PUBLIC, send=send, proxy="http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"ssl": False}, "certificates are always verified"),
        ({"session": object()}, "must be an aiohttp ClientSession"),
        ({"on_exchange": "x"}, "must be a function"),
    ],
)
def test_settings_of_another_kind(setting: dict[str, Any], said: str) -> None:
    """What a client cannot work with, or should not, is refused when it is made."""
    with pytest.raises(InvalidRequest, match=said):
        AsyncClient(PUBLIC, **setting)
