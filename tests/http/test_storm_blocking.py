"""The storm, on the blocking client from many threads, and with aiohttp's other parser."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import Client
from nylas_bookings.errors import BookingsError

from ..examples import TIMES
from .raw_server import RawServer
from .shapes import PURE
from .storm import RETRIES, Plan, arguments_of, judge
from .storm_server import StormHandler
from .test_storm import share
from .threads import in_thread

ROOT = Path(__file__).parents[2]
THREADS = 8


def make_calls(client: Client, seed: int, numbers: Any, ends: dict[int, Any]) -> None:
    """Make calls until the numbers run out; nobody cancels a call that blocks."""
    for number in numbers:
        method, positional, named = arguments_of(Plan.of(seed, number), f"call-{number}")
        try:
            ends[number] = getattr(client.bookings, method)(*positional, **named)
        except BookingsError as error:
            ends[number] = error
        except BaseException as error:  # noqa: BLE001 - the verdict names it
            ends[number] = error


@pytest.mark.timeout(3600 if TIMES > 1 else 120)
@pytest.mark.parametrize("retries", RETRIES)
def test_storm_of_threads_explored(retries: str) -> None:
    """What holds for the asynchronous client holds for threads that share a blocking one."""
    seed, count = 5, share(0.06)
    ends: dict[int, Any] = {}
    numbers = iter(range(count))
    handler = StormHandler(seed, idle_bytes=False)
    with (
        in_thread(RawServer(handler)) as server,
        Client(api_url=server.url, retry=RETRIES[retries], connections=6) as client,
    ):
        threads = [
            threading.Thread(target=make_calls, args=(client, seed, numbers, ends))
            for _ in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    verdict = judge(seed, retries, count, ends, server, handler)
    assert not verdict.faults, "\n".join([f"{len(verdict.faults)} faults", *verdict.faults[:5]])
    every = {"Booking", "REFUSED", "UNKNOWN", "DONE"}
    assert (every if count > 500 else {"Booking"}) <= set(verdict.ends)


@pytest.mark.timeout(3600 if TIMES > 1 else 120)
@pytest.mark.skipif(PURE in os.environ, reason="this is that process")
def test_storm_without_extensions_explored() -> None:
    """The rules hold with aiohttp's parser in Python too."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/http"]
    wanted = "storm_explored or storm_over_tls or (test_unsolicited and direct)"
    if TIMES > 1:
        wanted += " or direct"
    done = subprocess.run(
        [*command, "-p", "no:randomly", "--timeout", "3000", "-k", wanted],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            PURE: "1",
            "STORM_CALLS": str(share(0.1)),
            "EXAMPLES_TIMES": "1",
        },
    )
    assert done.returncode == 0, done.stdout[-5000:]
