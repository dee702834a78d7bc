"""The sandbox's time, which tests may stop and move."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Runs like the real one until it is frozen or moved."""

    def __init__(self, now: datetime | None = None) -> None:
        self._ahead = 0.0
        self._frozen: float | None = None
        self._first = now
        if now is not None:
            self.freeze(now)

    def now(self) -> int:
        """The time, in whole seconds since the epoch."""
        return int(self.exact())

    def exact(self) -> float:
        """The time, in seconds since the epoch."""
        return time.time() + self._ahead if self._frozen is None else self._frozen

    def moment(self) -> datetime:
        """The time, as people write it."""
        return datetime.fromtimestamp(self.exact(), UTC)

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    def freeze(self, moment: datetime | None = None) -> None:
        """Stand still, now or at a moment."""
        if moment is not None and moment.tzinfo is None:
            raise ValueError("the clock takes aware datetimes only")
        self._frozen = self.exact() if moment is None else moment.timestamp()

    def advance(self, **by: float) -> None:
        """Move on, as `timedelta` takes it: `advance(minutes=5)`."""
        seconds = timedelta(**by).total_seconds()
        if self._frozen is None:
            self._ahead += seconds
        else:
            self._frozen += seconds

    def resume(self) -> None:
        """Run again, from where it stands."""
        if self._frozen is not None:
            self._ahead = self._frozen - time.time()
            self._frozen = None

    def reset(self) -> None:
        """As it was in the beginning: frozen, or running with the real time."""
        self._ahead, self._frozen = 0.0, None
        if self._first is not None:
            self.freeze(self._first)
