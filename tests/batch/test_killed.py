"""A batch that is killed at any instant goes on, and books each guest exactly once."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings.sandbox import Fault, Sandbox

from ..scripts import talking_to
from .asking import guests

COUNT = 24
KILLS = 50


@contextmanager
def killer() -> Iterator[Any]:
    """A process that carries out batches, and kills them in time."""
    with talking_to("tests.batch.kill_me") as talk:

        def ask(task: dict[str, Any]) -> Any:
            told = json.loads(talk(task))
            return json.loads(told) if told else None

        yield ask


def spoil(sandbox: Sandbox, late: float) -> None:
    """Lose answers before the work and after it, and do some of the work only later."""
    for fault in (Fault.drop_before(), Fault.drop_after(), Fault.drop_then_book(late)):
        sandbox.faults.add("create", fault, times=None, probability=0.1)


def check(sandbox: Sandbox, told: dict[str, Any]) -> None:
    """Everybody has what the report says, and nobody has it twice.

    On a machine that is busy the sandbox may book later than the limit that the settler was told:
    then a row may stay unknown, and has to be called so.
    """
    booked = Counter(guests(sandbox))
    assert "error" not in told, told
    assert (len(told["results"]), told["left"]) == (COUNT, 0)
    for kind, guest in told["results"]:
        truth = {"Created": {1}, "Failed": {0}, "Unknown": {0, 1}}[kind]
        assert booked[guest] in truth, (kind, guest, booked[guest])
    kinds = Counter(kind for kind, _ in told["results"])
    assert kinds["Failed"] == 0, kinds
    assert kinds["Created"] >= COUNT * 3 // 4, kinds


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("seed", "late", "limit"), [(1, 0.1, 0.3), (2, 2.0, 2.5)])
def test_killed_at_random_instants(seed: int, late: float, limit: float, tmp_path: Path) -> None:
    """Whenever a batch is killed, in the end nobody is booked twice, and the report is true.

    With a short limit many batches come to their end in between; with a long one, bookings land
    seconds after their connection was lost, and in another run than the one that asked for them.
    """
    chance = random.Random(seed)
    kills = batches = 0
    with Sandbox(seed=seed) as sandbox, killer() as ask:
        task = {
            "url": sandbox.url,
            "configuration": sandbox.public,
            "key": sandbox.api_key,
            "grant": sandbox.grant_id,
            "limit": limit,
            "count": COUNT,
        }
        spoil(sandbox, late)
        while True:
            journal = {"journal": str(tmp_path / f"{batches}.sqlite3")}
            # In the end, time enough.
            seconds = chance.uniform(0.01, 0.5) if kills < KILLS // 2 else 30.0
            told = ask({**task, **journal, "seconds": seconds})
            if told is None:
                kills += 1
                continue
            check(sandbox, told)
            if kills >= KILLS // 2:
                break
            batches += 1
            sandbox.reset()
            spoil(sandbox, late)
    assert kills == KILLS // 2
