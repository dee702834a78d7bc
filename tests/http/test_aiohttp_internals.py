"""The undocumented names of aiohttp that the package uses, held against the installed aiohttp."""

from __future__ import annotations

import ast
import asyncio
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.client_proto import ResponseHandler

import nylas_bookings
from nylas_bookings import AsyncClient, Retry
from nylas_bookings._http import aiohttp_internals as internals
from nylas_bookings._http import connection_pool
from nylas_bookings.errors import Outcome

from ..samples import PUBLIC
from ..wire_server import WireServer

FOLDER = Path(nylas_bookings.__file__).parent / "_http"


@pytest.mark.parametrize("name", internals.NAMES, ids=lambda name: name.path)
def test_each_name(name: internals.InternalName) -> None:
    """Each name exists as it is used; otherwise the failure says what aiohttp has changed."""
    mismatch = name.find_mismatch()
    assert mismatch is None, f"{mismatch}; it is used for this: {name.reason}"


def test_a_name_that_is_gone() -> None:
    """A name or a parameter that aiohttp does not have any more is reported by its path."""
    gone = internals.InternalName("aiohttp.client_proto:ResponseHandler.no_such", "")
    assert gone.find_mismatch() == "aiohttp.client_proto:ResponseHandler.no_such does not exist"
    path = "aiohttp.client_proto:ResponseHandler.read"
    changed = internals.InternalName(path, "", ("timer",))
    assert changed.find_mismatch() == f"{path} has no parameter 'timer'"


async def test_names_of_instances() -> None:
    """What only instances have is there: loop and switch of a session, chunks of a stream."""
    async with aiohttp.ClientSession() as session:
        assert internals.get_loop(session) is asyncio.get_running_loop()
        assert isinstance(session._retry_connection, bool)
    protocol = ResponseHandler(asyncio.get_running_loop())
    stream = aiohttp.StreamReader(protocol, 1024, loop=asyncio.get_running_loop())
    stream.feed_data(b"a")
    stream.feed_data(b"b")
    stream.feed_eof()
    assert internals.get_buffered_body(stream) == b"ab"


def test_one_file_uses_them() -> None:
    """No other file of the folder reads an attribute of aiohttp that begins with an underscore."""
    for path in FOLDER.glob("*.py"):
        if path.stem == "aiohttp_internals":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                own = isinstance(node.value, ast.Name) and node.value.id == "self"
                assert own or node.attr.startswith("__"), f"{path.name}: {ast.unparse(node)}"


async def test_an_aiohttp_that_was_not_verified(
    server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another series of aiohttp the session is used, and the client says why."""
    monkeypatch.setattr(aiohttp, "__version__", "3.15.0")
    internals.find_mismatch.cache_clear()
    try:
        async with AsyncClient(PUBLIC, api_url=server.url) as client:
            await client.bookings.get("b-1")
            assert client.http_path == "session: aiohttp 3.15.0 has not been verified"
    finally:
        internals.find_mismatch.cache_clear()


async def test_the_path_in_use(server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path can be queried before and after the first call, and follows a mock."""
    async with AsyncClient(PUBLIC, api_url=server.url) as client:
        assert client.http_path == "direct"
        await client.bookings.get("b-1")
        assert client.http_path == "direct"

        async def fail(*args: Any, **kwargs: Any) -> Any:
            raise aiohttp.ClientConnectionError

        with monkeypatch.context() as patch:
            patch.setattr(aiohttp.ClientSession, "_request", fail)
            assert client.http_path.startswith("session: ClientSession has been replaced")
            with pytest.raises(nylas_bookings.errors.NoAnswer) as caught:
                await client.bookings.cancel("b-1", timeout=nylas_bookings.Timeout(total=1))
            assert caught.value.outcome is Outcome.UNKNOWN
        assert client.http_path == "direct"
    for settings in ({"trust_env": True}, {"proxy": "http://127.0.0.1:9"}):
        other = AsyncClient(PUBLIC, retry=Retry(attempts=1), **settings)  # type: ignore[arg-type] # a union of keywords
        assert other.http_path.startswith("session: ")


async def test_another_sender(server: WireServer) -> None:
    """A client with a sender of the user's says so, and so does a blocking client."""

    async def send(request: nylas_bookings.Request) -> nylas_bookings.Response:
        raise NotImplementedError

    assert AsyncClient(PUBLIC, send=send).http_path == "send"
    assert nylas_bookings.Client(PUBLIC, send=send).http_path == "send"
    assert nylas_bookings.Client(PUBLIC, api_url=server.url).http_path == "direct"


def test_the_path_is_logged(server: WireServer, caplog: pytest.LogCaptureFixture) -> None:
    """The path is logged once for each pool, at DEBUG."""
    caplog.set_level("DEBUG", logger="nylas_bookings")
    with nylas_bookings.Client(PUBLIC, api_url=server.url) as client:
        client.bookings.get("b-1")
        client.bookings.get("b-1")
    said = [r.getMessage() for r in caplog.records if r.getMessage().startswith("HTTP requests")]
    assert said == ["HTTP requests are sent this way: direct"]


def test_without_poll() -> None:
    """Where there is no `poll`, `select` finds what is unread; a descriptor beyond it is quiet."""
    near, far = socket.socketpair()
    with near, far:
        has_unread = connection_pool._make_select(near.fileno())
        assert not has_unread(0)
        far.send(b"x")
        assert has_unread(0)
        assert connection_pool._make_poll(near.fileno())(0)
    assert not connection_pool._make_select(1 << 20)(0)
