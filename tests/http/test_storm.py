"""The storm: thousands of calls against a server that fails in every way it can."""

from __future__ import annotations

import asyncio
import gc
import os
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import AsyncClient

from ..examples import TIMES
from ..waiting import soon
from . import inside
from .raw_server import RawServer, turns
from .storm import RETRIES, judge, run_storm
from .storm_server import StormHandler
from .tls import client_context, server_context

CALLS = int(os.environ.get("STORM_CALLS", "0")) or 10_000 * TIMES
"""How many calls all storms make together; 100,000 when many examples are asked for."""

SEEDS = [1, 2, 3]
_FDS = Path("/proc/self/fd")


def share(part: float) -> int:
    """So many of the calls."""
    return max(int(CALLS * part), 50)


def open_files() -> int:
    """Count the open file descriptors, where the system tells."""
    return len(list(_FDS.iterdir())) if _FDS.exists() else 0


async def storm(seed: int, retries: str, count: int, *, tls: bool = False) -> None:
    """Run one storm, and fail with the rules that it broke."""
    tasks, files = len(asyncio.all_tasks()), open_files()
    handler = StormHandler(seed, idle_bytes=True)
    settings: dict[str, Any] = {"ssl": client_context()} if tls else {}
    async with RawServer(handler, tls=server_context() if tls else None) as server:
        client = AsyncClient(api_url=server.url, retry=RETRIES[retries], connections=10, **settings)
        ends = await run_storm(client, seed, count)
        await turns()
        held = inside.acquired(client), inside.waiting(client)
        await client.close()
    verdict = judge(seed, retries, count, ends, server, handler)
    assert not verdict.faults, "\n".join([f"{len(verdict.faults)} faults", *verdict.faults[:5]])
    assert held == (0, 0), f"seed {seed}: acquired and waiting: {held}"
    # A storm of a few calls need not meet every end.
    every = {"Booking", "CancelledError", "REFUSED", "UNKNOWN", "DONE", "NOT_SENT"}
    assert (every if count > 500 else {"Booking"}) <= set(verdict.ends)
    del server, client, handler
    gc.collect()
    await soon(lambda: len(asyncio.all_tasks()) <= tasks and open_files() <= files)


@pytest.mark.timeout(3600 if TIMES > 1 else 120)
@pytest.mark.parametrize("retries", RETRIES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_storm_explored(seed: int, retries: str) -> None:
    """No call gets the response of another, none says what is not true, and nothing stays open."""
    await storm(seed, retries, share(0.12))


@pytest.mark.timeout(3600 if TIMES > 1 else 120)
@pytest.mark.parametrize("retries", RETRIES)
async def test_storm_over_tls_explored(retries: str) -> None:
    """The same over TLS."""
    await storm(4, retries, share(0.06), tls=True)
