"""A local HTTP server that keeps every request byte for byte, and answers as a test tells it to.

It runs on a loop in a thread of its own, so that asynchronous and blocking clients can use it.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Self

import orjson
from attrs import define, field, frozen

from .listening import stop_accepting

BOOKING = {
    "booking_id": "b-1",
    "event_id": "e-1",
    "title": "Intro call",
    "organizer": {"email": "host@example.com", "name": "Host"},
    "status": "booked",
}


@frozen
class Received:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    def header(self, name: str) -> str | None:
        """The value of a header, or None; the test fails when it came twice."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, values
        return values[0] if values else None

    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


@frozen(kw_only=True)
class Answer:
    """What the server does with one request.

    Attributes:
        status: The status line's number.
        body: Bytes as they are, or anything that fits into JSON.
        headers: More headers, or others.
        delay: Seconds before the first byte.
        drop: Close the connection instead of answering.
        cut: Send only so many bytes of the body, then close.
        stall: Seconds between the headers and the body.
    """

    status: int = 200
    body: Any = field(factory=lambda: {"request_id": "req-1", "data": BOOKING})
    headers: dict[str, str] = field(factory=dict)
    delay: float = 0.0
    drop: bool = False
    cut: int | None = None
    stall: float = 0.0

    def raw_body(self) -> bytes:
        """The bytes of the body."""
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)

    def head(self) -> bytes:
        """The status line and the headers."""
        length = {} if self.status == 204 else {"Content-Length": str(len(self.raw_body()))}
        headers = {"Content-Type": "application/json", **length, **self.headers}
        lines = [f"HTTP/1.1 {self.status} X", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"


def data(value: Any, request_id: str = "req-1") -> Answer:
    """A success with that data."""
    return Answer(body={"request_id": request_id, "data": value})


def error(status: int, kind: str, message: str = "no", **headers: str) -> Answer:
    """A failure in the documented shape; headers with `_` for `-`."""
    return Answer(
        status=status,
        body={"request_id": "req-1", "error": {"type": kind, "message": message}},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


@define
class WireServer:
    """The server: `script` takes answers in order, `default` gives the rest."""

    default: Callable[[Received], Answer] = field(default=lambda _: Answer())
    tls: ssl.SSLContext | None = None
    script: deque[Answer] = field(factory=deque)
    received: list[Received] = field(factory=list)
    connections: int = 0
    open_connections: int = 0
    url: str = ""
    _loop: Any = None
    _thread: Any = None
    _stop: Any = None
    _writers: set[Any] = field(factory=set)
    _handlers: set[asyncio.Task[None]] = field(factory=set)

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)), name="wire-server", daemon=True
        )
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def answer(self, *answers: Answer) -> None:
        """Answer the next requests like this."""
        self.script.extend(answers)

    def last(self) -> Received:
        """The request that came last."""
        return self.received[-1]

    def drop_idle_connections(self) -> None:
        """Close every connection, as a server does with those that were idle for too long."""
        done = threading.Event()

        def close() -> None:
            for writer in self._writers:
                writer.transport.abort()
            done.set()

        self._loop.call_soon_threadsafe(close)
        assert done.wait(10)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self.tls)
        port = server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{port}"
        ready.set()
        await self._stop.wait()
        await stop_accepting(server)
        for writer in list(self._writers):
            writer.transport.abort()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    def _accept(self, reader: Any, writer: Any) -> None:
        if self._stop.is_set():
            writer.transport.abort()
            return
        self.connections += 1
        self.open_connections += 1
        self._writers.add(writer)
        handler = self._loop.create_task(self._handle(reader, writer, self.connections))
        self._handlers.add(handler)
        handler.add_done_callback(self._handlers.discard)

    async def _handle(self, reader: Any, writer: Any, number: int) -> None:
        try:
            while await self._exchange(reader, writer, number):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            # The client hung up, which is its right.
            writer.transport.abort()
        finally:
            self._writers.discard(writer)
            self.open_connections -= 1
            writer.close()

    async def _exchange(self, reader: Any, writer: Any, number: int) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request_line, *lines = head[:-4].split("\r\n")
        method, target, _ = request_line.split(" ")
        headers = tuple((k, v.strip()) for k, _, v in (line.partition(":") for line in lines))
        length = next((int(v) for k, v in headers if k.lower() == "content-length"), 0)
        body = await reader.readexactly(length)
        received = Received(method, target, headers, body, number)
        self.received.append(received)
        answer = self.script.popleft() if self.script else self.default(received)
        return await self._answer(answer, writer)

    async def _answer(self, answer: Answer, writer: Any) -> bool:
        await asyncio.sleep(answer.delay)
        if answer.drop:
            writer.transport.abort()
            return False
        writer.write(answer.head())
        if answer.stall:
            await writer.drain()
            await asyncio.sleep(answer.stall)
        if answer.status == 204:
            return True
        writer.write(answer.raw_body()[: answer.cut])
        await writer.drain()
        return answer.cut is None
