"""Moments after which a request must not be written any more, even after a pause of the machine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final, Self

from attrs import frozen

from .errors import NotSent


def _choose_clock() -> Callable[[], float]:
    """Return a clock that nobody sets, and that counts the time for which a machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return lambda: time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        # There it counts sleep, and `time.monotonic` does not.
        return lambda: time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic


_steady_clock: Final = _choose_clock()


@frozen
class Expiry:
    """A moment, by a steady clock and by the time of day.

    A machine that was suspended has counted that time. A virtual machine that its host had paused
    may not have, but its time of day is usually corrected soon. So the earlier of both counts. A
    time of day that is set forward for another reason makes things expire too early, which is
    harmless.
    """

    steady: float
    time_of_day: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return the moment that is so many seconds away."""
        return cls(_steady_clock() + seconds, time.time() + seconds)

    def has_passed(self) -> bool:
        """Tell whether the moment has passed."""
        return _steady_clock() > self.steady or time.time() > self.time_of_day

    def check(self) -> None:
        """Raise `NotSent` if the moment has passed."""
        if self.has_passed():
            raise NotSent(EXPIRED)


EXPIRED: Final = (
    "the permission to send the request expired before it was written: the process, the machine or "
    "the connection paused for too long"
)
