"""The client on a faster HTTP library: a `send` on pyreqwest, which does its work in Rust.

    pip install pyreqwest
    python docs/examples/faster_transport.py

A `send` has one duty besides sending: when nothing comes back, to say whether anything can have
reached the API. `NotSent` means that it cannot, and such a call is repeated.

pyreqwest is young: with 0.15.1, a program that ended within milliseconds of a failed call was seen
to crash at its exit, twice in 120 times.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import BuilderError, RequestError
from pyreqwest.response import Response as Answer

from nylas_bookings import AsyncClient, Guest, PublicConfiguration, Request, Response
from nylas_bookings.errors import InvalidRequest, NoAnswer, NotSent
from nylas_bookings.sandbox import Sandbox

CHUNK = 64 * 1024
CONNECTING = "client error (Connect)"


class PyreqwestTransport:
    """Carries requests through pyreqwest.

    Args:
        connections: How many there may be at a time.
        authority: A certificate (PEM) to trust besides those of the system.
        answer_limit: How many bytes of an answer are read at most, after decompression.
    """

    def __init__(
        self,
        *,
        connections: int = 100,
        authority: bytes | None = None,
        answer_limit: int = 8 * 1024 * 1024,
    ) -> None:
        # A redirect would take the credential along, and idle connections end before the server's.
        builder = (
            ClientBuilder()
            .follow_redirects(False)
            .max_connections(connections)
            .connect_timeout(timedelta(seconds=10))
            .pool_idle_timeout(timedelta(seconds=15))
        )
        if authority is not None:
            builder = builder.add_root_certificate_pem(authority)
        self._client = builder.build()
        self._answer_limit = answer_limit

    async def __call__(self, request: Request) -> Response:
        """One exchange. The client that calls it sees to the time that it may take."""
        host = urlsplit(request.url).netloc
        try:
            exchange = self._client.request(request.method, request.url).headers(request.headers)
            if request.body is not None:
                exchange = exchange.body_bytes(request.body)
            async with exchange.build_streamed() as answer:
                return await self._read(answer)
        # What pyreqwest says of it names the URL, so it stays here.
        except RequestError as error:
            if never_connected(error):
                raise NotSent(f"no connection to {host}") from None
            raise NoAnswer(f"no answer ({type(error).__name__})") from None
        except (BuilderError, ValueError):
            raise InvalidRequest("pyreqwest does not take the request") from None

    async def _read(self, answer: Answer) -> Response:
        chunks: list[bytes] = []
        size, cut = 0, None
        try:
            while cut is None and (chunk := await answer.body_reader.read(CHUNK)):
                chunks.append(bytes(chunk))
                size += len(chunk)
                if size > self._answer_limit:
                    cut = f"is larger than {self._answer_limit} bytes"
        except RequestError:
            cut = "stopped in the middle"
        return Response(answer.status, dict(answer.headers.items()), b"".join(chunks), cut)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def never_connected(error: RequestError) -> bool:
    """Whether it went wrong before there was a connection.

    pyreqwest's `ConnectError` does not tell: it also stands for a connection that was lost after
    the request was sent, and repeating that could book twice. The causes name the step that failed.
    """
    return any(cause["message"] == CONNECTING for cause in error.details["causes"] or ())


async def main() -> None:
    """Book in a sandbox, over a socket."""
    async with (
        Sandbox() as sandbox,
        PyreqwestTransport() as send,
        AsyncClient(PublicConfiguration(sandbox.public), api_url=sandbox.url, send=send) as nylas,
    ):
        now = datetime.now(UTC)
        offer = await nylas.availability.get(start_time=now, end_time=now + timedelta(days=7))
        slot = offer.time_slots[0]
        booking = await nylas.bookings.create(
            start_time=slot.start_time,
            end_time=slot.end_time,
            guest=Guest(name="Jane Doe", email="jane@example.com"),
        )
        print(f"{booking.status}: {booking.title!r} at {slot.start_time:%H:%M} UTC")


if __name__ == "__main__":
    asyncio.run(main())
