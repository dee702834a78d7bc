"""What the tests of the pages share: a sandbox on a socket that stands still on a Monday."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nylas_bookings.sandbox import Sandbox

from ..calls import MONDAY
from .browsing import Browser
from .visiting import Visit


@pytest.fixture
def listening() -> Iterator[Sandbox]:
    """A sandbox on a socket, on a Monday at midnight."""
    with Sandbox(seed=1, now=MONDAY) as sandbox:
        yield sandbox


@pytest.fixture
def visit(listening: Sandbox) -> Visit:
    """What the tests do around a page: ask the API, read the mails."""
    return Visit(listening)


@pytest.fixture
def browse(sandbox: Sandbox) -> Browser:
    """A browser that runs no scripts, and needs no socket."""
    return Browser(sandbox)
