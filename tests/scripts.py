"""Runs scripts and modules of the tests, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .waiting import until
from .wire_server import Answer, Received, WireServer

ROOT = Path(__file__).parent.parent
HAZARDS = ROOT / "tests" / "hazards"
STRICT = ("-X", "dev", "-W", "error")

# With `-X dev` asyncio also tells what takes longer than 0.1 s, on a machine that is busy.
SLOW = re.compile(r"^Executing <.*> took [0-9.]+ seconds\n", re.MULTILINE)


@contextmanager
def talking_to(module: str) -> Iterator[Callable[[Any], str]]:
    """Hands tasks to a module of the tests, a line of JSON each, and gives the line it answers."""
    with subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(task: Any) -> str:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            return process.stdout.readline()

        try:
            yield ask
        finally:
            process.stdin.close()


def run(
    script: str,
    server: WireServer,
    *arguments: str,
    calls: int = 0,
    options: tuple[str, ...] = STRICT,
) -> str:
    """What a script prints; it must end by itself, well, and without a word on stderr.

    Args:
        script: Its name.
        server: What it talks to; it never answers what is asked about the booking `stalls`.
        arguments: What else it is told.
        calls: How many requests must have come before the script may go on from where it reads.
        options: How the interpreter runs.
    """
    server.default = _stalling
    command = [sys.executable, *options, str(HAZARDS / f"{script}.py"), server.url, *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        until(lambda: len(server.received) >= calls or process.poll() is not None)
        try:
            printed, complaints = process.communicate("go on\n", timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            pytest.fail(f"it hangs: {process.communicate()}")
    complaints = SLOW.sub("", complaints)
    assert not complaints, complaints
    assert process.returncode == 0
    return printed


def _stalling(received: Received) -> Answer:
    return Answer(delay=600.0 if "stalls" in received.target else 0.0)
