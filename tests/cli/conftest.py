"""A command line with a sandbox whose clock stands still."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from nylas_bookings.sandbox import Sandbox

from .commands import CommandLine, environment

SUNDAY = datetime(2027, 1, 3, 12, tzinfo=UTC)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line, where nothing is in the environment."""
    for name in [name for name in os.environ if name.startswith("NYLAS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TZ", "UTC")
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def nylas(bare: CommandLine, sandbox: Sandbox) -> CommandLine:
    """The command line, where the environment names the sandbox."""
    sandbox.clock.freeze(SUNDAY)
    bare.env(**{k.removeprefix("NYLAS_").lower(): v for k, v in environment(sandbox).items()})
    return bare
