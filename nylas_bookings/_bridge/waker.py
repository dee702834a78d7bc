"""Wake an event loop from another thread, in one step that nothing can break into.

`call_soon_threadsafe` of asyncio's own loops takes several: an exception that a signal handler
raises between them leaves the loop asleep, and an `OSError` (`TimeoutError` is one) is dropped.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Final

_HAS_EVENTFD: Final = hasattr(os, "eventfd")
_READ_BYTES: Final = 4096
_ONE: Final = (1).to_bytes(8, sys.byteorder)


class Waker:
    """Wakes the running loop, which then calls a function.

    Args:
        callback: What the loop calls, once or more, after each call of `wake`.
    """

    def __init__(self, callback: Callable[[], object]) -> None:
        self._callback: Callable[[], object] | None = callback
        self._readable = self._writable = -1
        # The file is closed with this object, not with the loop: to write to the number of a file
        # that was closed could mean to write to another one.
        if _HAS_EVENTFD:
            self._readable = self._writable = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        else:
            self._readable, self._writable = os.pipe()
            os.set_blocking(self._readable, False)
            os.set_blocking(self._writable, False)
        asyncio.get_running_loop().add_reader(self._readable, self._read)

    def wake(self) -> None:
        """Wake the loop. From any thread, and when the loop is closed too."""
        try:
            os.write(self._writable, _ONE)
        except BlockingIOError as error:
            # The pipe is full, so that the loop will wake; or a signal handler has raised it.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise

    def _read(self) -> None:
        try:
            os.read(self._readable, _READ_BYTES)
        except BlockingIOError:
            return
        if self._callback is not None:
            self._callback()

    def close(self) -> None:
        """Call nothing any more: the callback refers to the owner of this object."""
        self._callback = None

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        for file in {self._readable, self._writable} - {-1}:
            close(file)


class WakerByCallback:
    """The same for loops that cannot wait for files, on Windows. No signal handler raises there."""

    def __init__(self, callback: Callable[[], object]) -> None:
        self._loop = asyncio.get_running_loop()
        self._callback: Callable[[], object] | None = callback

    def wake(self) -> None:
        """Wake the loop."""
        callback = self._callback
        if callback is None:
            return
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:
            if not self._loop.is_closed():
                raise

    def close(self) -> None:
        """Call nothing any more: the callback refers to the owner of this object."""
        self._callback = None
