"""Calls that are sent again: which, and what is then known about them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from nylas_bookings import Response, Retry
from nylas_bookings.errors import (
    APIError,
    BookingsError,
    InvalidRequest,
    NoAnswer,
    NotFound,
    NotSent,
    Outcome,
    RateLimited,
    ServerError,
    SlotUnavailable,
    UnexpectedAnswer,
)

from .calls import CASES, Case, yes_to
from .stage import Stage, create, no

LOST = NoAnswer("lost")
NO_CONNECTION = NotSent("no connection")
AT_28 = "Wed, 21 Oct 2026 07:28:00 GMT"
GONE = no(404, "not_found_error")
CUT = Response(200, {}, b'{"request_id"', cut="stopped in the middle")

DELETES = [case for case in CASES if case.operation.method == "DELETE"]
CHANGES = [case for case in CASES if case.operation.repeatable and not case.operation.reads]
READS = [case for case in CASES if case.operation.reads]


def of(cases: list[Case]) -> Any:
    """A test for each of the cases."""
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.operation.name)


@of(CASES)
@pytest.mark.parametrize("first", [NO_CONNECTION, no(429)], ids=["not sent", "429"])
async def test_what_did_nothing(case: Case, first: Any) -> None:
    """Every call is sent again, the same, when it did not reach the API or was one too many."""
    stage = Stage([first, yes_to(case)])
    assert await case.call(stage.client(case.auth)) == case.result
    one, other = stage.requests
    assert (one.method, one.url, one.headers, one.body) == (
        other.method,
        other.url,
        other.headers,
        other.body,
    )


@of(CASES)
@pytest.mark.parametrize(
    "first", [LOST, no(500), no(503), no(504)], ids=["lost", "500", "503", "504"]
)
async def test_what_may_have_done_something(case: Case, first: Any) -> None:
    """A call is sent again after a lost answer or a 5xx, unless it would do something twice."""
    stage = Stage([first, yes_to(case)])
    nylas = stage.client(case.auth)
    if case.operation.repeatable:
        assert await case.call(nylas) == case.result
        assert len(stage.requests) == 2
        return
    with pytest.raises((NoAnswer, ServerError)) as caught:
        await case.call(nylas)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.attempts == len(stage.requests) == 1


@of(CASES)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 422])
async def test_what_was_refused(case: Case, status: int) -> None:
    """What the API refused is not sent again."""
    stage = Stage([no(status)])
    with pytest.raises(APIError) as caught:
        await case.call(stage.client(case.auth))
    assert caught.value.status == status
    assert len(stage.requests) == 1
    assert stage.slept == []


@of(CASES)
async def test_half_an_answer(case: Case) -> None:
    """A success of which only half came is read again, but nothing is done again."""
    stage = Stage([CUT, yes_to(case)])
    nylas = stage.client(case.auth)
    if case.operation.reads:
        assert await case.call(nylas) == case.result
        assert len(stage.requests) == 2
        return
    with pytest.raises(UnexpectedAnswer) as caught:
        await case.call(nylas)
    assert caught.value.outcome is Outcome.DONE
    assert len(stage.requests) == 1


@of(DELETES)
@pytest.mark.parametrize("first", [LOST, no(503)], ids=["lost", "503"])
async def test_already_gone(case: Case, first: Any) -> None:
    """A removal that is repeated and finds nothing has succeeded, and the receipt says so."""
    stage = Stage([first, NO_CONNECTION, GONE])
    receipt = await case.call(stage.client(case.auth))
    assert receipt.already_gone
    assert receipt.request_id == "req-404"
    assert getattr(receipt, "booking_id", "b-1") == "b-1"


@of(DELETES)
@pytest.mark.parametrize(
    "before", [[], [NO_CONNECTION], [no(429)]], ids=["at once", "unsent", "429"]
)
async def test_never_there(case: Case, before: list[Any]) -> None:
    """A removal that finds nothing, and of which no attempt was lost, has failed."""
    stage = Stage([*before, GONE])
    with pytest.raises(NotFound) as caught:
        await case.call(stage.client(case.auth))
    assert caught.value.outcome is Outcome.REFUSED


@of([case for case in CHANGES if case not in DELETES])
async def test_a_change_that_finds_nothing(case: Case) -> None:
    """A repeated change that finds nothing may have happened: a moved booking may have a new id."""
    stage = Stage([LOST, GONE])
    with pytest.raises(NotFound, match=r"2 attempts\)\. It may have taken effect\.") as caught:
        await case.call(stage.client(case.auth))
    assert caught.value.outcome is Outcome.UNKNOWN


@of(CHANGES)
@pytest.mark.parametrize(
    ("last", "kind"),
    [
        (NotSent("no connection"), NotSent),
        (no(429), RateLimited),
        (no(400, "timeslot_not_available"), SlotUnavailable),
        (no(403), APIError),
    ],
    ids=["not sent", "429", "slot", "403"],
)
async def test_a_loss_is_not_forgotten(case: Case, last: Any, kind: type[BookingsError]) -> None:
    """When one attempt was lost and the next was refused, the whole may have taken effect."""
    stage = Stage([LOST, last])
    with pytest.raises(kind) as caught:
        await case.call(stage.client(case.auth, retry=Retry(attempts=2)))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.attempts == 2


@of(READS)
async def test_reading_does_nothing(case: Case) -> None:
    """What only reads is refused when the API fails at it, and the text says no more than that."""
    stage = Stage([LOST, no(500), no(500)])
    with pytest.raises(ServerError) as caught:
        await case.call(stage.client(case.auth))
    assert str(caught.value).endswith("Nothing was changed.")
    with pytest.raises(NotSent) as unsent:
        await case.call(Stage([LOST, NO_CONNECTION]).client(case.auth, retry=Retry(attempts=2)))
    assert unsent.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("attempts", [1, 2, 5])
async def test_attempts_are_counted(attempts: int) -> None:
    """An error says how often the request was sent, and the last one is the one that counts."""
    stage = Stage([no(503)] * (attempts - 1) + [no(504)])
    with pytest.raises(ServerError) as caught:
        await stage.client(retry=Retry(attempts=attempts)).bookings.get("b-1")
    assert caught.value.attempts == len(stage.requests) == attempts
    assert caught.value.status == 504
    assert (f"{attempts} attempts" in str(caught.value)) is (attempts > 1)


async def test_waits_between_attempts() -> None:
    """Without a word from the API, waits are by chance, and may be longer each time."""
    stage = Stage([no(500), no(500), no(500)], chance=0.5)
    await stage.client(retry=Retry(attempts=4)).bookings.get("b-1")
    assert stage.slept == [0.25, 0.5, 1.0]


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry_After": "7"}, 7 * 1.05),
        ({"retry_after": "2.5"}, 2.5 * 1.05),
        ({"Retry_After": "0"}, 0.0),
        ({"Retry_After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": AT_28}, 30 * 1.05),
        ({"Retry_After": AT_28, "Date": "Wed, 21 Oct 2026 07:28:30 GMT"}, 0.0),
        ({"Retry_After": "soon"}, 0.25),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_waits_that_the_api_asks_for(
    headers: dict[str, str], waited: float, status: int
) -> None:
    """`Retry-After` is obeyed as seconds and as a date, with a little more by chance."""
    stage = Stage([no(status, **headers)], chance=0.5)
    await stage.client().bookings.get("b-1")
    assert stage.slept == [pytest.approx(waited)]


@pytest.mark.parametrize("call", [create, lambda nylas: nylas.bookings.cancel("b-1")])
async def test_cancelled_in_an_attempt(call: Any) -> None:
    """A cancelled call ends at once, and is not sent again."""
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    stage = Stage([hang])
    task = asyncio.ensure_future(call(stage.client()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(stage.requests) == 1


async def test_cancelled_in_a_wait() -> None:
    """A call that is cancelled while it waits ends at once, too."""
    waiting = asyncio.Event()

    async def wait(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    stage = Stage([no(429, Retry_After="60")])
    nylas = stage.client()
    nylas._transport._sleep = wait
    task = asyncio.ensure_future(create(nylas))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(stage.requests) == 1


async def test_closed_in_a_wait() -> None:
    """A call that waits to be sent again while its client is closed is not sent again."""
    stage = Stage([LOST])
    nylas = stage.client()

    async def close(_: float) -> None:
        await nylas.close()

    nylas._transport._sleep = close
    with pytest.raises(InvalidRequest, match="this client is closed") as caught:
        await nylas.bookings.cancel("b-1")
    assert caught.value.outcome is Outcome.UNKNOWN
    assert len(stage.requests) == 1
    with pytest.raises(InvalidRequest, match="this client is closed") as caught:
        await nylas.bookings.cancel("b-1")
    assert caught.value.outcome is Outcome.NOT_SENT


async def test_the_error_before_is_told() -> None:
    """The traceback of the last error shows what became of the attempt before."""
    stage = Stage([LOST, no(404)])
    with pytest.raises(NotFound) as caught:
        await stage.client().bookings.get("b-1")
    assert isinstance(caught.value.__context__, NoAnswer)
