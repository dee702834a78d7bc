"""A batch that is stopped ends cleanly: nothing new starts, and what was on its way is known."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Pace
from nylas_bookings.batch import CalendarSettler, Created, Unknown
from nylas_bookings.sandbox import Fault, Sandbox

from ..samples import PUBLIC
from ..waiting import soon
from . import virtual
from .asking import client, guests, many
from .test_journal import states
from .test_pace import Server

ROOT = Path(__file__).resolve().parent.parent.parent
COUNT = 200


async def finish(sandbox: Sandbox, journal: Path, count: int, **settings: Any) -> None:
    """Go on with a batch: in the end everybody has one booking."""
    sandbox.faults.clear()
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.2, pause=0.01)
    report = await client(sandbox, **settings).bookings.create_many(
        many(count), journal=journal, settle=settler
    )
    assert report.created == count, [r for r in report if not isinstance(r, Created)]
    assert len(set(guests(sandbox))) == len(guests(sandbox)) == count


@pytest.mark.parametrize("way", ["awaited", "blocking"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
async def test_by_a_signal(way: str, number: int, journal: Path) -> None:
    """The signal ends the process as it should, and the journal knows what was on its way."""
    with Sandbox(seed=1) as sandbox:
        sandbox.faults.add("create", Fault.latency(0.7), times=None)
        task = {
            "way": way,
            "url": sandbox.url,
            "configuration": sandbox.public,
            "journal": str(journal),
            "count": COUNT,
        }
        command = [sys.executable, "-m", "tests.batch.stop_me", json.dumps(task)]
        # Where coverage is measured, the signal is for it first.
        kept = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
        environment = {**kept, "PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(
            *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment
        )
        assert process.stdout is not None
        first = await process.stdout.readline()
        await soon(lambda: len(sandbox.bookings()) >= 6)
        process.send_signal(number)
        printed, complaints = await process.communicate()
        assert process.returncode == -number, complaints
        assert first == b"Created\n"
        assert printed.split().count(b"Unknown") >= 1
        found = states(journal)
        assert "sending" not in found
        assert found.count("unknown") == printed.split().count(b"Unknown") <= 4
        assert len(found) < COUNT
        await finish(sandbox, journal, COUNT, api_url=sandbox.url)


async def test_by_cancelling(sandbox: Sandbox, journal: Path) -> None:
    """Cancelling is raised as ever, once what was on its way is recorded as unknown."""
    heard: list[Any] = []
    began = asyncio.Event()

    async def send(request: Any) -> Any:
        answer = await sandbox.send(request)
        if len(sandbox.bookings()) > 5:
            began.set()
            await asyncio.Event().wait()
        return answer

    nylas = client(sandbox, send=send)
    batch = asyncio.create_task(
        nylas.bookings.create_many(many(20), concurrency=3, journal=journal, on_result=heard.append)
    )
    await began.wait()
    await asyncio.sleep(0.05)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    unknown = [result for result in heard if isinstance(result, Unknown)]
    assert len(unknown) == 3
    assert states(journal).count("unknown") == 3
    assert "sending" not in states(journal)
    sent = len(sandbox.requests())
    await asyncio.sleep(0)
    assert len(sandbox.requests()) == sent
    await finish(sandbox, journal, 20)


async def test_what_waits_for_its_turn_was_not_sent(sandbox: Sandbox, journal: Path) -> None:
    """A row that a pace holds back when the batch is cancelled is planned, not unknown."""
    nylas = client(sandbox)
    batch = asyncio.create_task(
        nylas.bookings.create_many(many(9), journal=journal, pace=Pace(per_second=0.01))
    )
    await soon(lambda: bool(sandbox.requests()))
    await asyncio.sleep(0.05)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    assert len(sandbox.requests()) <= 1
    assert set(states(journal)) <= {"created", "planned"}
    await finish(sandbox, journal, 9)


async def test_what_waits_to_be_settled(sandbox: Sandbox, journal: Path) -> None:
    """What waits for its proof when the batch is stopped is unknown, until the next run."""
    sandbox.faults.add("create", Fault.drop_before())
    heard: list[Any] = []
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=60.0)
    batch = asyncio.create_task(
        client(sandbox).bookings.create_many(
            many(3), journal=journal, settle=settler, on_result=heard.append
        )
    )
    await soon(lambda: len(heard) == 2)
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    (unknown,) = (result for result in heard if isinstance(result, Unknown))
    assert unknown.evidence is not None
    assert "ended before" in unknown.evidence.says
    await finish(sandbox, journal, 3)


async def test_the_programs_own_handler_stays(sandbox: Sandbox) -> None:
    """A program that handles SIGTERM itself goes on to do so, and one that does not, neither."""

    def own(*_: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGTERM, own)
    try:
        await client(sandbox).bookings.create_many(many(1))
        assert signal.getsignal(signal.SIGTERM) is own
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        await client(sandbox).bookings.create_many([])
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_nothing_leaves_that_waits_for_its_turn() -> None:
    """When a result ends the batch, rows that wait for the pace stay where they are."""

    async def play(loop: virtual.VirtualLoop) -> None:
        server = Server(loop)
        nylas = virtual.on(loop, AsyncClient(PUBLIC, send=server.send))
        report = await nylas.bookings.create_many(
            many(20), concurrency=10, pace=Pace(per_second=1), stop_on=lambda _: True
        )
        assert (report.created, report.stopped) == (1, True)
        assert len(server.asked) == 1

    virtual.run(play)
