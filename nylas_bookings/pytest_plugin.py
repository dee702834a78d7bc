"""Fixtures for the tests of programs that book: a sandbox, and clients of it.

They are there as soon as the package is installed next to pytest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ._client.client import AsyncClient
    from ._sync import Client
    from .sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A Scheduler API of the test's own, with the same ids in each run."""
    from .sandbox import Sandbox

    with Sandbox(seed=0) as made:
        yield made


@pytest.fixture
def async_client(sandbox: Sandbox) -> AsyncClient:
    """A client of the sandbox, for a visitor of its public configuration."""
    from ._client.client import AsyncClient
    from .auth import PublicConfiguration

    return AsyncClient(PublicConfiguration(sandbox.public), api_url=sandbox.url)


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    """The same, blocking."""
    from ._sync import Client
    from .auth import PublicConfiguration

    with Client(PublicConfiguration(sandbox.public), api_url=sandbox.url) as made:
        yield made
