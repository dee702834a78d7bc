"""The sandbox's time, which tests may stop and move."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

_LATEST: Final = 32503680000  # the year 3000


class Clock:
    """Runs like the real one until it is frozen or moved."""

    def __init__(self, now: datetime | None = None) -> None:
        self._ahead = 0.0
        self._frozen: float | None = None
        self._first = now
        self._listeners: list[Callable[[], None]] = []
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

    @property
    def setting(self) -> tuple[float, float | None]:
        """How far ahead it is, and where it stands if it is frozen: changes with every move."""
        return self._ahead, self._frozen

    def listen(self, step: Callable[[], None]) -> None:
        """Have something done whenever the clock was stopped, moved or started again."""
        self._listeners.append(step)

    def freeze(self, moment: datetime | None = None) -> None:
        """Stand still, now or at a moment."""
        if moment is not None and moment.tzinfo is None:
            raise ValueError("the clock takes aware datetimes only")
        self._frozen = self.exact() if moment is None else _checked(moment.timestamp())
        self._tell()

    def advance(self, **by: float) -> None:
        """Move on, as `timedelta` takes it: `advance(minutes=5)`."""
        try:
            seconds = timedelta(**by).total_seconds()
        except OverflowError:
            raise ValueError("the clock cannot go that far") from None
        _checked(self.exact() + seconds)
        if self._frozen is None:
            self._ahead += seconds
        else:
            self._frozen += seconds
        self._tell()

    def resume(self) -> None:
        """Run again, from where it stands."""
        if self._frozen is not None:
            self._ahead = self._frozen - time.time()
            self._frozen = None
            self._tell()

    def reset(self) -> None:
        """As it was in the beginning: frozen, or running with the real time."""
        self._ahead = 0.0
        self._frozen = None if self._first is None else self._first.timestamp()
        self._tell()

    def _tell(self) -> None:
        for step in self._listeners:
            step()


def _checked(instant: float) -> float:
    if not 0 <= instant < _LATEST:
        raise ValueError("the clock goes from the year 1970 to the year 2999")
    return instant
