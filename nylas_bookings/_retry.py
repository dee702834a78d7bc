"""Whether a call that failed is sent again, and after how long. Pure: nothing here waits."""

from __future__ import annotations

from attrs import field, frozen

from .errors import (
    BookingsError,
    InvalidRequest,
    NoAnswer,
    NotSent,
    RateLimited,
    ServerError,
    UnexpectedAnswer,
)

_JITTER = 0.1
"""How much longer than asked a call waits at most, so that not all come back at once."""


def _count(instance: object, attribute: object, value: object) -> None:
    if type(value) is not int or value < 1:
        raise InvalidRequest("Retry.attempts is a number from 1, which means: never again")


def _seconds(instance: object, attribute: object, value: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (number and 0 < value < float("inf")):
        raise InvalidRequest("Retry takes seconds above 0; only the deadline may be None")


def _seconds_or_none(instance: object, attribute: object, value: float | None) -> None:
    if value is not None:
        _seconds(instance, attribute, value)


@frozen(kw_only=True)
class Retry:
    """How often, and for how long, a call that failed is sent again.

    A call that would do more when it is repeated (`bookings.create`) is sent again only when
    nothing of it reached the API, or the API refused it with 429. The others also after a lost
    answer and after a 5xx.

    Args:
        attempts: How many times a request is sent at most; 1 means never again.
        deadline: How many seconds a call may take in all, waits and slow attempts included;
            `None` means no limit.
        first_wait: The longest that the first wait may be; each further one may be twice as long.
        longest_wait: The longest that any wait may be, unless the API asks for more.
        longest_pause: The longest that the API may ask for, with `Retry-After`; a longer pause
            counts as this one.
    """

    attempts: int = field(default=3, validator=_count)
    deadline: float | None = field(default=120.0, validator=_seconds_or_none)
    first_wait: float = field(default=0.5, validator=_seconds)
    longest_wait: float = field(default=8.0, validator=_seconds)
    longest_pause: float = field(default=3600.0, validator=_seconds)

    def pause(
        self,
        error: BookingsError,
        *,
        repeatable: bool,
        attempt: int,
        elapsed: float,
        chance: float,
    ) -> float | None:
        """How many seconds to wait before the next attempt; `None` means that there is none.

        Args:
            error: What became of the attempt.
            repeatable: Whether the operation may be sent twice.
            attempt: Which attempt it was, from 1.
            elapsed: Seconds since the call began.
            chance: A random number from 0 to 1.
        """
        if attempt >= self.attempts or not may_repeat(error, repeatable):
            return None
        asked = error.retry_after
        wait = self._backoff(attempt) * chance if asked is None else spread(asked, chance)
        if self.deadline is not None and elapsed + wait >= self.deadline:
            return None
        return wait

    def cap(self, error: BookingsError) -> None:
        """Shorten the pause that an error asks for, if it asks for too long a one."""
        if error.retry_after is not None:
            error.retry_after = min(error.retry_after, self.longest_pause)

    def _backoff(self, attempt: int) -> float:
        return float(min(self.longest_wait, self.first_wait * 2 ** min(attempt - 1, 32)))


def may_repeat(error: BookingsError, repeatable: bool) -> bool:
    """Whether a call may be sent again after this."""
    if isinstance(error, NotSent | RateLimited):
        return True
    if isinstance(error, UnexpectedAnswer):
        return error.reads and error.incomplete
    return repeatable and isinstance(error, NoAnswer | ServerError)


def spread(seconds: float, chance: float) -> float:
    """A pause that was asked for, a little longer for some than for others."""
    return seconds * (1 + _JITTER * chance)
