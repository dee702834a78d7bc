"""The API's clock, read from the `Date` of its responses."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from attrs import frozen

from .._wire.messages import Response


@frozen
class _Reading:
    """What the API's clock showed, and this machine's two at that moment."""

    date: datetime
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

    def earliest(self, epoch: float, loop: float | None = None) -> datetime | None:
        """Return the earliest that the API's clock can have shown at a moment; None if unknown.

        Args:
            epoch: The moment, in seconds since the epoch.
            loop: The same moment by the event loop's clock, if it is known. It counts alone then,
                since nobody can set it.
        """
        read = self._reading
        if read is None:
            return None
        age = read.epoch - epoch if loop is None else read.loop - loop
        return read.date - timedelta(seconds=age)


def _date_of(response: Response) -> datetime | None:
    text = response.header("Date")
    try:
        date = None if text is None else parsedate_to_datetime(text)
    except ValueError:
        return None
    if date is not None and date.tzinfo is None:
        # RFC 5322 writes -0000 for UTC of which no zone is known.
        return date.replace(tzinfo=UTC)
    return date
