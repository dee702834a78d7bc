"""What the tests of the pages share: a sandbox on a socket that stands still on a Monday."""

from __future__ import annotations

import pytest

from nylas_bookings.sandbox import Sandbox

from .browsing import Browser
from .visiting import Visit


@pytest.fixture
def visit(listening: Sandbox) -> Visit:
    """What the tests do around a page: ask the API, read the mails."""
    return Visit(listening)


@pytest.fixture
def browse(sandbox: Sandbox) -> Browser:
    """A browser that runs no scripts, and needs no socket."""
    return Browser(sandbox)
