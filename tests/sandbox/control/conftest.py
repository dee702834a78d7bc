"""What the tests of the controls share."""

from __future__ import annotations

import pytest

from nylas_bookings.sandbox import Sandbox

from .asking import Controls, Wire


@pytest.fixture
def controls(sandbox: Sandbox) -> Controls:
    """The controls of a sandbox without a socket."""
    return Controls(sandbox)


@pytest.fixture
def wire(listening: Sandbox) -> Wire:
    """Requests over the socket."""
    return Wire(listening)
