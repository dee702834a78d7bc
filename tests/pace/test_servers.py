"""Paces that are shared through a real Redis and a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import PostgresPace, RedisPace, errors
from nylas_bookings._pace.learning import Known
from nylas_bookings._pace.shared import SharedPace

from ..services import free_port, redis_server

ROOT = Path(__file__).resolve().parent.parent.parent
TOO_MANY = errors.RateLimited("slowly", status=429)
Make = Callable[..., SharedPace]


@pytest.fixture(params=["redis_url", "dsn"])
def where(request: pytest.FixtureRequest) -> str:
    """Where a pace is shared."""
    place: str = request.getfixturevalue(request.param)
    return place


@pytest.fixture
def make(where: str) -> Make:
    """What makes paces that are shared there."""
    return lambda *settings, **more: (RedisPace if "://" in where else PostgresPace)(
        where, *settings, **more
    )


async def test_never_more_than_it_says(make: Make) -> None:
    """In no second do all processes together take more turns than there are, but for a burst."""
    moments: list[float] = []

    async def take(pace: SharedPace) -> None:
        async with pace:
            for _ in range(15):
                await pace.acquire()
                moments.append(asyncio.get_running_loop().time())
                pace.release(0.01, None)

    await asyncio.gather(*(take(make(30.0)) for _ in range(3)))
    assert len(moments) == 45
    # A turn may be some milliseconds later than it was given.
    assert all(sum(m <= other < m + 0.9 for other in moments) <= 30 + 3 for m in moments)


async def test_everybody_gets_some(make: Make) -> None:
    """No process takes all the turns."""
    taken = [0, 0]
    async with make(40.0) as one, make(40.0) as other:
        paces = one, other
        for pace in paces:  # so that both have their connection
            await pace.acquire()
            pace.release(0.01, None)

        async def take(number: int) -> None:
            while sum(taken) < 40:
                await paces[number].acquire()
                taken[number] += 1
                paces[number].release(0.01, None)

        await asyncio.gather(take(0), take(1))
    assert min(taken) >= 5


async def test_what_one_learns_all_know(make: Make) -> None:
    """A refusal slows the other process, and a pause holds it back."""
    async with make(100.0) as one, make(100.0) as other, make(100.0, name="elsewhere") as third:
        await one.acquire()
        one.release(0.01, errors.RateLimited("later", status=429, retry_after=0.5))
        told = asyncio.get_running_loop().time()
        await asyncio.sleep(0.1)
        await other.acquire()
        # The clocks are compared over a socket, so a few milliseconds are nothing.
        assert asyncio.get_running_loop().time() >= told + 0.45
        assert other.rate == 85.0
        await third.acquire()
        assert third.rate == 100.0


async def test_all_change_at_the_same_time(make: Make) -> None:
    """Nothing is lost when several processes tell what they have learned at once."""
    paces = [make(100.0) for _ in range(8)]

    def one_more(known: Known) -> Known:
        return Known(rate=(known.rate or 0.0) + 1.0)

    async def change(pace: SharedPace) -> None:
        common = pace._of_this_loop().common
        for _ in range(10):
            await common.change(one_more)
        await pace.close()

    await asyncio.gather(*(change(pace) for pace in paces))
    async with make(1000.0) as pace:
        await pace.acquire()
        assert pace.rate == 80.0


@pytest.mark.parametrize("kind", [RedisPace, PostgresPace])
async def test_nobody_is_there(kind: Any) -> None:
    """Without a server nothing is sent, and the reason shows no password."""
    port = free_port()
    scheme = "redis" if kind is RedisPace else "postgresql"
    async with kind(f"{scheme}://me:hunter2@127.0.0.1:{port}/0", 10.0) as pace:
        with pytest.raises(errors.NotSent, match="cannot be asked for a turn") as caught:
            await pace.acquire()
    assert "hunter2" not in str(caught.value)


async def test_what_is_no_connection_string() -> None:
    """A connection string that cannot be read is not told: it may hold a password."""
    async with PostgresPace("host=here hunter2", 10.0) as pace:
        with pytest.raises(errors.NotSent, match="ProgrammingError") as caught:
            await pace.acquire()
    assert caught.value.__cause__ is None
    assert "hunter2" not in str(caught.value)


async def test_redis_comes_back() -> None:
    """A pace goes on when its Redis has come back, with all of it forgotten."""
    with redis_server() as url:
        pace = RedisPace(url, 100.0)
        await pace.acquire()
    with pytest.raises(errors.NotSent):
        await pace.acquire()
    with redis_server(int(url.rpartition(":")[2].partition("/")[0])):
        await pace.acquire()
        await pace.close()


@pytest.mark.parametrize(
    ("kind", "missing", "extra"),
    [(RedisPace, "pyrate_limiter", "redis"), (PostgresPace, "psycopg", "workers")],
)
def test_what_is_not_installed(
    kind: Any, missing: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its extra, a pace says what to install."""
    for name in ("in_redis", "in_postgres"):
        monkeypatch.delitem(sys.modules, f"nylas_bookings._pace.{name}", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(errors.InvalidRequest, match=rf"pip install 'nylas-bookings\[{extra}\]'"):
        kind("there", 10.0)


def storm(where: str) -> dict[str, Any]:
    """120 creates from three processes, against an API that takes 50 a second."""
    settings = ["--count", "120", "--processes", "3", "--per-second", "50", "--pace", where]
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.storm", *settings],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    ).stdout
    figures: dict[str, Any] = json.loads(told)
    return figures


def test_a_storm_from_three_processes(where: str) -> None:
    """Three processes keep to one limit together: all is created, and few calls are refused.

    How much longer than the limit makes it that takes, `benchmarks.storm` tells: within 10 %, on a
    machine that has nothing else to do.
    """
    figures = storm(where)
    assert figures["created"] == 120
    assert figures["refused"] < 0.03
