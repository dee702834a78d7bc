"""The other end of every measured call: a process that answers a booking to whatever it is sent."""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.connection
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

BOOKING = {
    "request_id": "5fa64c92-e840-4357-86b9-2aa364d35b88",
    "data": {
        "booking_id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "event_id": "0cp1c5v1v8d0f4c7c1v8d0f4c7",
        "title": "Introduction to the product",
        "organizer": {"email": "host@example.com", "name": "Jane Host"},
        "status": "booked",
        "description": "We talk for half an hour. Bring your questions, and a cup of tea.",
    },
}
BODY = orjson.dumps(BOOKING)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"X-Request-Id: 5fa64c92-e840-4357-86b9-2aa364d35b88\r\nServer: benchmark\r\n"
    b"Cache-Control: no-store\r\nVary: Accept-Encoding\r\n\r\n%b" % (len(BODY), BODY)
)


class _Connection(asyncio.Protocol):
    """Counts complete requests, by their length, and answers each with the same bytes."""

    def __init__(self) -> None:
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            head = self._unread[:end].lower()
            at = head.find(b"content-length:")
            length = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
            if len(self._unread) < end + 4 + length:
                return
            self._unread = self._unread[end + 4 + length :]
            self._transport.write(ANSWER)


def _serve(ready: multiprocessing.connection.Connection) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(_Connection, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def running() -> Iterator[str]:
    """The URL of a server that runs for as long as the block does."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()
