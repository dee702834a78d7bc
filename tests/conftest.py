"""What the tests share: the local server, and clients that use it."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Iterator

import pytest

from nylas_bookings import AsyncClient, Client, PublicConfiguration, Retry

from . import aioresponses_shim
from .browser import chromium, new_page, page  # noqa: F401 - fixtures
from .services import dsn, postgres_of_all, redis_of_all, redis_url  # noqa: F401 - fixtures
from .wire_server import WireServer

aioresponses_shim.install()

# What a shell starts in the background ignores Ctrl-C, and so would all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

ONCE = Retry(attempts=1)
_NOT_PYTHON = {"chromium", "node_process"}
_EXPLORING = (
    "contract/test_explored",
    "contract/test_lifecycles",
    "contract/test_two_processes",
    "test_availability_oracle",
    "test_decoding_fuzz",
    "test_killed",
    "test_memory_stays_flat",
    "test_pytest_plugin",
    "test_docs_examples",
    "test_faster_transport",
    "tests/cli/",
    "tests/pace/test_servers",
    "tests/workers/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what need not run on each Python: browsers, Node, and long explorations."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if not _NOT_PYTHON.isdisjoint(names) or any(part in item.nodeid for part in _EXPLORING):
            item.add_marker(pytest.mark.on_one_python)


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
