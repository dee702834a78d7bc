"""The pace: so many calls a second and in flight, learned where it is not known."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import orjson
import pytest
from attrs import define, field

from nylas_bookings import AsyncClient, Client, Pace, PublicConfiguration, Request, Response, errors
from nylas_bookings._pace.learning import Learning

from ..samples import PUBLIC
from ..wire_server import BOOKING
from . import virtual
from .asking import ONCE, many, wanted

YES = Response(200, {}, orjson.dumps({"request_id": "req-1", "data": BOOKING}))
LIMIT = 50.0


@define
class Server:
    """An API that takes so many calls a second, in virtual time, like the sandbox's.

    Attributes:
        latency: How long an answer takes.
        asked: When each call came.
        refused: How many were refused.
        busiest: How many there were at a time.
        allowance: How many it would take at once.
    """

    loop: virtual.VirtualLoop
    limit: float = LIMIT
    latency: float = 0.2
    retry_after: float | None = None
    asked: list[float] = field(factory=list)
    refused: int = 0
    busiest: int = 0
    allowance: float = LIMIT
    _here: int = 0
    _counted_at: float = 0.0

    async def send(self, request: Request) -> Response:
        """Answer, or refuse."""
        now = self.loop.time()
        self.asked.append(now)
        self._here += 1
        self.busiest = max(self.busiest, self._here)
        refilled = self.allowance + (now - self._counted_at) * self.limit
        self.allowance, self._counted_at = min(self.limit, refilled), now
        accepted = self.allowance >= 1
        self.allowance -= accepted
        self.refused += not accepted
        await asyncio.sleep(self.latency)
        self._here -= 1
        wait = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        return YES if accepted else Response(429, wait, b'{"error": {"type": "rate_limit_error"}}')


def storm(count: int, pace: Pace | None, **settings: Any) -> tuple[Any, Server, float]:
    """Make so many bookings, and say how long it took."""

    async def play(loop: virtual.VirtualLoop) -> tuple[Any, Server, float]:
        server = Server(loop, **settings)
        nylas = virtual.on(loop, AsyncClient(PUBLIC, send=server.send))
        began = loop.time()
        report = await nylas.bookings.create_many(many(count), pace=pace)
        return report, server, loop.time() - began

    return virtual.run(play)


@pytest.mark.parametrize("pace", [Pace(per_second=LIMIT), Pace()], ids=["told", "learned"])
def test_a_storm(pace: Pace) -> None:
    """5,000 creates take hardly longer than the limit makes them, and few are refused."""
    report, server, seconds = storm(5000, pace)
    assert report.created == 5000
    assert seconds < 5000 / LIMIT * 1.1
    assert server.refused < 5000 * 0.03


def test_too_much_was_promised() -> None:
    """Told more than the API bears, the pace learns what it bears."""
    report, server, seconds = storm(3000, Pace(per_second=200))
    assert report.created == 3000
    assert seconds < 3000 / LIMIT * 1.1
    assert server.refused < 3000 * 0.05


def test_never_more_than_it_says() -> None:
    """In no second do more calls leave than the pace says, but for a tenth of a second's worth."""
    report, server, _ = storm(300, Pace(per_second=20))
    assert report.created == 300
    for moment in server.asked:
        assert sum(moment <= other < moment + 1 for other in server.asked) <= 22


@pytest.mark.parametrize("rate", [0.5, 3.0])
def test_slowly(rate: float) -> None:
    """A slow pace lets the first call go at once, and the others one by one."""
    _, server, _ = storm(5, Pace(per_second=rate))
    gaps = [later - earlier for earlier, later in zip(server.asked, server.asked[1:], strict=False)]
    assert server.asked[0] == pytest.approx(1000.0, abs=0.01)
    assert gaps == pytest.approx([1 / rate] * 4, abs=0.11)


def test_in_flight() -> None:
    """So many calls are on their way at a time, and no more."""
    report, server, _ = storm(100, Pace(in_flight=3, per_second=1000.0), limit=10_000.0)
    assert report.created == 100
    assert server.busiest == 3


def test_everybody_pauses() -> None:
    """When the API asks one call to wait, no other leaves before the time is over."""
    report, server, _ = storm(120, Pace(per_second=400), retry_after=30.0)
    assert report.created == 120
    gaps = [later - earlier for earlier, later in zip(server.asked, server.asked[1:], strict=False)]
    assert max(gaps) >= 29.0
    assert server.refused < 40


def test_everybody_pauses_whoever_asks() -> None:
    """The pause that one asker was told is a pause for all that share its pace."""

    async def play(loop: virtual.VirtualLoop) -> None:
        server = Server(loop, limit=0.0, retry_after=20.0, allowance=0.0)
        pace = Pace(per_second=100)
        for number in range(2):
            auth = PublicConfiguration(f"cfg-{number}")
            nylas = virtual.on(loop, AsyncClient(auth, send=server.send, pace=pace, retry=ONCE))
            with pytest.raises(errors.RateLimited):
                await nylas.bookings.get("b-1")
        first, second = server.asked
        assert second - first >= 20.0

    virtual.run(play)


def test_everything_on_a_client_shares_it() -> None:
    """A client's pace holds for all its calls, and ends a call whose turn does not come."""

    async def play(loop: virtual.VirtualLoop) -> None:
        server = Server(loop)
        nylas = virtual.on(loop, AsyncClient(PUBLIC, send=server.send, pace=Pace(per_second=1)))
        await nylas.bookings.create_many(many(3))
        await nylas.bookings.get("b-1")
        await nylas.bookings.cancel("b-1")
        assert server.asked == pytest.approx([1000.0, 1001.0, 1002.0, 1003.0, 1004.0], abs=0.3)
        calls = [nylas.bookings.get("b-1") for _ in range(150)]
        done = await asyncio.gather(*calls, return_exceptions=True)
        kinds = Counter(type(result).__name__ for result in done)
        assert set(kinds) == {"Booking", "NotSent"}
        assert 110 <= kinds["Booking"] <= 121
        assert "pace" in str(next(r for r in done if isinstance(r, errors.NotSent)))

    virtual.run(play)


def test_a_cancelled_call_gives_its_turn_back() -> None:
    """Whoever is cancelled while waiting, or on the way, does not hold up the others."""

    async def play(loop: virtual.VirtualLoop) -> None:
        server = Server(loop, latency=50.0)
        pace = Pace(per_second=100, in_flight=1)
        nylas = virtual.on(loop, AsyncClient(PUBLIC, send=server.send, pace=pace))
        calls = [asyncio.create_task(nylas.bookings.get("b-1")) for _ in range(3)]
        await asyncio.sleep(1)
        calls[1].cancel()
        calls[0].cancel()
        await asyncio.wait(calls)
        assert [call.cancelled() for call in calls] == [True, True, False]
        assert loop.time() < 1052.0

    virtual.run(play)


def test_one_loop_after_the_other() -> None:
    """A pace can be used in a second event loop when the first has ended."""
    pace = Pace(per_second=50)
    for _ in range(2):
        assert storm(20, pace)[0].created == 20
    with Client(PublicConfiguration("c"), send=lambda _: asyncio.sleep(0, YES), pace=pace) as nylas:
        assert nylas.bookings.create_many([wanted(0)]).created == 1


def test_it_slows_down_before_it_is_refused() -> None:
    """When answers take much longer than they use to, fewer calls leave; then more again."""
    learning = Learning(100.0)
    now = 0.0
    for latency, count in ((0.1, 500), (0.5, 60)):
        for _ in range(count):
            now += 0.01
            learning.answered(now, latency, waited=True)
    slow = learning.rate
    assert 50.0 <= slow < 100.0
    for _ in range(5000):
        now += 0.01
        learning.answered(now, 0.1, waited=True)
    assert learning.rate == 100.0


def test_it_does_not_rise_unused() -> None:
    """While no call waits for its turn, the rate says nothing about the API, and stays."""
    learning = Learning()
    for _ in range(100):
        learning.answered(1.0, 0.1, waited=False)
    assert learning.rate == Learning().rate


def test_a_burst_of_refusals_is_one_lesson() -> None:
    """Calls that were on their way when the rate was cut do not cut it again."""
    learning = Learning(100.0)
    for moment in (10.0, 10.1, 10.2):
        learning.refused(moment, 0.5)
    assert learning.rate == 85.0
    learning.refused(11.0, 0.5)
    assert learning.rate == 85.0 * 0.85


@pytest.mark.parametrize(
    "settings",
    [
        {"per_second": 0},
        {"per_second": "5"},
        {"per_second": True},
        {"in_flight": 0},
        {"in_flight": 1.5},
    ],
)
def test_what_is_no_pace(settings: Any) -> None:
    """A pace is made of numbers above nothing."""
    with pytest.raises(errors.InvalidRequest):
        Pace(**settings)


def test_a_client_takes_paces_only() -> None:
    """What cannot be asked for a turn is refused when the client is made."""
    with pytest.raises(errors.InvalidRequest, match="a Pace is needed here, not int"):
        AsyncClient(PUBLIC, pace=50)  # type: ignore[arg-type] # that is what is tested
