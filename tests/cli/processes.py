"""The command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

COMMAND = [sys.executable, "-m", "nylas_bookings"]
PLAIN = dict(os.environ) | {"TERM": "dumb", "COLUMNS": "120", "PYTHONWARNINGS": "error"}


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command while it runs; ended at the end, whatever happens."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=PLAIN,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def ended(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command after it has ended by itself."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, env=PLAIN, check=False, timeout=50
    )
