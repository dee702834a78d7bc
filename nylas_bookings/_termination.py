"""SIGTERM, held back until something has been brought to a clean end."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def held_back(stop: Callable[[], object]) -> Iterator[None]:
    """On SIGTERM call `stop`, and let the signal end the process when the block has ended.

    Nothing, when the program has a handler of its own, and outside of the main thread.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    came = False

    def handle(*_: object) -> None:
        nonlocal came
        came = True
        stop()

    signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if came:
            signal.raise_signal(signal.SIGTERM)
