"""“Coming from the official SDK” names calls that exist, on both sides, and leaves none out."""

from __future__ import annotations

import inspect
import re
from operator import attrgetter
from pathlib import Path

import nylas
import pytest

from nylas_bookings import Client
from nylas_bookings.operations import OPERATIONS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "coming-from-nylas.md"
ROWS = [
    line.strip("| ").split(" | ", 1)
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
]
CALL = re.compile(r"`([a-z_]+(?:\.[a-z_]+)+)\(")
THEIRS = sorted({name for left, _ in ROWS for name in CALL.findall(left)})
OURS = sorted({name for _, right in ROWS for name in CALL.findall(right)} - {"webhooks.challenge"})
NOT_OURS = {"webhooks.ip_addresses"}


@pytest.mark.parametrize("name", THEIRS)
def test_their_calls_exist(name: str) -> None:
    """What the page says about the official SDK is there, in the version that it names."""
    assert callable(attrgetter(name)(nylas.Client("key")))


@pytest.mark.parametrize("name", OURS)
def test_our_calls_exist(name: str) -> None:
    """What the page says to call instead is there."""
    assert callable(attrgetter(name)(Client()))


def test_none_of_their_calls_is_left_out() -> None:
    """Every call of theirs that has to do with scheduling has a row."""
    client = nylas.Client("key")
    own = {
        f"{resource}.{name}"
        for resource in (
            "scheduler.bookings",
            "scheduler.sessions",
            "scheduler.configurations",
            "webhooks",
        )
        for name, _ in inspect.getmembers(attrgetter(resource)(client), inspect.ismethod)
        if not name.startswith("_") and name in vars(type(attrgetter(resource)(client)))
    }
    assert own - NOT_OURS == set(THEIRS)


def test_none_of_our_calls_is_left_out() -> None:
    """Every operation of ours is named somewhere on the page."""
    assert {row.name for row in OPERATIONS} <= set(OURS)
