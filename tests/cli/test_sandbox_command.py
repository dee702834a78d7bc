"""`nylas-bookings sandbox`: what it prints can be used, and it ends when it is told to."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import ApiKey, Client, Guest, PublicConfiguration
from nylas_bookings._version import VERSION

from .processes import ended, running

JANE = Guest(name="Jane", email="jane@example.com")


def told(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The one line of JSON."""
    assert process.stdout is not None
    known: dict[str, Any] = json.loads(process.stdout.readline())
    return known


def book(known: dict[str, Any]) -> str:
    """Book the first slot of the public configuration; says the booking's id."""
    auth = PublicConfiguration(known["configurations"]["public"])
    with Client(auth, api_url=known["url"]) as nylas:
        now = int(time.time())
        slot = nylas.availability.get(start_time=now, end_time=now + 7 * 86400).time_slots
        booked = nylas.bookings.create(
            start_time=slot[0].start_time, end_time=slot[0].end_time, guest=JANE
        )
        return booked.booking_id


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_json_line(number: signal.Signals) -> None:
    """One line says all that a program needs; Ctrl-C and SIGTERM end it well."""
    with running("sandbox", "--json", "--seed", "5") as process:
        known = told(process)
        assert set(known) == {
            "url",
            "api_key",
            "client_id",
            "grant_id",
            "organizer_email",
            "configurations",
        }
        assert set(known["configurations"]) == {"public", "private", "confirming"}
        assert book(known)
        with Client(ApiKey(known["api_key"]), api_url=known["url"]) as nylas:
            found = nylas.configurations.list_all(known["grant_id"])
        assert {one.id for one in found} == set(known["configurations"].values())
        process.send_signal(number)
        rest, complaints = process.communicate(timeout=30)
    assert (process.returncode, rest, complaints) == (0, "", "")


def test_seed() -> None:
    """The same seed gives the same ids and keys."""
    lines = []
    for _ in range(2):
        with running("sandbox", "--json", "--seed", "7") as process:
            lines.append({k: v for k, v in told(process).items() if k != "url"})
    assert lines[0] == lines[1]


def test_file_survives(tmp_path: Path) -> None:
    """With a file, a sandbox that was killed knows everything again."""
    file = str(tmp_path / "sandbox.sqlite3")
    with running("sandbox", "--json", "--db", file) as process:
        first = told(process)
        booking_id = book(first)
        process.kill()
    with running("sandbox", "--json", "--db", file) as process:
        again = told(process)
        assert {**again, "url": ""} == {**first, "url": ""}
        auth = PublicConfiguration(again["configurations"]["public"])
        with Client(auth, api_url=again["url"]) as nylas:
            assert nylas.bookings.get(booking_id).status == "booked"


def test_for_people() -> None:
    """Without `--json` it prints the same as a table, with the pages to open."""
    with running("sandbox") as process:
        assert process.stdout is not None
        text = ""
        while "Ctrl-C" not in text:
            line = process.stdout.readline()
            assert line, text
            text += line
    for word in ("http://127.0.0.1:", "nyk_v0_", "host@example.com", "/book/", "/_sandbox/"):
        assert word in text, text


@pytest.mark.parametrize("command", [("sandbox",), ("demo",), ("webhook", "listen")])
def test_port_in_use(command: tuple[str, ...]) -> None:
    """A port that is taken is said in a line, and with an exit code that is not 0."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = ended(*command, "--port", str(taken.getsockname()[1]), "--json")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: cannot listen on 127.0.0.1, port ")
    assert done.stderr.endswith(": Address already in use; --port 0 takes one that is free.\n")
    assert done.stderr.count("\n") == 1
    assert "cannot listen" in json.loads(done.stdout)["error"]["message"]


def test_no_address() -> None:
    """A host that is nowhere is refused with the reason."""
    done = ended("sandbox", "--host", "256.1.1.1")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: cannot listen on 256.1.1.1, port 0: Name or service")


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_no_port(port: str) -> None:
    """What is no port is refused before anything starts."""
    done = ended("sandbox", f"--port={port}")
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr


def test_file_that_is_no_database(tmp_path: Path) -> None:
    """A file of another kind is refused, and stays as it is."""
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, this is no database. " * 100)
    done = ended("sandbox", "--db", str(file))
    assert done.returncode == 2
    assert f"Error: the sandbox cannot start with {file}: " in done.stderr
    assert file.read_text().startswith("Dear Sir")


def test_reachable_by_others() -> None:
    """Whoever opens it to others is warned loudly."""
    with running("sandbox", "--json", "--host", "0.0.0.0") as process:
        told(process)
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=30)
    assert "WARNING" in complaints
    assert "0.0.0.0" in complaints


def test_version() -> None:
    """`--version` says the version of the package."""
    assert ended("--version").stdout.strip() == VERSION


def test_without_its_extra() -> None:
    """Without the packages of the extra, the command says what to install."""
    script = (
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'cyclopts' else find(name, *more)\n"
        "from nylas_bookings.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "pip install 'nylas-bookings[cli]'" in done.stderr
