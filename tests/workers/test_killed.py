"""Workers that are killed at any instant: others go on, and each guest is booked exactly once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from nylas_bookings import workers
from nylas_bookings.sandbox import Fault, Sandbox

from ..batch.asking import many
from ..scripts import talking_to
from .asking import ask, check

ROUNDS = int(os.environ.get("NYLAS_BOOKINGS_KILL_ROUNDS", "2"))
COUNT = 36
CHUNK = 6
LIMIT = 0.3
LATE = 0.1
PATIENCE = 20.0

Start = Callable[[dict[str, Any]], int]


@contextmanager
def starter() -> Iterator[Start]:
    """Starts workers, and ends those that are left."""
    started: list[int] = []
    with talking_to("tests.workers.work_me") as talk:

        def start(task: dict[str, Any]) -> int:
            started.append(int(talk(task)))
            return started[-1]

        try:
            yield start
        finally:
            for pid in started:
                kill(pid)


def kill(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
    """End a worker, if it has not ended."""
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return


def spoil(sandbox: Sandbox) -> None:
    """Lose answers before the work and after it, and do some of the work only later."""
    for fault in (Fault.drop_before(), Fault.drop_after(), Fault.drop_then_book(LATE)):
        sandbox.faults.add("create", fault, times=None, probability=0.1)


def a_task(name: str, database: str, sandbox: Sandbox) -> dict[str, Any]:
    """What a worker has to do."""
    return {
        "dsn": database,
        "batch": name,
        "url": sandbox.url,
        "configuration": sandbox.public,
        "key": sandbox.api_key,
        "grant": sandbox.grant_id,
        "limit": LIMIT,
    }


def wait(name: str, dsn: str) -> None:
    """Wait until a batch is finished."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        (told,) = [s for s in asyncio.run(workers.status(dsn)) if s.name == name]
        if told.finished:
            return
        time.sleep(0.1)
    jobs = ask(dsn, "SELECT * FROM procrastinate_jobs")
    pytest.fail(f"not finished: {told}, {jobs}")


@pytest.mark.timeout(60 + ROUNDS * 30)
def test_killed_at_random_instants(database: str) -> None:
    """Of three workers one is killed, then all; others finish, and nobody is booked twice."""
    chance = random.Random(os.environ.get("NYLAS_BOOKINGS_KILL_SEED", "1"))
    with starter() as start:
        for number in range(ROUNDS):
            # Another seed, because no two bookings have the same id.
            with Sandbox(seed=number) as sandbox:
                play(f"batch-{number}", database, sandbox, start, chance)


def play(name: str, database: str, sandbox: Sandbox, start: Start, chance: random.Random) -> None:
    """One batch, with three workers that are killed, and two that finish it."""
    asyncio.run(workers.submit(many(COUNT), dsn=database, name=name, chunk=CHUNK))
    spoil(sandbox)
    task = a_task(name, database, sandbox)
    three = [start(task) for _ in range(3)]
    while not ask(database, f"SELECT 1 FROM rows WHERE batch = '{name}' AND attempts > 0"):
        time.sleep(0.02)
    time.sleep(chance.uniform(0.0, 0.3))
    kill(three[0])
    time.sleep(chance.uniform(0.0, 0.3))
    for pid in three:
        kill(pid)
    two = [start(task) for _ in range(2)]
    wait(name, database)
    for pid in two:
        kill(pid)
    check(sandbox, asyncio.run(workers.report(name, dsn=database)), COUNT)


def test_asked_to_end(database: str) -> None:
    """SIGTERM ends a worker cleanly: what it had is given back at once, for others to finish."""
    asyncio.run(workers.submit(many(COUNT), dsn=database, name="batch", chunk=CHUNK))
    with Sandbox(seed=1) as sandbox, starter() as start:
        sandbox.faults.add("create", Fault.latency(0.05), times=None)
        task = a_task("batch", database, sandbox) | {"grace": 0.0}
        first = start(task)
        while not sandbox.bookings():
            time.sleep(0.02)
        kill(first, signal.SIGTERM)
        start(task)
        wait("batch", database)
        report = asyncio.run(workers.report("batch", dsn=database))
        check(sandbox, report, COUNT)
        assert report.created == COUNT
