"""The API's clock, read from the `Date` of its responses."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from attrs import frozen

from .._wire.messages import Response


@frozen
class _Reading:
    """What the API's clock showed, and this machine's two at that moment."""

    date: float
    epoch: float
    loop: float


class ApiClock:
    """Converts moments of this machine to the API's clock, by the last response that was heard.

    `Date` has whole seconds, cut off, and a response takes its time to arrive. So the clock reads
    early: by up to a second, and the time that the response took.
    """

    def __init__(self) -> None:
        self._reading: _Reading | None = None

    def hear(self, response: Response) -> None:
        """Read the clock. A response without a date says nothing, and an earlier one counts."""
        date = _date_of(response)
        if date is not None:
            now = asyncio.get_running_loop().time()
            self._reading = _Reading(date, time.time(), now)

    def earliest(self, epoch: float, loop: float | None = None) -> float | None:
        """Return the earliest that the API's clock can have shown at a moment; None if unknown.

        All times are in seconds since the epoch.

        Args:
            epoch: The moment, by this machine's clock.
            loop: The same moment by the event loop's clock, if it is known. It counts alone then,
                since nobody can set it.
        """
        read = self._reading
        if read is None:
            return None
        age = read.epoch - epoch if loop is None else read.loop - loop
        return read.date - age


def _date_of(response: Response) -> float | None:
    text = response.header("Date")
    try:
        date = None if text is None else parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if date is None:
        return None
    # A date in -0000 has no zone, and is in UTC (RFC 5322).
    return (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).timestamp()
