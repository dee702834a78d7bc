"""The server of every measured call: a process that returns a booking to every request.

It listens on five ports: plain and TLS, at once and with the latency of a real API; and with a
latency of a second, for calls that have to wait.
"""

from __future__ import annotations

import asyncio
import http.client
import importlib.util
import itertools
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from attrs import frozen

from . import processes
from .create import raw_answer

SLOW_SECONDS, HELD_SECONDS = 0.05, 1.0
PLAIN, TLS, SLOW, SLOW_TLS = "plain", "TLS", "plain, 50 ms", "TLS, 50 ms"
HELD = "plain, 1 s"


@frozen
class Endpoint:
    """An address of the server.

    Attributes:
        url: The start of the URL.
        authority: The certificate of its authority, if it speaks TLS.
        control: The plain port that returns the CPU time of the server.
    """

    url: str
    authority: Path | None
    control: int

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    def tls(self) -> ssl.SSLContext | None:
        """Return a context that trusts it, if it speaks TLS."""
        return ssl.create_default_context(cafile=self.authority) if self.authority else None

    def server_cpu(self) -> float:
        """Return the CPU seconds of the server since it started."""
        connection = http.client.HTTPConnection("127.0.0.1", self.control)
        connection.request("GET", "/")
        seconds = float(connection.getresponse().read())
        connection.close()
        return seconds


_NUMBERS: Final = itertools.count()


class _Connection(asyncio.Protocol):
    """Find the end of each request by its length, and respond with a booking."""

    def __init__(self, delay: float) -> None:
        self._unread = b""
        self._delay = delay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # The transports of uvloop are no subclasses of asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            end += 4 + _length(self._unread[:end])
            if len(self._unread) < end:
                return
            self._unread = self._unread[end:]
            self._answer()

    def _answer(self) -> None:
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._write)
        else:
            self._write()

    def _write(self) -> None:
        # A client that was cancelled has closed its connection before the delay is over.
        if not self._transport.is_closing():
            self._transport.write(raw_answer(next(_NUMBERS)))


def _length(head: bytes) -> int:
    head = head.lower()
    at = head.find(b"content-length:")
    return 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])


class _Control(asyncio.Protocol):
    """Respond with the CPU seconds of this process."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        seconds = str(time.process_time()).encode()
        head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        cast("asyncio.WriteTransport", transport).write(head % len(seconds) + seconds)


def _serve(ready: Connection, certificate: Path | None) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def listen(
            protocol: Callable[[], asyncio.Protocol], tls: ssl.SSLContext | None = None
        ) -> int:
            server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=tls, backlog=1024)
            port: int = server.sockets[0].getsockname()[1]
            return port

        fast, slow = partial(_Connection, 0.0), partial(_Connection, SLOW_SECONDS)
        held = partial(_Connection, HELD_SECONDS)
        ports = {PLAIN: await listen(fast), SLOW: await listen(slow), HELD: await listen(held)}
        if certificate is not None:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(certificate)
            ports |= {TLS: await listen(fast, tls), SLOW_TLS: await listen(slow, tls)}
        ready.send((ports, await listen(_Control)))
        await asyncio.get_running_loop().create_future()

    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(main())


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    installed = importlib.util.find_spec("uvloop") is not None
    return import_module("uvloop").new_event_loop if installed else None


@contextmanager
def running() -> Iterator[dict[str, Endpoint]]:
    """Run the server for as long as the block runs; yields its endpoints by name."""
    here, there = processes.SPAWN.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        certificate = _certificate(Path(folder))
        process = processes.SPAWN.Process(target=_serve, args=(there, certificate), daemon=True)
        process.start()
        there.close()
        try:
            assert process.pid is not None
            processes.pin_other_end(process.pid)
            ports, control = here.recv()
            yield {name: _endpoint(name, ports[name], control, Path(folder)) for name in ports}
        finally:
            process.terminate()
            process.join()


def _endpoint(name: str, port: int, control: int, folder: Path) -> Endpoint:
    if name in (TLS, SLOW_TLS):
        return Endpoint(f"https://127.0.0.1:{port}", folder / "authority.pem", control)
    return Endpoint(f"http://127.0.0.1:{port}", None, control)


def _certificate(folder: Path) -> Path | None:
    """Write a certificate for this machine and its authority; none without `trustme`."""
    if importlib.util.find_spec("trustme") is None:
        return None
    authority = import_module("trustme").CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    own = folder / "server.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(own))
    return own
