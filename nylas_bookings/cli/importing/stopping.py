"""Ctrl-C in an import: the first ends it when what is on its way has been answered."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterable, Iterator
from typing import Final

from ...batch import Result
from ...errors import Forbidden, NotSent, Unauthorized
from ...models import NewBooking
from .tally import Tally

_HOPELESS: Final = (NotSent, Unauthorized, Forbidden)
"""What would meet every other booking too."""


class StoppedByHand(Exception):
    """Ctrl-C."""


class Stopping:
    """Hears Ctrl-C: the first stops the import gently, the second at once."""

    def __init__(self, tally: Tally) -> None:
        self.asked: bool = False
        self._tally = tally
        self._task: asyncio.Task[object] | None = None

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Hear it while this lasts."""
        loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            loop.add_signal_handler(signal.SIGINT, self._pressed)
        except NotImplementedError:  # pragma: no cover - Windows: Ctrl-C stops at once there
            yield
            return
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)

    def _pressed(self) -> None:
        assert self._task is not None
        if self.asked:
            self._task.cancel()
            return
        self.asked = True
        self._tally.note = "Stopping when what is on its way is answered. Ctrl-C again: at once."

    def until(self, bookings: Iterable[NewBooking]) -> Iterator[NewBooking]:
        """The bookings, until it was heard."""
        for booking in bookings:
            if self.asked:
                raise StoppedByHand
            yield booking

    def ends(self, result: Result) -> bool:
        """Whether nothing new is to be sent after that result."""
        return self.asked or isinstance(getattr(result, "error", None), _HOPELESS)
