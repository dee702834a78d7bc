"""What the tests of the controls share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nylas_bookings.sandbox import Sandbox

from ..calls import MONDAY
from .asking import Controls, Wire


@pytest.fixture
def controls(sandbox: Sandbox) -> Controls:
    """The controls of a sandbox without a socket."""
    return Controls(sandbox)


@pytest.fixture
def listening() -> Iterator[Sandbox]:
    """A sandbox on a socket, on a Monday at midnight."""
    with Sandbox(seed=1, now=MONDAY) as sandbox:
        yield sandbox


@pytest.fixture
def wire(listening: Sandbox) -> Wire:
    """Requests over the socket."""
    return Wire(listening)
