"""What the tests share: the local server, and clients that use it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from nylas_bookings import AsyncClient, Client, PublicConfiguration, Retry

from . import aioresponses_shim
from .browser import chromium, new_page, page  # noqa: F401 - fixtures
from .wire_server import WireServer

aioresponses_shim.install()

ONCE = Retry(attempts=1)


@pytest.fixture
def server() -> Iterator[WireServer]:
    """A local server that keeps what it gets."""
    with WireServer() as running:
        yield running


@pytest.fixture
async def nylas(server: WireServer) -> AsyncIterator[AsyncClient]:
    """An asynchronous client of that server, that never repeats a call."""
    auth = PublicConfiguration("cfg-1")
    async with AsyncClient(auth, api_url=server.url, retry=ONCE) as client:
        yield client


@pytest.fixture
def blocking(server: WireServer) -> Iterator[Client]:
    """A blocking client of that server, that never repeats a call."""
    with Client(PublicConfiguration("cfg-1"), api_url=server.url, retry=ONCE) as client:
        yield client
