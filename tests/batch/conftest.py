"""What the tests of batches share: a sandbox in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nylas_bookings.batch import place
from nylas_bookings.sandbox import Sandbox

from .asking import monday


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox without a socket, whose clock stands still the night before a Monday."""
    made = Sandbox(seed=1, now=monday())
    yield made
    made.close()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Where a journal may be."""
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def _copies_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a copy of a journal be gone on with, as if it had been killed where it is."""
    monkeypatch.setattr(place, "refuse_copy", lambda *_, **__: None)
