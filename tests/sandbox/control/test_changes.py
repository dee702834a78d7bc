"""Waiting for changes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nylas_bookings.sandbox import Behaviour, Fault, Sandbox
from nylas_bookings.sandbox.control import changes as waiting

from ..calls import MONDAY, Raw
from .asking import Controls, Wire

CHANGES: dict[str, Callable[[Sandbox], object]] = {
    "clock": lambda sandbox: sandbox.clock.advance(minutes=5),
    "frozen": lambda sandbox: sandbox.clock.resume(),
    "fault": lambda sandbox: sandbox.faults.add("create", Fault.drop_before()),
    "switch": lambda sandbox: setattr(sandbox, "behaviour", Behaviour(strict=True)),
    "host": lambda sandbox: sandbox.add_host("grace@example.com"),
    "reset": lambda sandbox: sandbox.reset(),
}


async def _number(controls: Controls) -> int:
    return int((await controls("GET", "changes")).told["number"])


@pytest.mark.parametrize("name", CHANGES)
async def test_every_change_is_heard_of(controls: Controls, sandbox: Sandbox, name: str) -> None:
    """Who waits is answered with another number as soon as anything has changed."""
    number = await _number(controls)
    asked = asyncio.ensure_future(controls("GET", f"changes?after={number}"))
    await asyncio.sleep(0)
    assert not asked.done()
    await asyncio.to_thread(CHANGES[name], sandbox)
    assert (await asked).told["number"] != number


async def test_requests_are_heard_of(controls: Controls, sandbox: Sandbox, raw: Raw) -> None:
    """A request that was dropped before anything was done with it is a change too."""
    sandbox.faults.add("*", Fault.status(503), times=None)
    number = await _number(controls)
    await raw("GET", "/v3/webhooks")
    assert await _number(controls) != number


async def test_nothing_new_is_told_after_a_while(
    controls: Controls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a change the answer comes all the same, with the same number, and so does looking."""
    monkeypatch.setattr(waiting, "_LOOKS", 2)
    number = await _number(controls)
    for path in ("state", "bookings", f"changes?after={number}"):
        await controls("GET", path)
    assert (await controls("GET", f"changes?after={number}")).told["number"] == number
    assert (await controls("GET", "state")).told["number"] == number


async def test_another_process_is_heard_of(tmp_path: Path) -> None:
    """What another sandbox writes into the same file is a change."""
    one, other = [Sandbox(tmp_path / "sandbox.db", now=MONDAY) for _ in range(2)]
    controls = Controls(one)
    number = await _number(controls)
    asked = asyncio.ensure_future(controls("GET", f"changes?after={number}"))
    await asyncio.sleep(0)
    await Raw(other).book()
    assert (await asked).told["number"] != number
    assert len(one.bookings()) == 1
    for sandbox in (one, other):
        sandbox.close()


async def test_the_loop_goes_on(controls: Controls, raw: Raw) -> None:
    """Many can wait while others are served, by the same loop."""
    number = await _number(controls)
    waits = [controls("GET", f"changes?after={number}") for _ in range(20)]
    together = asyncio.gather(*waits)
    await asyncio.sleep(0)
    assert (await raw.book()).status == 200
    assert len({answer.told["number"] for answer in await together} - {number}) == 1


def test_waiting_ends_with_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits when the sandbox is closed is answered, instead of being cut off."""
    waits, ends = threading.Event(), []
    told = waiting.Changes.number

    def number(self: waiting.Changes) -> int:
        waits.set()
        return told(self)

    sandbox = Sandbox(now=MONDAY).__enter__()
    wire = Wire(sandbox)
    known = wire("GET", "/_sandbox/changes").told["number"]
    monkeypatch.setattr(waiting.Changes, "number", number)
    asked = threading.Thread(
        target=lambda: ends.append(wire("GET", f"/_sandbox/changes?after={known}").status)
    )
    asked.start()
    waits.wait()
    sandbox.close()
    asked.join()
    assert ends == [200]


async def test_a_sandbox_that_is_closed_answers(controls: Controls, sandbox: Sandbox) -> None:
    """In this process too, waiting ends when the sandbox is closed."""
    number = await _number(controls)
    asked = asyncio.ensure_future(controls("GET", f"changes?after={number}"))
    await asyncio.sleep(0)
    await asyncio.to_thread(sandbox.close)
    assert (await asked).told["number"] == number
