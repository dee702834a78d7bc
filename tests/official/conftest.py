"""What the tests of the official clients share: sandboxes on a socket, the Python SDK, a site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import nylas
import pytest

from nylas_bookings.sandbox import Sandbox

from ..sandbox.calls import MONDAY
from .booking_page import BookingPage
from .node_sdk import NodeProcess, NodeSdk, require_packages
from .site import Site


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox on a socket, which stands still on a Monday at midnight."""
    with Sandbox(seed=1, now=MONDAY) as listening:
        yield listening


@pytest.fixture
def sdk(sandbox: Sandbox) -> nylas.Client:
    """The Python SDK with the application's key."""
    return nylas.Client(sandbox.api_key, sandbox.url, timeout=10)


@pytest.fixture
def sdk_with(sandbox: Sandbox) -> Callable[[str], nylas.Client]:
    """The Python SDK with another credential in place of the key."""
    return lambda credential: nylas.Client(credential, sandbox.url, timeout=10)


@pytest.fixture(scope="session")
def node_process() -> Iterator[NodeProcess]:
    """The Node SDK in a process of its own, one for all tests."""
    with NodeProcess() as running:
        yield running


@pytest.fixture
def node_sdk(node_process: NodeProcess, sandbox: Sandbox) -> NodeSdk:
    """The Node SDK with the application's key."""
    return NodeSdk(node_process, sandbox.url, sandbox.api_key)


@pytest.fixture
def live() -> Iterator[Sandbox]:
    """A sandbox on a socket with the time of the browser, which hides what is past."""
    with Sandbox(seed=1) as listening:
        yield listening


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site of another origin."""
    require_packages()
    with Site() as serving:
        yield serving


@pytest.fixture
def visit(
    new_page: Callable[..., Any], live: Sandbox, site: Site
) -> Iterator[Callable[..., BookingPage]]:
    """Opens a page with the component; the test fails when that asks for anything unheard of."""
    pages = []

    def opened(**attributes: str) -> BookingPage:
        pages.append(BookingPage(new_page(), site, live))
        pages[-1].open(**attributes)
        return pages[-1]

    yield opened
    assert [line for page in pages for line in page.strange()] == []
