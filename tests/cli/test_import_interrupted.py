"""Ctrl-C in the middle of an import: it resumes, and nobody is booked twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from nylas_bookings.sandbox import Fault, Sandbox

from .commands import CommandLine, environment
from .conftest import SUNDAY
from .files import csv_file
from .terminal import Terminal, terminal

NUMBER = 60


@pytest.fixture
def file(sandbox: Sandbox, tmp_path: Path) -> Path:
    """A file of bookings that can all be made."""
    sandbox.clock.freeze(SUNDAY)
    return csv_file(tmp_path / "rows.csv", NUMBER)


def created(at: Terminal) -> int:
    """How many the last display says were created."""
    return int(re.findall(r"(\d+) created", at.text)[-1])


def guests(sandbox: Sandbox) -> Counter[str]:
    """How often each guest was booked."""
    return Counter(one["document"]["guest"]["email"] for one in sandbox.bookings())


def test_resumed(nylas: CommandLine, sandbox: Sandbox, file: Path) -> None:
    """The first Ctrl-C waits for what is on its way; `--resume` does the rest, each once."""
    options = ("--per-second", "10", "--concurrency", "4")
    with terminal("import", str(file), *options, columns=100, env=environment(sandbox)) as at:
        at.until("3 created")
        at.type("\x03")
        assert at.ended() == 130
    assert "Stopping when what is on its way is answered." in at.text
    assert "--resume goes on" in at.text
    assert "Traceback" not in at.text
    made = len(sandbox.bookings())
    assert 3 <= made < NUMBER
    assert re.search(rf"created +{made}\b", at.text)
    assert re.search(r"unknown +0\b", at.text)
    assert re.search(rf"left +{NUMBER - made}\b", at.text)
    done = nylas("import", str(file), "--resume", "--json", "--per-second", "500")
    assert done.code == 0, done.err
    assert done.lines[-1]["summary"]["created"] == NUMBER
    assert guests(sandbox) == {f"guest{n}@example.com": 1 for n in range(NUMBER)}


def test_stopped_at_once(nylas: CommandLine, sandbox: Sandbox, file: Path) -> None:
    """The second Ctrl-C does not wait: what was on its way is unknown, and never sent again."""
    sandbox.faults.add("create", Fault.latency(30), times=4)
    options = ("--per-second", "50", "--concurrency", "4")
    with terminal("import", str(file), *options, env=environment(sandbox)) as at:
        at.until("0/60")
        while sum(one.operation == "bookings.create" for one in sandbox.requests()) < 4:
            assert at.process.poll() is None
        at.type("\x03")
        at.until("Ctrl-C again")
        at.type("\x03")
        assert at.ended() == 130
    assert "Traceback" not in at.text
    assert at.text.endswith("books nobody twice.\n")  # the display would wipe out what it is below
    done = nylas("import", str(file), "--resume", "--json", "--per-second", "500")
    assert done.code == 3
    summary = done.lines[-1]["summary"]
    assert (summary["created"], summary["unknown"]) == (NUMBER - 4, 4)
    assert guests(sandbox) == {f"guest{n}@example.com": 1 for n in range(NUMBER)}


def test_display(sandbox: Sandbox, file: Path) -> None:
    """While it goes on, a terminal shows how far it is, how fast, and how much is left."""
    sandbox.add_event(sandbox.organizer_email, 1799053200, 1799055000)
    options = ("--per-second", "100")
    with terminal("import", str(file), *options, columns=80, env=environment(sandbox)) as at:
        assert at.ended() == 1
    assert "60/60" in at.text
    assert "100%" in at.text
    assert "59 created · 1 failed · 0 unknown · pace 100.0/s" in at.text
    assert re.search(r"\d+\.\d/s", at.text)
    # The path of the journal is as long as it is, so that it can be copied.
    lines = [line for line in re.split(r"[\r\n]+", at.text) if str(file) not in line]
    assert max(map(len, lines)) <= 80
