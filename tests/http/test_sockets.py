"""The kernel gives a request up that it cannot deliver, soon enough for those who look for it."""

from __future__ import annotations

import inspect
import socket
from typing import Any

import pytest

from nylas_bookings._http import sockets
from nylas_bookings.batch import CalendarSettler, WebhookSettler

from . import inside
from .clients import client_on, create
from .raw_server import RawConnection, RawServer
from .response_bytes import success, whole
from .tls import client_context, server_context

API_SECONDS = 90.0
"""After how many seconds the API gives a request up, as the vendor documents."""


async def serve(connection: RawConnection) -> None:
    """Answer every request."""
    while True:
        key = (await connection.request()).key
        connection.write(whole(key, success(key)))


@pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the platform has no TCP_USER_TIMEOUT"
)
@pytest.mark.parametrize(
    ("path", "is_tls"),
    [
        ("direct", False),
        ("direct", True),
        ("trust_env", False),
        ("trust_env", True),
        ("proxy", False),
    ],
)
async def test_every_connection_of_the_client(path: str, is_tls: bool) -> None:
    """Unacknowledged data is given up after 20 s on every connection that the client opens."""
    settings: dict[str, Any] = {"ssl": client_context()} if is_tls else {}
    tls = server_context() if is_tls else None
    async with (
        RawServer(serve, tls=tls) as server,
        client_on(path, server.url, **settings) as client,
    ):
        await create(client, "k-1")
        (kept,) = inside.idle_sockets(client)
        limit = kept.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert limit == sockets.UNACKNOWLEDGED_SECONDS * 1000


def test_lost_calls_are_looked_for_long_enough() -> None:
    """A lost call is called absent only after the kernel and the API must have given it up."""
    command = pytest.importorskip("nylas_bookings.cli.importing.command", reason="needs the CLI")
    least = API_SECONDS + sockets.UNACKNOWLEDGED_SECONDS
    settle_limit = inspect.signature(command.run).parameters["settle_limit"].default
    limits = [CalendarSettler("key", "grant").limit, WebhookSettler().limit, settle_limit]
    assert limits == [least] * 3


def test_an_option_that_the_socket_does_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket without the limit is not used, and is closed."""
    made: list[socket.socket] = []

    class Recorded(socket.socket):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setattr(sockets, "_OPTION", (0xFFFF, 1))
    monkeypatch.setattr(sockets.socket, "socket", Recorded)
    with pytest.raises(OSError, match=r"\[Errno"):
        sockets.make_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 1)))
    assert made[0].fileno() == -1
