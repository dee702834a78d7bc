"""Sessions that a client opens by itself: one for all calls, and renewed in time."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from nylas_bookings import AsyncClient, Client, MintedSession, Response, Retry
from nylas_bookings.errors import (
    Forbidden,
    Outcome,
    Unauthorized,
)

from .conftest import ONCE
from .stage import YES, Stage, create, no, session
from .wire_server import Answer, Received, WireServer, data, error

AUTH = MintedSession("nyk_v0_key", "cfg-1", time_to_live=10)
REFUSED = no(401, "unauthorized")
INVALID = no(400, "invalid_session")


class Office:
    """A server side that opens sessions, and keeps those it has opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def answer(self, received: Received) -> Answer:
        """A session for who asks for one, and a booking for who has one."""
        if received.target.endswith("/sessions"):
            self.opened.append(f"s-{len(self.opened) + 1}")
            return Answer(body=data({"session_id": self.opened[-1]}).body, delay=0.02)
        known = received.header("Authorization") in {f"Bearer {name}" for name in self.opened}
        return Answer() if known else error(401, "unauthorized")


async def test_a_hundred_calls_share_one(server: WireServer) -> None:
    """However many calls begin at once, one session is opened."""
    server.default = Office().answer
    async with AsyncClient(AUTH, api_url=server.url, retry=ONCE) as nylas:
        await asyncio.gather(*(nylas.bookings.get(f"b-{n}") for n in range(100)))
    opened, *calls = server.received
    assert opened.body == b'{"configuration_id":"cfg-1","time_to_live":10}'
    assert opened.header("Authorization") == "Bearer nyk_v0_key"
    assert Counter(call.header("Authorization") for call in calls) == {"Bearer s-1": 100}


def test_threads_share_one(server: WireServer) -> None:
    """The blocking client opens one session for all its threads."""
    server.default = Office().answer
    with Client(AUTH, api_url=server.url, retry=ONCE) as nylas, ThreadPoolExecutor(8) as threads:
        list(threads.map(nylas.bookings.get, ["b-1"] * 40))
    assert [received.target for received in server.received].count("/v3/scheduling/sessions") == 1
    assert len(server.received) == 41


async def test_each_auth_has_its_own() -> None:
    """Auths that differ have different sessions; equal ones share theirs."""
    stage = Stage([session("s-1"), YES, session("s-2"), YES, YES])
    nylas = stage.client(None)
    await nylas.bookings.get("b-1", auth=AUTH)
    await nylas.bookings.get("b-1", auth=MintedSession("nyk_v0_key", "cfg-2"))
    await nylas.bookings.get("b-1", auth=MintedSession("nyk_v0_key", "cfg-1", time_to_live=10))
    assert stage.bearers() == ["nyk_v0_key", "s-1", "nyk_v0_key", "s-2", "s-1"]


@pytest.mark.parametrize(("minutes", "lasts"), [(10, 540.0), (1, 54.0), (30, 1620.0)])
async def test_renewed_before_it_ends(minutes: int, lasts: float) -> None:
    """A session is renewed when a tenth of its time is left, counted from when it was asked for."""
    stage = Stage([session("s-1"), YES, YES, session("s-2"), YES])
    nylas = stage.client(MintedSession("nyk", "cfg-1", time_to_live=minutes))
    for elapsed in (0.0, lasts - 0.1, lasts):
        stage.now = 1000.0 + elapsed
        await nylas.bookings.get("b-1")
    assert stage.bearers() == ["nyk", "s-1", "s-1", "nyk", "s-2"]


@pytest.mark.parametrize("refusal", [REFUSED, INVALID], ids=["401", "invalid_session"])
async def test_renewed_when_it_is_refused(refusal: Response) -> None:
    """A session that the API refuses is renewed, and the call is sent once more: it did nothing."""
    stage = Stage([session("s-1"), refusal, session("s-2"), YES, YES])
    nylas = stage.client(AUTH, retry=ONCE)
    await create(nylas)
    await create(nylas)
    assert stage.bearers() == ["nyk_v0_key", "s-1", "nyk_v0_key", "s-2", "s-2"]


async def test_renewed_only_once() -> None:
    """When the new session is refused too, that is the answer."""
    stage = Stage([session("s-1"), REFUSED, session("s-2"), REFUSED])
    with pytest.raises(Unauthorized) as caught:
        await create(stage.client(AUTH))
    assert caught.value.outcome is Outcome.REFUSED
    assert caught.value.attempts == 2
    assert len(stage.requests) == 4


async def test_refused_for_many() -> None:
    """Many calls that are refused at once have one new session between them."""
    everybody = asyncio.Barrier(20)

    async def refuse() -> Response:
        await everybody.wait()
        return REFUSED

    stage = Stage([session("s-1"), *[refuse] * 20, session("s-2")])
    nylas = stage.client(AUTH, retry=ONCE)
    await asyncio.gather(*(create(nylas) for _ in range(20)))
    assert Counter(stage.bearers()) == {"nyk_v0_key": 2, "s-1": 20, "s-2": 20}


@pytest.mark.parametrize("next_fails", [False, True])
async def test_a_late_refusal_of_an_old_session(next_fails: bool) -> None:
    """Who comes back late with a refusal uses the next session, or opens it if nobody could."""
    begun, late = asyncio.Event(), asyncio.Event()

    async def refuse_late() -> Response:
        begun.set()
        await late.wait()
        return REFUSED

    stage = Stage([session("s-1"), refuse_late, REFUSED])
    nylas = stage.client(AUTH, retry=ONCE)
    slow = asyncio.ensure_future(create(nylas))
    await begun.wait()
    if next_fails:
        stage.script += [no(403), session("s-2")]
        with pytest.raises(Forbidden):
            await create(nylas)
    else:
        stage.script += [session("s-2")]
        await create(nylas)
    late.set()
    assert (await slow).booking_id == "b-1"
    assert Counter(stage.bearers())["s-2"] == 1 + (not next_fails)


async def test_a_cancelled_caller() -> None:
    """Who is cancelled does not take the session from the others."""
    opening, opened = asyncio.Event(), asyncio.Event()

    async def slowly() -> Response:
        opening.set()
        await opened.wait()
        return session("s-1")

    stage = Stage([slowly])
    nylas = stage.client(AUTH)
    first, second = asyncio.ensure_future(create(nylas)), asyncio.ensure_future(create(nylas))
    await opening.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    opened.set()
    assert (await second).booking_id == "b-1"
    assert stage.bearers() == ["nyk_v0_key", "s-1"]


async def test_nobody_is_left_to_hear_of_it() -> None:
    """When all callers are gone, a session that cannot be opened is nobody's concern."""
    opening, fail = asyncio.Event(), asyncio.Event()
    complaints: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: complaints.append(what))

    async def slowly() -> Response:
        opening.set()
        await fail.wait()
        return no(403)

    stage = Stage([slowly])
    nylas = stage.client(AUTH)
    caller = asyncio.ensure_future(create(nylas))
    await opening.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    fail.set()
    await asyncio.wait([nylas._transport._mint._minted[AUTH].ready])
    await nylas.close()
    del caller, nylas, stage
    gc.collect()
    assert complaints == []


def test_one_event_loop_after_the_other() -> None:
    """A session belongs to the event loop that it was opened on."""
    stage = Stage([session("s-1"), YES, session("s-2"), YES])
    nylas = stage.client(AUTH, retry=Retry(attempts=1))
    asyncio.run(create(nylas))
    asyncio.run(create(nylas))
    assert stage.bearers() == ["nyk_v0_key", "s-1", "nyk_v0_key", "s-2"]
