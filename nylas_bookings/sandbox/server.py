"""The API on a socket of this machine, in a thread of its own."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import threading
from typing import Final

from aiohttp import web

from .._wire.messages import Request
from .api import BODY_LIMIT
from .front import CONTROLS, PAGES, Front, first_segment

logger: Final = logging.getLogger("nylas_bookings.sandbox")

_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Max-Age": "600",
    "Access-Control-Expose-Headers": "X-Request-Id, Retry-After",
}
_ALLOWED: Final = (
    "Authorization, Content-Type, X-Nylas-Application-Public-Id, X-Nylas-Web-Elements-Version, "
    "X-Source"
)
# A page of another site must not read the outbox, nor book in the visitor's name.
_NOT_FOR_OTHER_SITES: Final = (CONTROLS, PAGES)
_START_SECONDS: Final = 10.0


class Server:
    """Listens from `start` to `stop`."""

    def __init__(self, front: Front, host: str, port: int) -> None:
        self._front = front
        self._host = host
        self._port = port
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None
        self._url = ""

    def start(self) -> str:
        """Listen, and say where."""
        self._ready.clear()
        self._thread = threading.Thread(target=self._run, name="nylas sandbox", daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise TimeoutError("the sandbox did not start")
        if self._failure is not None:
            self._thread.join(_START_SECONDS)
            raise self._failure
        return self._url

    def stop(self) -> None:
        """Listen no longer."""
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(_START_SECONDS)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._failure = None
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._host, self._port)
            await site.start()
            self._url = _url_of(runner)
            if not ipaddress.ip_address(bound := runner.addresses[0][0]).is_loopback:
                logger.warning(
                    "the sandbox listens on %s, port %d: others can reach it, and control it",
                    bound,
                    runner.addresses[0][1],
                )
        except (OSError, OverflowError) as error:  # a port may be none at all
            self._failure = error
            return
        finally:
            self._ready.set()
            if self._failure is not None:
                await runner.cleanup()
        await self._stopping.wait()
        await runner.cleanup()

    async def _handle(self, incoming: web.BaseRequest) -> web.StreamResponse:
        # Whole, because a path of its own that begins with two slashes would look like a host.
        url = f"{self._url}/{incoming.raw_path.lstrip('/')}"
        shared = first_segment(url) not in _NOT_FOR_OTHER_SITES
        if incoming.method == "OPTIONS" and shared:
            return web.Response(status=204, headers=_CORS | _allowed(incoming))
        request = Request(incoming.method, url, dict(incoming.headers), await _body(incoming))
        answer = await self._front.answered(request)
        if answer is None:
            return _hung_up(incoming)
        headers = {**answer.headers, **_CORS} if shared else dict(answer.headers)
        if answer.cut is None:
            return web.Response(status=answer.status, body=answer.body, headers=headers)
        return await _cut_off(incoming, answer.status, answer.body, headers)


async def _body(incoming: web.BaseRequest) -> bytes:
    """The body, or as much of it as shows that it is too large."""
    if incoming.content.is_eof():  # all of it has come along with the headers, as it mostly does
        return incoming.content.read_nowait()
    body = bytearray()
    async for chunk in incoming.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            break
    return bytes(body)


def _allowed(incoming: web.BaseRequest) -> dict[str, str]:
    """What a preflight asks for, next to what the official clients send."""
    asked = incoming.headers.get("Access-Control-Request-Headers")
    return {"Access-Control-Allow-Headers": f"{_ALLOWED}, {asked}" if asked else _ALLOWED}


def _hung_up(incoming: web.BaseRequest) -> web.StreamResponse:
    if incoming.transport is not None:
        incoming.transport.abort()
    return web.Response()


async def _cut_off(
    incoming: web.BaseRequest, status: int, body: bytes, headers: dict[str, str]
) -> web.StreamResponse:
    """Half an answer, and then silence."""
    response = web.StreamResponse(status=status, headers=headers)
    response.content_length = len(body) * 2 + 1
    await response.prepare(incoming)
    await response.write(body)
    if incoming.transport is not None:
        incoming.transport.close()
    return response


def _url_of(runner: web.ServerRunner) -> str:
    host, port, *_ = runner.addresses[0]
    if ipaddress.ip_address(host).is_unspecified:  # every address of this machine, and itself none
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
