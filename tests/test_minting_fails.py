"""When no session can be opened: nothing was sent, and everybody who waited for it hears of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from nylas_bookings import MintedSession, Response, Retry, Timeout, _minting
from nylas_bookings.errors import (
    BookingsError,
    Forbidden,
    InvalidRequest,
    NoAnswer,
    NotSent,
    Outcome,
    Unauthorized,
    UnexpectedAnswer,
)

from .conftest import ONCE
from .stage import YES, Stage, create, forever, no, session

AUTH = MintedSession("nyk_v0_key", "cfg-1")
REFUSED = no(401, "unauthorized")


@pytest.mark.parametrize(
    "failure", [NoAnswer("lost"), no(503), NotSent("no connection"), no(429)], ids=repr
)
async def test_a_failure_that_may_pass(failure: Any) -> None:
    """When no session could be opened for now, nothing was sent, and the call tries again."""
    stage = Stage([failure, session("s-1"), YES])
    assert (await create(stage.client(AUTH))).booking_id == "b-1"
    stage = Stage([failure])
    with pytest.raises(NotSent, match=r"bookings\.create: no session could be opened") as caught:
        await create(stage.client(AUTH, retry=ONCE))
    assert caught.value.outcome is Outcome.NOT_SENT
    assert len(stage.requests) == 1


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (no(401), Unauthorized),
        (no(403), Forbidden),
        (Response(200, {}, b"{}"), UnexpectedAnswer),
        (session("s\n1"), InvalidRequest),
    ],
    ids=["401", "403", "no session in it", "no credential"],
)
@pytest.mark.parametrize("read", [True, False])
async def test_a_failure_that_stays(
    failure: Response, kind: type[BookingsError], read: bool
) -> None:
    """What will not get better is said at once, and nothing of the call was sent either."""
    stage = Stage([failure])
    nylas = stage.client(AUTH)
    with pytest.raises(kind, match="no session could be opened") as caught:
        await (nylas.bookings.get("b-1") if read else create(nylas))
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "Nothing was sent." in str(caught.value)
    assert len(stage.requests) == 1


async def test_a_failure_is_shared() -> None:
    """Calls that wait for the same session fail together, each with an error of its own."""
    stage = Stage([no(403)])
    nylas = stage.client(AUTH)
    errors = await asyncio.gather(*(create(nylas) for _ in range(10)), return_exceptions=True)
    assert len(stage.requests) == 1
    assert {type(one) for one in errors} == {Forbidden}
    assert len({id(one) for one in errors}) == 10


async def test_a_failure_is_not_kept() -> None:
    """The next call after a failure tries to open a session again."""
    stage = Stage([no(403), session("s-1"), YES])
    nylas = stage.client(AUTH)
    with pytest.raises(Forbidden):
        await create(nylas)
    await create(nylas)
    assert stage.bearers() == ["nyk_v0_key", "nyk_v0_key", "s-1"]


async def test_many_repeat_together() -> None:
    """Calls that try again after a failure share the next session too."""
    stage = Stage([no(503), session("s-1")])
    nylas = stage.client(AUTH)
    await asyncio.gather(*(create(nylas) for _ in range(10)))
    assert Counter(stage.bearers()) == {"nyk_v0_key": 2, "s-1": 10}


async def test_told_to_wait() -> None:
    """When the API asks to wait with sessions, no other call asks for one until then."""
    stage = Stage([no(429, Retry_After="10"), session("s-1"), YES, YES], chance=0.0)
    nylas = stage.client(AUTH, retry=ONCE)
    with pytest.raises(NotSent) as caught:
        await create(nylas)
    assert caught.value.retry_after == 10
    await asyncio.gather(create(nylas), create(nylas))
    assert stage.times == [1000, 1010, 1010, 1010]


async def test_a_session_takes_too_long() -> None:
    """A call waits for its session as long as for any attempt, and then has sent nothing."""
    stage = Stage([forever, forever, forever])
    with pytest.raises(NotSent, match="did not open a session in time") as caught:
        await create(stage.client(AUTH, retry=ONCE), timeout=Timeout(total=0.02))
    assert caught.value.outcome is Outcome.NOT_SENT


async def test_a_request_that_hangs() -> None:
    """When one request for a session hangs, another one is sent, and all calls use its session."""
    stage = Stage([forever, session("s-2")])
    nylas = stage.client(AUTH, timeout=Timeout(total=0.2), retry=ONCE)
    await asyncio.gather(*(create(nylas) for _ in range(5)))
    await create(nylas)
    assert Counter(stage.bearers()) == {"nyk_v0_key": 2, "s-2": 6}
    assert len(asyncio.all_tasks()) == 1, "the request that hangs is left"


async def test_few_requests_hang() -> None:
    """However many calls wait, no more than three requests for a session are on their way."""
    stage = Stage([forever] * 9)
    nylas = stage.client(AUTH, timeout=Timeout(total=0.05), retry=ONCE)
    ends = await asyncio.gather(*(create(nylas) for _ in range(5)), return_exceptions=True)
    assert {type(end) for end in ends} == {NotSent}
    assert len(stage.requests) == 3
    await nylas.close()


async def test_a_request_that_hangs_without_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client without a timeout sends another request for a session too."""
    monkeypatch.setattr(_minting, "_PATIENCE", 0.01)
    stage = Stage([forever, session("s-2")])
    await create(stage.client(AUTH, timeout=Timeout(total=None), retry=Retry(deadline=None)))
    assert stage.bearers() == ["nyk_v0_key", "nyk_v0_key", "s-2"]


async def test_a_failure_decides() -> None:
    """The request that ends first decides, even when it fails: nobody waits for the other."""
    stage = Stage([forever, no(403)])
    with pytest.raises(Forbidden, match="no session could be opened"):
        await create(stage.client(AUTH, timeout=Timeout(total=0.2)))


async def test_a_loss_is_not_forgotten() -> None:
    """A lost attempt may have taken effect, even if there is no session to try again with."""
    stage = Stage([session("s-1"), NoAnswer("lost"), REFUSED, no(403)])
    with pytest.raises(Forbidden) as caught:
        await stage.client(AUTH).bookings.cancel("b-1")
    assert caught.value.outcome is Outcome.UNKNOWN
