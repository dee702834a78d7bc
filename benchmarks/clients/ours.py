"""Our two clients, and the first of them on another transport."""

from __future__ import annotations

import runpy
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp

from nylas_bookings import AsyncClient, Client, PublicConfiguration

from ..create import CONFIGURATION, END, GUEST, START
from ..server import Endpoint
from .kinds import Awaited, Blocking, BlockingCreate, Create

_AUTH = PublicConfiguration(CONFIGURATION)
_TRANSPORT = Path(__file__).parents[2] / "docs" / "examples" / "faster_transport.py"


@asynccontextmanager
async def _async_client(endpoint: Endpoint, connections: int) -> AsyncIterator[Create]:
    async with AsyncClient(
        _AUTH, api_url=endpoint.url, ssl=endpoint.tls(), connections=connections
    ) as nylas:
        create = nylas.bookings.create
        yield lambda: create(start_time=START, end_time=END, guest=GUEST)


@asynccontextmanager
async def _with_session(endpoint: Endpoint, connections: int) -> AsyncIterator[Create]:
    connector = aiohttp.TCPConnector(limit=connections, ssl=endpoint.tls() or True)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        AsyncClient(_AUTH, api_url=endpoint.url, session=session) as nylas,
    ):
        create = nylas.bookings.create
        yield lambda: create(start_time=START, end_time=END, guest=GUEST)


@asynccontextmanager
async def _on_another_transport(endpoint: Endpoint, connections: int) -> AsyncIterator[Create]:
    transport = runpy.run_path(str(_TRANSPORT))["PyreqwestTransport"]
    trusted = endpoint.authority.read_bytes() if endpoint.authority else None
    async with (
        transport(connections=connections, authority=trusted) as send,
        AsyncClient(_AUTH, api_url=endpoint.url, send=send) as nylas,
    ):
        create = nylas.bookings.create
        yield lambda: create(start_time=START, end_time=END, guest=GUEST)


@contextmanager
def _client(endpoint: Endpoint, connections: int) -> Iterator[BlockingCreate]:
    with Client(_AUTH, api_url=endpoint.url, ssl=endpoint.tls(), connections=connections) as nylas:
        create = nylas.bookings.create
        yield lambda: create(start_time=START, end_time=END, guest=GUEST)


ASYNC_CLIENT = Awaited(name="AsyncClient", open=_async_client)
WITH_SESSION = Awaited(name="AsyncClient(session=…)", open=_with_session)
AWAITED = (
    ASYNC_CLIENT,
    WITH_SESSION,
    Awaited(name="AsyncClient on pyreqwest", needs="pyreqwest", open=_on_another_transport),
)
CLIENT = Blocking(name="Client", open=_client)
BLOCKING = (CLIENT,)
