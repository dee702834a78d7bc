"""Deliveries outlive the process: killed, opened again, and shared by two."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from nylas_bookings import ApiKey, AsyncClient
from nylas_bookings.sandbox import Sandbox
from nylas_bookings.sandbox.post import queue

from ...waiting import until
from ...wire_server import Answer
from ..calls import MONDAY, Raw
from .conftest import TRIGGERS
from .receiver import Receiver

_BOOKS = """
import asyncio, sys
from nylas_bookings.sandbox import Sandbox
from tests.sandbox.calls import MONDAY, Raw
sandbox = Sandbox(sys.argv[1], now=MONDAY)
async def book():
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        assert (await Raw(sandbox).book(number)).status == 200
asyncio.run(book())
print("booked", flush=True)
sys.stdin.read()
"""


@contextmanager
def _process(path: Path, first: int, last: int) -> Iterator[subprocess.Popen[str]]:
    """Another process that books with the same file, and then does nothing more."""
    command = [sys.executable, "-c", _BOOKS, str(path), str(first), str(last)]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "booked\n"
        yield process


@pytest.fixture
async def path(tmp_path: Path, receiver: Receiver) -> Path:
    """A file in which the receiver has a subscription."""
    file = tmp_path / "sandbox.db"
    sandbox = Sandbox(file, now=MONDAY)
    async with AsyncClient(ApiKey(sandbox.api_key), send=sandbox.send) as client:
        await client.webhooks.create(trigger_types=TRIGGERS, webhook_url=receiver.url)
    sandbox.close()
    return file


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
async def test_a_process_that_is_killed(path: Path, receiver: Receiver) -> None:
    """What a process was sending, and what waited, is sent at once by whoever opens the file."""
    receiver.answer(Answer(status=500), Answer(delay=600.0))
    with _process(path, 0, 2) as process:
        until(lambda: len(receiver.posts) == 2)
        process.send_signal(signal.SIGKILL)
    sandbox = Sandbox(path, now=MONDAY)
    states = {one["state"] for one in sandbox.deliveries()}
    assert states <= {"sending", "waiting"}
    await asyncio.to_thread(sandbox.settle)
    sandbox.clock.advance(minutes=5)
    await asyncio.to_thread(sandbox.settle)
    assert {one["state"] for one in sandbox.deliveries()} == {"delivered"}
    assert len(receiver.posts) == 4
    sandbox.close()


async def test_two_processes_lose_nothing(path: Path, receiver: Receiver) -> None:
    """Two processes with one file send everything, and nothing twice while both are alive."""
    ours = Sandbox(path, now=MONDAY)
    with _process(path, 0, 8) as process:
        for number in range(8, 16):
            assert (await Raw(ours).book(number)).status == 200
        await asyncio.to_thread(ours.settle)
        process.communicate("", timeout=30)
    notified = [one["notification_id"] for one in ours.deliveries()]
    assert len(notified) == len(set(notified)) == 16
    assert {one["state"] for one in ours.deliveries()} == {"delivered"}
    assert len(receiver.posts) == 16
    ours.close()


async def test_what_a_process_left_without_a_word(
    path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody claimed and never sent is taken back after a while, whoever it was."""
    sandbox = Sandbox(path, now=MONDAY)
    monkeypatch.setattr(sandbox._world, "wake", lambda: None)
    await Raw(sandbox).book()
    (row,) = queue.claim(sandbox._world, "deliveries", 1)
    assert queue.claim(sandbox._world, "deliveries", 1) == []
    sandbox._world.store.run("UPDATE deliveries SET claimed_until = 0")
    await asyncio.to_thread(sandbox.settle)
    assert sandbox.deliveries()[0]["state"] == "delivered"
    assert not queue.end(sandbox._world, "deliveries", row, "given up")
    assert sandbox.deliveries()[0]["attempt"] == 1
    sandbox.close()


async def test_what_came_due_in_the_meantime(path: Path, receiver: Receiver) -> None:
    """An attempt whose time came while nobody had the file open is made when somebody has."""
    receiver.answer(Answer(status=500))
    sandbox = Sandbox(path, now=MONDAY)
    await Raw(sandbox).book()
    await asyncio.to_thread(sandbox.settle)
    sandbox.close()
    async with Sandbox(path, now=MONDAY + timedelta(hours=1)) as again:
        await asyncio.to_thread(again.settle)
        assert [one["number"] for one in again.deliveries()[0]["attempts"]] == [1, 2]
    assert len(receiver.posts) == 2
