"""Waiting until somebody ends it: Ctrl-C, or SIGTERM."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


def told_to_end() -> asyncio.Event:
    """Set by Ctrl-C and by SIGTERM, from now on; neither ends the process by itself then."""
    import asyncio

    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows ends it with KeyboardInterrupt
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
    return ended
