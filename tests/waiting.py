"""Waiting for what happens in another thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE = 10.0


def until(happened: Callable[[], bool]) -> None:
    """Wait until it has happened; fails when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.005)


async def soon(happened: Callable[[], bool]) -> None:
    """The same, while the loop goes on."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110 - it happens in another thread
            await asyncio.sleep(0.005)
