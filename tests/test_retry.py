"""The policy: after which error a call is sent again, and after how long. Nothing here waits."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nylas_bookings import Retry
from nylas_bookings._retry import may_repeat, spread
from nylas_bookings.errors import (
    APIError,
    BadRequest,
    BookingsError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NoAnswer,
    NotFound,
    NotSent,
    Outcome,
    ProviderFailure,
    RateLimited,
    ServerError,
    SlotUnavailable,
    Unauthorized,
    UnexpectedAnswer,
    Unprocessable,
)

DONE = Outcome.DONE
CUT = UnexpectedAnswer("cut", status=200, body=b"", incomplete=True, outcome=DONE)
CUT_READ = UnexpectedAnswer("cut", status=200, body=b"", incomplete=True, outcome=DONE)
CUT_READ.reads = True
STRANGE_READ = UnexpectedAnswer("strange", status=200, body=b"", outcome=DONE)
STRANGE_READ.reads = True

EVERYTHING = Retry(attempts=10**6, deadline=None)

ALWAYS = [NotSent("no connection"), RateLimited("slow down", status=429)]
WHEN_REPEATABLE = [
    NoAnswer("lost"),
    ServerError("broken", status=500),
    ServerError("away", status=503),
    ProviderFailure("slow", status=504),
]
NEVER = [
    InvalidRequest("bad"),
    BadRequest("bad", status=400),
    SlotUnavailable("gone", status=400),
    Unauthorized("who?", status=401),
    Forbidden("no", status=403),
    NotFound("no", status=404),
    APIError("timeout", status=408, outcome=Outcome.UNKNOWN),
    Conflict("no", status=409),
    Unprocessable("no", status=422),
    CUT,
    STRANGE_READ,
]


def pause(retry: Retry = EVERYTHING, error: BookingsError = ALWAYS[0], **facts: Any) -> Any:
    """What the policy says, about a call that can be repeated and has just begun."""
    usual = {"repeatable": True, "attempt": 1, "elapsed": 0.0, "chance": 0.5}
    return retry.pause(error, **{**usual, **facts})


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize(
    ("error", "again", "again_if_repeatable"),
    [
        *((error, True, True) for error in ALWAYS),
        *((error, False, True) for error in WHEN_REPEATABLE),
        *((error, False, False) for error in NEVER),
        (CUT_READ, True, True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_sent_again(
    error: BookingsError, again: bool, again_if_repeatable: bool, repeatable: bool
) -> None:
    """A creation is repeated when nothing happened; the rest also when it may have happened."""
    expected = again_if_repeatable if repeatable else again
    assert may_repeat(error, repeatable) is expected
    assert (pause(error=error, repeatable=repeatable) is not None) is expected


@pytest.mark.parametrize("error", [*ALWAYS, *WHEN_REPEATABLE, *NEVER])
def test_what_took_effect_is_never_repeated(error: BookingsError) -> None:
    """What cannot be repeated is sent again only after an outcome that did nothing."""
    if may_repeat(error, repeatable=False):
        assert error.outcome in {Outcome.NOT_SENT, Outcome.REFUSED}


@given(
    attempt=st.integers(1, 10**5),
    chance=st.floats(0, 1),
    first=st.floats(1e-3, 1e3),
    longest=st.floats(1e-3, 1e3),
)
def test_full_jitter(attempt: int, chance: float, first: float, longest: float) -> None:
    """A wait is somewhere from 0 to twice as long as the last, up to the longest."""
    retry = Retry(attempts=10**6, deadline=None, first_wait=first, longest_wait=longest)
    most = min(longest, first * 2.0 ** min(attempt - 1, 32))
    assert pause(retry, attempt=attempt, chance=chance) == pytest.approx(most * chance)
    assert pause(retry, attempt=attempt, chance=0.0) == 0.0


def test_the_waits_grow() -> None:
    """Without luck the waits are half a second, one, two, four, eight, and then eight each."""
    waits = [pause(attempt=attempt, chance=1.0) for attempt in range(1, 8)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


@given(asked=st.floats(0, 1e6), chance=st.floats(0, 1), attempt=st.integers(1, 50))
def test_what_the_api_asks_for(asked: float, chance: float, attempt: int) -> None:
    """`Retry-After` is never undercut, and exceeded by a tenth at most."""
    error = RateLimited("slow down", status=429, retry_after=asked)
    wait = pause(error=error, attempt=attempt, chance=chance)
    assert asked <= wait <= asked * 1.1 or wait == pytest.approx(asked * 1.1)
    assert wait == spread(asked, chance)


@given(
    elapsed=st.floats(0, 200),
    deadline=st.floats(0.1, 200),
    chance=st.floats(0, 1),
    asked=st.none() | st.floats(0, 200),
)
def test_the_deadline(elapsed: float, deadline: float, chance: float, asked: float | None) -> None:
    """A wait never ends after the deadline: then there is none."""
    error = NotSent("no connection", retry_after=asked)
    wait = pause(Retry(attempts=9, deadline=deadline), error, elapsed=elapsed, chance=chance)
    unlimited = pause(error=error, chance=chance)
    if elapsed + unlimited < deadline:
        assert wait == unlimited
    else:
        assert wait is None


@pytest.mark.parametrize(
    ("asked", "capped"), [(None, None), (5.0, 5.0), (3600.0, 3600.0), (1.79e9, 3600.0)]
)
def test_a_pause_is_capped(asked: float | None, capped: float | None) -> None:
    """The API can ask for an hour at most, or for what the policy says."""
    error = RateLimited("slow down", status=429, retry_after=asked)
    Retry().cap(error)
    assert error.retry_after == capped
    Retry(longest_pause=7).cap(error)
    assert error.retry_after == (None if asked is None else min(asked, 7))


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_the_number_of_attempts(attempts: int) -> None:
    """A call is sent so many times and no more."""
    retry = Retry(attempts=attempts)
    tried = itertools.takewhile(
        lambda attempt: pause(retry, attempt=attempt) is not None, itertools.count(1)
    )
    assert len(list(tried)) + 1 == attempts


def test_what_is_usual() -> None:
    """A call is sent three times at most, within two minutes."""
    assert Retry() == Retry(attempts=3, deadline=120.0, first_wait=0.5, longest_wait=8.0)


@pytest.mark.parametrize("bad", [0, -1, 1.0, True, "3", None])
def test_bad_attempts(bad: Any) -> None:
    """The number of attempts is a number from 1."""
    with pytest.raises(InvalidRequest, match="a number from 1"):
        Retry(attempts=bad)


@pytest.mark.parametrize("name", ["deadline", "first_wait", "longest_wait", "longest_pause"])
@pytest.mark.parametrize("bad", [0, -1.0, float("inf"), float("nan"), True, "5"])
def test_bad_seconds(name: str, bad: Any) -> None:
    """Seconds are a number above 0."""
    with pytest.raises(InvalidRequest, match="seconds above 0"):
        Retry(**{name: bad})


@pytest.mark.parametrize("name", ["first_wait", "longest_wait", "longest_pause"])
def test_only_the_deadline_may_be_missing(name: str) -> None:
    """`None` means no deadline, and no other wait may be without an end."""
    assert pause(Retry(attempts=2, deadline=None), elapsed=1e9) is not None
    missing: dict[str, Any] = {name: None}
    with pytest.raises(InvalidRequest, match="only the deadline may be None"):
        Retry(**missing)
