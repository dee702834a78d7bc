"""A server that writes raw bytes, and keeps a record of every byte that arrives.

It runs on the loop of the test. Its writes reach the client's socket at once, so a test decides
what is in the client's receive buffer before the client's loop has read it.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from typing import Any, Self
from urllib.parse import unquote

import orjson
from attrs import Factory, define, field, frozen

from ..listening import stop_accepting

TURNS = 4
"""Turns of the loop after which a client on the same loop has read what was written."""


@frozen
class RawRequest:
    """One whole request as it arrived."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    @property
    def key(self) -> str:
        """The id that the call was about; a `create` carries it as the name of its guest."""
        if self.method == "POST":
            return str(orjson.loads(self.body)["guest"]["name"])
        return unquote(self.target.partition("?")[0].rpartition("/")[2])


class ConnectionEndedError(Exception):
    """The client closed the connection before a whole request arrived."""


class RawConnection(asyncio.Protocol):
    """The server's end of one connection.

    Attributes:
        received: Every byte that arrived.
    """

    def __init__(self, server: RawServer) -> None:
        self.server = server
        self.number = 0
        self.received = bytearray()
        self.transport: Any = None
        self.lost = asyncio.Event()
        self._parsed = 0
        self._has_ended = False
        self._arrival = asyncio.Event()
        self._handler: asyncio.Task[None] | None = None

    def connection_made(self, transport: Any) -> None:
        """Start the handler."""
        self.transport = transport
        if self.server.is_closing:
            transport.abort()
            return
        self.server.connections.append(self)
        self.number = len(self.server.connections)
        self._handler = asyncio.get_running_loop().create_task(self._handle())

    def data_received(self, data: bytes) -> None:
        """Record what arrived."""
        self.received += data
        self._arrival.set()

    def connection_lost(self, _: Exception | None) -> None:
        """End what waits for more."""
        self.lost.set()
        self._arrival.set()

    async def _handle(self) -> None:
        try:
            await self.server.handler(self)
        except ConnectionEndedError:
            self.transport.abort()
        except Exception as error:  # noqa: BLE001 - the test reports it when it ends
            self.server.failures.append(error)
            self.transport.abort()

    async def end(self) -> None:
        """Abort the connection and its handler."""
        self.transport.abort()
        if self._handler is not None:
            self._handler.cancel()
            await asyncio.wait([self._handler])

    def has_unread(self) -> bool:
        """Whether bytes of the next request are here, parsed or not, or in the socket's buffer."""
        raw = self.transport.get_extra_info("socket")
        if raw is None or raw.fileno() < 0 or len(self.received) > self._parsed:
            return True
        return bool(select.select([raw], [], [], 0)[0])

    async def until(self, size: int) -> None:
        """Wait until that many bytes have arrived since the last whole request."""
        while len(self.received) < self._parsed + size:
            if self.lost.is_set():
                raise ConnectionEndedError
            self._arrival.clear()
            await self._arrival.wait()

    async def request(self) -> RawRequest:
        """Wait for the next whole request, and record it."""
        while (end := self.received.find(b"\r\n\r\n", self._parsed)) < 0:
            await self.until(len(self.received) - self._parsed + 1)
        head = self.received[self._parsed : end].decode("latin-1")
        line, *lines = head.split("\r\n")
        method, target, _ = line.split(" ")
        headers = tuple((k, v.strip()) for k, _, v in (text.partition(":") for text in lines))
        length = next((int(v) for k, v in headers if k.lower() == "content-length"), 0)
        start = end + 4
        await self.until(start - self._parsed + length)
        self._parsed = start + length
        body = bytes(self.received[start : self._parsed])
        request = RawRequest(method, target, headers, body, self.number)
        self.server.requests.append(request)
        return request

    def write(self, data: bytes) -> None:
        """Write bytes at once, if the socket takes them."""
        if not self._has_ended:
            self.transport.write(data)

    def shut_down(self, direction: int) -> None:
        """Shut the socket down now, not with the next turn; what is written later is dropped."""
        self._has_ended = True
        self.transport.get_extra_info("socket").shutdown(direction)

    async def write_apart(self, *segments: bytes) -> None:
        """Write segments so that the client reads each one by itself."""
        for segment in segments:
            self.write(segment)
            await turns()

    def close(self) -> None:
        """Close the connection in good order, after what was written."""
        self.transport.close()

    def reset(self) -> None:
        """Close the connection by a RST."""
        raw = self.transport.get_extra_info("socket")
        if raw is not None and raw.fileno() >= 0:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


Handler = Callable[[RawConnection], Awaitable[None]]


@define(eq=False)
class RawServer:
    """The server; a context manager that ends every connection and reports failed handlers.

    Attributes:
        handler: Serves one connection.
        tls: The server's side of TLS, if any.
        host: The address to listen on.
        connections: Every connection so far.
        requests: Every whole request so far.
        failures: What handlers raised.
        is_closing: Whether new connections are aborted.
    """

    handler: Handler
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    connections: list[RawConnection] = Factory(list)
    requests: list[RawRequest] = Factory(list)
    failures: list[Exception] = Factory(list)
    url: str = ""
    port: int = 0
    is_closing: bool = field(default=False, init=False)
    _listening: Any = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(
            lambda: RawConnection(self), self.host, 0, ssl=self.tls, backlog=1024
        )
        self.port = self._listening.sockets[0].getsockname()[1]
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.url = f"{'https' if self.tls else 'http'}://{host}:{self.port}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.is_closing = True
        await stop_accepting(self._listening)
        for connection in self.connections:
            await connection.end()
        await turns()
        if kind is None and self.failures:
            raise self.failures[0]

    def requests_for(self, key: str) -> list[RawRequest]:
        """The whole requests of one call."""
        return [request for request in self.requests if request.key == key]

    def arrived(self) -> bytes:
        """Every byte of every connection."""
        return b"".join(bytes(connection.received) for connection in self.connections)


async def turns(count: int = TURNS) -> None:
    """Let the loop turn, so that every socket is read that has something."""
    for _ in range(count):
        await asyncio.sleep(0)
