"""The arguments of a batch: what cannot be meant is refused before anything is read or sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import Pace, errors
from nylas_bookings.batch import CalendarSettler, Failed
from nylas_bookings.sandbox import Sandbox

from .asking import client, many, wanted


def files(folder: Path) -> list[Path]:
    """What there is."""
    return list(folder.iterdir())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"settle": "calendar"}, "a Settler is needed here, not str"),
        ({"settle": CalendarSettler}, "not the class CalendarSettler"),
        ({"stop_on": 5}, "stop_on is a function, or classes of errors, not int"),
        ({"stop_on": Failed}, "not a class of errors"),
        ({"stop_on": (errors.NotSent, "x")}, "not a class of errors"),
        ({"on_result": 5}, "on_result is a function, not int"),
        ({"journal": 5}, "a path, or a Journal, not int"),
        ({"journal": b"name"}, "a path, or a Journal, not bytes"),
        ({"journal": ":memory:"}, "a journal is a file"),
        ({"journal": ""}, "a journal is a file"),
        ({"pace": 5}, "a Pace is needed here, not int"),
        ({"pace": Pace}, "a Pace is needed here, not the class Pace"),
        ({"concurrency": "5"}, "concurrency is a number from 1"),
    ],
)
async def test_before_anything_happens(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: dict[str, Any],
    says: str,
) -> None:
    """An argument of another kind is refused before the input is read, a file made, a call sent."""
    monkeypatch.chdir(tmp_path)
    read: list[Any] = []

    def requests() -> Iterator[Any]:
        for request in many(3):
            read.append(request)
            yield request

    with pytest.raises(errors.InvalidRequest, match=says):
        await client(sandbox).bookings.create_many(
            requests(), **({"journal": tmp_path / "made"} | arguments)
        )
    assert read == sandbox.requests() == files(tmp_path) == []


async def test_a_settler_for_a_single_call(sandbox: Sandbox) -> None:
    """What cannot look for a booking is refused there too."""
    lost = errors.NoAnswer("lost")
    lost.request, lost.sent_at = wanted(0), 1.0
    settler: Any = "calendar"
    with pytest.raises(errors.InvalidRequest, match="a Settler is needed here, not str"):
        await client(sandbox).bookings.settle(lost, settler)
