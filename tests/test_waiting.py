"""How long a call may take, and whom a 429 holds back."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import pytest

from nylas_bookings import (
    AsyncClient,
    Client,
    Pace,
    PublicConfiguration,
    Request,
    Response,
    Retry,
    Timeout,
)
from nylas_bookings.errors import (
    BadRequest,
    InvalidRequest,
    NoAnswer,
    NotSent,
    Outcome,
    RateLimited,
    ServerError,
)

from .conftest import ONCE
from .samples import PUBLIC
from .stage import YES, Stage, create, forever, no
from .waiting import soon
from .wire_server import Answer, WireServer

OTHER = PublicConfiguration("cfg-2")
SLOW_DOWN = no(429, "rate_limit_error", Retry_After="10")
INSTANT = Timeout(total=0.05)


def taking(stage: Stage, seconds: float) -> Any:
    """An attempt that is lost after so long a time."""

    async def lose() -> Exception:
        stage.now += seconds
        return NoAnswer("lost")

    return lose


async def test_a_deadline_for_all_attempts() -> None:
    """Each attempt has the call's timeout, or what the deadline leaves of it."""
    stage = Stage(chance=0.0)
    stage.script = [taking(stage, 40), taking(stage, 50), taking(stage, 5), taking(stage, 5)]
    retry = Retry(attempts=9, deadline=100, first_wait=1)
    with pytest.raises(NoAnswer) as caught:
        await stage.client(retry=retry, timeout=Timeout(connect=3, total=50)).bookings.get("b-1")
    assert [request.timeout.total for request in stage.requests] == [50, 50, 10, 5]
    assert {request.timeout.connect for request in stage.requests} == {3}
    assert caught.value.attempts == 4


async def test_a_deadline_without_timeouts() -> None:
    """The deadline holds where the timeout has no end; without both there is none."""
    stage = Stage()
    endless = Timeout(connect=None, total=None)
    await stage.client(retry=Retry(deadline=7), timeout=endless).bookings.get("b-1")
    await stage.client(retry=Retry(deadline=None), timeout=endless).bookings.get("b-1")
    assert [request.timeout.total for request in stage.requests] == [7, None]


async def test_no_wait_beyond_the_deadline() -> None:
    """A call that would have to wait until after its deadline ends at once, with what it met."""
    stage = Stage([SLOW_DOWN], chance=0.0)
    with pytest.raises(RateLimited) as caught:
        await create(stage.client(retry=Retry(deadline=10)))
    assert caught.value.retry_after == 10
    assert stage.slept == []


@pytest.mark.parametrize("call", [Timeout(total=2), Timeout(connect=1), Timeout(total=None)])
async def test_the_timeout_of_a_call(call: Timeout) -> None:
    """The timeout of a call takes the place of the client's."""
    stage = Stage()
    nylas = stage.client(retry=Retry(deadline=None), timeout=Timeout(connect=8, total=9))
    await nylas.bookings.get("b-1", timeout=call)
    await nylas.bookings.get("b-1")
    assert [request.timeout for request in stage.requests] == [call, Timeout(connect=8, total=9)]


@pytest.mark.parametrize("call", [{"timeout": INSTANT}, {}])
async def test_a_timeout_on_the_wire(call: dict[str, Timeout], server: WireServer) -> None:
    """A server that is too slow has perhaps done it: nobody knows."""
    server.answer(Answer(delay=30))
    usual = Timeout() if call else INSTANT
    async with AsyncClient(PUBLIC, api_url=server.url, retry=ONCE, timeout=usual) as nylas:
        with pytest.raises(NoAnswer, match=r"within 0\.05 s") as caught:
            await create(nylas, **call)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert len(server.received) == 1


def test_a_timeout_of_a_blocking_call(server: WireServer, blocking: Client) -> None:
    """The blocking client keeps the same time."""
    server.answer(Answer(delay=30))
    with pytest.raises(NoAnswer):
        blocking.bookings.get("b-1", timeout=INSTANT)


@pytest.mark.parametrize("bad", [5, 0, "5", (1, 2)])
@pytest.mark.parametrize("kind", [AsyncClient, Client])
async def test_bad_settings(bad: Any, kind: Any) -> None:
    """A number where a `Timeout` or a `Retry` belongs is refused, not met later."""
    with pytest.raises(InvalidRequest, match="a Timeout is needed here"):
        kind(PUBLIC, timeout=bad)
    with pytest.raises(InvalidRequest, match="a Retry is needed here"):
        kind(PUBLIC, retry=bad)
    stage = Stage()
    with pytest.raises(InvalidRequest, match=r"bookings\.get: a Timeout is needed here"):
        await stage.client().bookings.get("b-1", timeout=bad)
    assert stage.requests == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (OSError("pipe"), "no answer (OSError)"),
        (ConnectionResetError("reset"), "no answer (ConnectionResetError)"),
        (TimeoutError(), "no answer within 100"),
    ],
)
async def test_a_sender_that_fails(failure: OSError, words: str) -> None:
    """What a sender of one's own raises for a lost connection is a lost answer."""

    async def send(_: Request) -> Any:
        raise failure

    with pytest.raises(NoAnswer) as caught:
        await create(AsyncClient(PUBLIC, send=send))
    assert words in str(caught.value)
    assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("timeout", "retry"), [(INSTANT, Retry()), (Timeout(), Retry(deadline=0.05))]
)
async def test_a_sender_that_hangs(timeout: Timeout, retry: Retry) -> None:
    """A sender of one's own is held to the timeout and to the deadline."""
    stage = Stage([forever])
    with pytest.raises(NoAnswer, match=r"no answer within 0\.05 s"):
        await create(stage.client(timeout=timeout, retry=retry))


async def test_a_bug_in_a_sender() -> None:
    """What is not about the connection is not sent again, and its cause is not hidden."""
    stage = Stage([ZeroDivisionError()])
    with pytest.raises(NoAnswer, match="ZeroDivisionError") as caught:
        await stage.client().bookings.get("b-1")
    assert len(stage.requests) == 1
    cause = caught.value.__cause__
    assert isinstance(cause, ZeroDivisionError)
    assert [frame.name for frame in traceback.extract_tb(cause.__traceback__)] == ["send"]


async def test_others_are_held_back() -> None:
    """When one call is told to wait, calls with the same auth wait before they are sent at all."""
    stage = Stage([SLOW_DOWN], chance=0.0)
    nylas = stage.client(retry=ONCE)
    with pytest.raises(RateLimited):
        await create(nylas)
    await create(nylas)
    assert stage.times == [1000, 1010]


async def test_others_are_not() -> None:
    """Calls with another auth, or of another client, do not wait."""
    stage = Stage([SLOW_DOWN])
    nylas = stage.client(retry=ONCE)
    with pytest.raises(RateLimited):
        await create(nylas)
    await create(nylas, auth=OTHER)
    await create(stage.client())
    assert stage.times == [1000, 1000, 1000]


async def test_equal_auths_are_the_same() -> None:
    """It is the same auth when it says the same, however often it was made."""
    stage = Stage([SLOW_DOWN], chance=0.0)
    nylas = stage.client(None, retry=ONCE)
    with pytest.raises(RateLimited):
        await create(nylas, auth=PublicConfiguration("cfg-1"))
    await create(nylas, auth=PublicConfiguration("cfg-1"))
    assert stage.times == [1000, 1010]


async def test_no_stampede() -> None:
    """Those who waited are let go one by one, and wait again when the first is told to."""
    stage = Stage([SLOW_DOWN, SLOW_DOWN])
    nylas = stage.client(retry=ONCE)
    chances = iter([0.0, 0.3, 0.6, 0.9, 0.1, 0.4, 0.7])
    nylas._transport._chance = lambda: next(chances, 0.0)
    with pytest.raises(RateLimited):
        await create(nylas)
    results = await asyncio.gather(*(create(nylas) for _ in range(3)), return_exceptions=True)
    assert [type(result).__name__ for result in results] == ["RateLimited", "Booking", "Booking"]
    first, second, *others = stage.times
    assert second - first >= 10
    assert all(other - second >= 10 for other in others)
    assert len(set(stage.times)) == len(stage.times)


@pytest.mark.parametrize("pauses", [("60", "1"), ("1", "60")])
async def test_the_longer_pause_counts(pauses: tuple[str, str]) -> None:
    """A second word from the API can make the pause longer, and never shorter."""
    both_sent = asyncio.Barrier(2)

    def told(seconds: str) -> Any:
        async def answer() -> Response:
            await both_sent.wait()
            return no(429, Retry_After=seconds)

        return answer

    stage = Stage([told(seconds) for seconds in pauses], chance=0.0)
    nylas = stage.client(retry=ONCE)
    refused = await asyncio.gather(create(nylas), create(nylas), return_exceptions=True)
    assert sorted(error.retry_after for error in refused) == [1, 60]
    await create(nylas)
    assert stage.times == [1000, 1000, 1060]
    assert not nylas._transport._gate.held_back


@pytest.mark.parametrize("chance", [0.0, 1.0])
async def test_a_pause_that_is_too_long(chance: float) -> None:
    """A call whose deadline is too short for the pause ends at once, says so, and was not sent."""
    stage = Stage([SLOW_DOWN], chance=chance)
    nylas = stage.client(retry=Retry(attempts=2, deadline=10))
    with pytest.raises(RateLimited):
        await create(nylas)
    with pytest.raises(NotSent, match="a pause of 10 s more") as caught:
        await create(nylas)
    assert caught.value.retry_after == 10
    assert caught.value.outcome is Outcome.NOT_SENT
    assert caught.value.attempts == 0
    assert len(stage.requests) == 1
    assert stage.slept == []


async def test_nobody_is_sent_after_the_deadline() -> None:
    """The bit that is waited longer than asked counts too: no call is sent with no time left."""
    stage = Stage([SLOW_DOWN], chance=1.0)
    nylas = stage.client(retry=Retry(attempts=1, deadline=10.5))
    with pytest.raises(RateLimited):
        await create(nylas)
    with pytest.raises(NotSent):
        await create(nylas)
    assert len(stage.requests) == 1


async def test_an_absurd_pause_ends() -> None:
    """One `Retry-After` of decades holds an auth back for an hour at most, or as long as is set."""
    for longest, settings in ((3600.0, {}), (100.0, {"longest_pause": 100.0})):
        stage = Stage([no(429, Retry_After="1790000000")], chance=0.0)
        nylas = stage.client(retry=Retry(attempts=1, deadline=20, **settings))
        with pytest.raises(RateLimited) as refused:
            await create(nylas)
        assert refused.value.retry_after == longest
        with pytest.raises(NotSent) as held:
            await create(nylas)
        assert held.value.retry_after == longest
        stage.now += longest
        await create(nylas)


async def test_a_probe_ends_a_pause() -> None:
    """In a long pause one call leaves each minute; when it succeeds, all may leave again."""
    stage = Stage([no(429, Retry_After="3600")], chance=0.0)
    nylas = stage.client(retry=Retry(attempts=1, deadline=20))
    with pytest.raises(RateLimited):
        await create(nylas)
    stage.now += 60
    stage.script = [no(429, Retry_After="1000")]
    with pytest.raises(RateLimited):
        await create(nylas)  # a probe
    with pytest.raises(NotSent) as held:
        await create(nylas)
    assert held.value.retry_after == 1000
    stage.now += 60
    stage.script = [no(503)]
    with pytest.raises(ServerError):
        await create(nylas)  # a probe that says nothing about the pause
    with pytest.raises(NotSent):
        await create(nylas)
    stage.now += 60
    await create(nylas)  # a probe
    await create(nylas)
    assert len(stage.requests) == 5


async def test_a_refused_probe_ends_a_pause() -> None:
    """A probe that the API refuses for a reason of its own was not one call too many."""
    stage = Stage([no(429, Retry_After="3600")], chance=0.0)
    nylas = stage.client(retry=Retry(attempts=1, deadline=20))
    with pytest.raises(RateLimited):
        await create(nylas)
    stage.now += 60
    stage.script = [no(400)]
    with pytest.raises(BadRequest):
        await create(nylas)
    await create(nylas)


async def test_a_call_from_before_a_pause_does_not_end_it() -> None:
    """What left before the API asked for a pause says nothing about it when it succeeds."""
    stage = Stage(chance=0.0)
    nylas = stage.client(retry=Retry(attempts=1, deadline=20), pace=Pace(per_second=1000))
    going = asyncio.Event()

    async def late() -> Response:
        await going.wait()
        return YES

    stage.script = [late, no(429, Retry_After="3600")]
    first = asyncio.create_task(create(nylas))
    await soon(lambda: bool(stage.requests))
    with pytest.raises(RateLimited):
        await create(nylas)
    going.set()
    await first
    with pytest.raises(NotSent):
        await create(nylas)


async def test_those_who_wait_hear_of_a_probe() -> None:
    """Calls in a long wait look once a minute whether they still have to wait."""
    stage = Stage([no(429, Retry_After="3600")], chance=0.0)
    nylas = stage.client(retry=Retry(attempts=1, deadline=None))
    with pytest.raises(RateLimited):
        await create(nylas)
    await asyncio.gather(*(create(nylas) for _ in range(3)))
    assert max(stage.times) <= 1120
