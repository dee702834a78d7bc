"""The limit of the machine: send the bytes of a request, receive those of its response."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import cast

from .. import create
from ..server import Endpoint
from .kinds import Awaited, Blocking, BlockingCreate, Create


def is_whole(answer: bytes) -> bool:
    """Whether all of a response has arrived."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    at = head.find(b"Content-Length: ")
    return len(body) >= int(head[at + 16 :].split(b"\r\n", 1)[0])


class _Wire(asyncio.Protocol):
    """One connection, for one request at a time."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # The transports of uvloop are no subclasses of asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)
        self._loop = asyncio.get_running_loop()

    async def exchange(self, request: bytes) -> bytes:
        """Send a request and return its response."""
        self._came = b""
        self._answer: asyncio.Future[bytes] = self._loop.create_future()
        self._transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        self._came += data
        if is_whole(self._came):
            self._answer.set_result(self._came)

    def close(self) -> None:
        self._transport.close()


@asynccontextmanager
async def _protocol(endpoint: Endpoint, connections: int) -> AsyncIterator[Create]:
    host, port = endpoint.address
    request, loop, tls = create.raw(host), asyncio.get_running_loop(), endpoint.tls()
    made = [await loop.create_connection(_Wire, host, port, ssl=tls) for _ in range(connections)]
    free = [wire for _, wire in made]

    async def call() -> object:
        wire = free.pop()
        try:
            return await wire.exchange(request)
        finally:
            free.append(wire)

    yield call
    for wire in free:
        wire.close()


@contextmanager
def _raw_socket(endpoint: Endpoint, connections: int) -> Iterator[BlockingCreate]:
    """One connection for each thread."""
    host, port = endpoint.address
    request, tls = create.raw(host), endpoint.tls()
    own = threading.local()
    made: list[socket.socket] = []

    def connect() -> socket.socket:
        wire = socket.create_connection((host, port))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return wire if tls is None else tls.wrap_socket(wire, server_hostname=host)

    def call() -> object:
        if not hasattr(own, "wire"):
            own.wire = connect()
            made.append(own.wire)
        own.wire.sendall(request)
        answer: bytes = own.wire.recv(65536)
        while not is_whole(answer):
            answer += own.wire.recv(65536)
        return answer

    try:
        yield call
    finally:
        for wire in made:
            wire.close()


PROTOCOL = Awaited(name="asyncio.Protocol by hand", open=_protocol)
AWAITED = (PROTOCOL,)
BLOCKING = (Blocking(name="raw socket", open=_raw_socket),)
