"""Clock, seeds, reset, and files that outlive the process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from nylas_bookings import Client, PublicConfiguration, errors
from nylas_bookings.sandbox import Sandbox
from nylas_bookings.sandbox.clock import Clock

from .calls import JANE, MONDAY, ONCE, Raw, slot

_BOOKS = """
import sys
from nylas_bookings import Client, Guest, PublicConfiguration
from nylas_bookings.sandbox import Sandbox
from tests.sandbox.calls import JANE, MONDAY, slot
with Sandbox(sys.argv[1], now=MONDAY, seed=1) as sandbox:
    with Client(PublicConfiguration(sandbox.public), api_url=sandbox.url) as client:
        print(client.bookings.create(**slot(), guest=JANE).booking_id, flush=True)
        sys.stdin.read()
"""


def test_the_clock_can_be_stopped_and_moved() -> None:
    """Frozen it stands, advanced it moves, resumed it runs on from there."""
    clock = Clock(MONDAY)
    assert clock.is_frozen
    assert clock.moment() == MONDAY
    clock.advance(hours=1)
    assert clock.moment() == MONDAY + timedelta(hours=1)
    clock.resume()
    assert not clock.is_frozen
    assert clock.moment() >= MONDAY + timedelta(hours=1)
    clock.advance(days=1)
    clock.resume()
    clock.freeze()
    assert clock.moment() >= MONDAY + timedelta(days=1, hours=1)
    with pytest.raises(ValueError, match="aware"):
        clock.freeze(MONDAY.replace(tzinfo=None))


async def _ids(sandbox: Sandbox) -> list[object]:
    answer = await Raw(sandbox).book()
    return [sandbox.public, sandbox.api_key, sandbox.client_id, answer.told]


async def test_the_same_seed_gives_the_same_ids() -> None:
    """With a seed all ids are the same each time, after a reset too; without, they are not."""
    made = [Sandbox(seed=1, now=MONDAY), Sandbox(seed=1, now=MONDAY), Sandbox(now=MONDAY)]
    first, second, other = [await _ids(sandbox) for sandbox in made]
    made[0].reset()
    assert first == second == await _ids(made[0])
    assert other[:3] != first[:3]
    for sandbox in made:
        sandbox.close()


async def test_a_reset_begins_anew(sandbox: Sandbox, raw: Raw) -> None:
    """After a reset there are no bookings, and clock and switches are as at first."""
    await raw.book()
    sandbox.clock.advance(days=3)
    sandbox.reset()
    assert sandbox.bookings() == sandbox.events() == sandbox.requests() == []
    assert sandbox.clock.moment() == MONDAY


async def test_a_file_can_be_opened_again(tmp_path: Path) -> None:
    """A file keeps its bookings, and with a seed new ids are none that it has already."""
    path, ids = tmp_path / "sandbox.db", set()
    for number in range(3):
        sandbox = Sandbox(path, seed=1, now=MONDAY)
        answer = await Raw(sandbox).book(number)
        assert answer.status == 200
        ids |= {answer.told["data"]["booking_id"], answer.told["data"]["event_id"]}
        sandbox.close()
    sandbox = Sandbox(path, seed=1, now=MONDAY)
    assert (len(sandbox.bookings()), len(sandbox.events()), len(ids)) == (3, 3, 6)
    sandbox.close()


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """A booking that the client was told of is there after `kill -9`."""
    path = tmp_path / "sandbox.db"
    command = [sys.executable, "-c", _BOOKS, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout is not None
        booking_id = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
    sandbox = Sandbox(path, now=MONDAY)
    assert [booking["id"] for booking in sandbox.bookings()] == [booking_id]
    sandbox.close()


def _race(asks: list[Callable[[], None]]) -> list[str]:
    """What became of calls that begin at the same moment."""
    ends: list[str] = []
    together = threading.Barrier(len(asks))

    def one(ask: Callable[[], None]) -> None:
        together.wait()
        try:
            ask()
            ends.append("won")
        except errors.SlotUnavailable:
            ends.append("lost")

    threads = [threading.Thread(target=one, args=[ask]) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def test_one_of_many_wins(tmp_path: Path) -> None:
    """Of many who want a slot at once exactly one gets it, with two sandboxes on one file too."""
    path = tmp_path / "sandbox.db"
    with Sandbox(path, now=MONDAY) as one, Sandbox(path, now=MONDAY) as other:
        auth = PublicConfiguration(one.public)
        clients = [Client(auth, api_url=(one, other)[n % 2].url, retry=ONCE) for n in range(8)]
        for number in range(3):
            asks = [
                partial(client.bookings.create, **slot(number), guest=JANE) for client in clients
            ]
            assert _race(asks) == ["lost"] * 7 + ["won"]
        for client in clients:
            client.close()
        assert len(one.bookings()) == len(other.events()) == 3


@pytest.mark.parametrize("version", [0, 12345])
def test_a_file_of_somebody_else(tmp_path: Path, version: int) -> None:
    """A database of another program, or of another version of the sandbox, is left as it is."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookings (id TEXT)")
        other.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="take a new one"):
        Sandbox(path)
    assert path.read_bytes() == before
