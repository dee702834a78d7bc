"""Settling, resetting and closing, with receivers that answer and receivers that do not."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from nylas_bookings import ApiKey, AsyncClient
from nylas_bookings.sandbox import Sandbox
from nylas_bookings.sandbox.post import courier, exchange

from ...waiting import PATIENCE, soon
from ...wire_server import Answer
from ..calls import MONDAY, Raw
from ..control.asking import Controls
from .conftest import TRIGGERS, Settle, Subscribe
from .receiver import Receiver

HANGS = Answer(delay=600.0)


def _posts() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "nylas sandbox post"]


async def test_nothing_starts_before_it_is_needed(
    raw: Raw, subscribe: Subscribe, settle: Settle
) -> None:
    """Without a subscription there is no thread; with one there is, as soon as it is told."""
    await raw.book(0)
    raw.sandbox.clock.advance(hours=1)
    await settle()
    await subscribe()
    assert _posts() == []
    await raw.book(4)
    await settle()
    assert len(_posts()) == 1
    raw.sandbox.close()
    assert _posts() == []


async def test_settling_inside_a_loop(sandbox: Sandbox) -> None:
    """To settle in a coroutine would hold up its loop: it is refused, and told how it is done."""
    with pytest.raises(RuntimeError, match=r"asyncio\.to_thread\(sandbox\.settle\)"):
        sandbox.settle()


async def test_settling_names_what_is_left(
    raw: Raw, subscribe: Subscribe, receiver: Receiver
) -> None:
    """What has not been sent in time is named."""
    made = await subscribe()
    receiver.answer(*[HANGS] * 9)
    for number in range(9):
        await raw.book(number)
    with pytest.raises(TimeoutError) as late:
        await asyncio.to_thread(raw.sandbox.settle, 0.1)
    assert f"booking.created to webhook {made.id}" in str(late.value)
    assert str(late.value).endswith("and 4 more")


@pytest.mark.parametrize("how", ["freeze", "advance", "resume", "reset"])
async def test_every_move_of_the_clock_is_noticed(
    raw: Raw, subscribe: Subscribe, receiver: Receiver, settle: Settle, how: str
) -> None:
    """Whatever moves the clock past the time of an attempt, the attempt is made then."""
    clock = raw.sandbox.clock
    clock.freeze(MONDAY.replace(year=2026, month=11, day=22, hour=23, minute=50))
    await subscribe()
    receiver.answer(Answer(status=500))
    await raw.book()
    await settle()
    assert len(receiver.posts) == 1
    if how == "resume":
        clock.freeze(MONDAY.replace(day=22, hour=23, minute=54, second=59, microsecond=900_000))
        assert len(receiver.posts) == 1
    moves = {"freeze": lambda: clock.freeze(MONDAY), "advance": lambda: clock.advance(minutes=5)}
    moves.get(how, getattr(clock, how))()
    await soon(lambda: len(receiver.posts) == 2)


async def test_a_clock_that_runs(
    subscribe: Subscribe, raw: Raw, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a clock that runs, an attempt is made when its time has come, without any help."""
    monkeypatch.setattr(courier, "_LOOK_AGAIN_SECONDS", 600.0)
    raw.sandbox.clock.resume()
    await subscribe()
    receiver.answer(Answer(status=429, headers={"Retry-After": "1"}))
    await raw.book(48)
    await soon(lambda: len(receiver.posts) == 2)


async def test_a_reset_forgets(
    raw: Raw, subscribe: Subscribe, receiver: Receiver, settle: Settle
) -> None:
    """After a reset nothing waits any more, and what was on its way is noted nowhere."""
    await subscribe()
    receiver.answer(Answer(delay=0.3, status=500), Answer(status=500))
    await raw.book(0)
    await raw.book(1)
    await soon(lambda: len(receiver.posts) == 2)
    raw.sandbox.reset()
    await settle()
    raw.sandbox.clock.advance(hours=1)
    await settle()
    assert (raw.sandbox.deliveries(), len(receiver.posts)) == ([], 2)
    await subscribe()
    await raw.book(4)
    await settle()
    (delivery,) = raw.sandbox.deliveries()
    assert (delivery["state"], delivery["attempt"]) == ("delivered", 1)


async def test_a_reset_waits_for_nobody(
    raw: Raw,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Receivers that hang hold up nothing that comes after a reset, however many they are."""
    monkeypatch.setattr(exchange, "SECONDS", 600.0)
    await subscribe()
    receiver.answer(*[HANGS] * 40)
    for number in range(40):
        assert (await raw.book(number // 10 * 48 + number % 10)).status == 200
    await soon(lambda: len(receiver.posts) == 32)
    raw.sandbox.reset()
    receiver.script.clear()
    await subscribe()
    await raw.book()
    await settle()
    assert [one["state"] for one in raw.sandbox.deliveries()] == ["delivered"]


async def test_closing_waits_for_nobody(raw: Raw, subscribe: Subscribe, receiver: Receiver) -> None:
    """A receiver that hangs does not keep the sandbox from closing."""
    await subscribe()
    receiver.answer(HANGS)
    await raw.book()
    await soon(lambda: len(receiver.posts) == 1)
    await asyncio.wait_for(asyncio.to_thread(raw.sandbox.close), PATIENCE)
    assert _posts() == []


async def test_what_was_on_its_way_when_it_closed(tmp_path: Path, receiver: Receiver) -> None:
    """What was being sent when a sandbox was closed is sent when its file is opened again."""
    path = tmp_path / "sandbox.db"
    first = Sandbox(path, now=MONDAY)
    async with AsyncClient(ApiKey(first.api_key), send=first.send) as client:
        await client.webhooks.create(trigger_types=TRIGGERS, webhook_url=receiver.url)
    receiver.answer(HANGS)
    await Raw(first).book()
    await soon(lambda: len(receiver.posts) == 1)
    first.close()
    again = Sandbox(path, now=MONDAY)
    await asyncio.to_thread(again.settle)
    (delivery,) = again.deliveries()
    assert (delivery["state"], delivery["attempt"], len(receiver.posts)) == ("delivered", 1, 2)
    again.close()


async def test_settling_over_http(raw: Raw, subscribe: Subscribe, receiver: Receiver) -> None:
    """The controls wait as Python does: until all is sent, or until they say what is left."""
    controls = Controls(raw.sandbox)
    await subscribe()
    await raw.book(0)
    done = await controls("POST", "settle", {})
    assert (done.status, done.told["counts"]["deliveries"]) == (200, 1)
    assert len(receiver.posts) == 1
    receiver.answer(HANGS)
    await raw.book(4)
    late = await controls("POST", "settle", {"timeout": 0.1})
    assert late.status == 504
    assert "booking.created to webhook" in late.message
