"""Several processes on one database, and many callers at once."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import AsyncClient, PublicConfiguration, errors
from nylas_bookings.sandbox import Sandbox

from ...examples import TIMES
from ..calls import BOOKINGS, JANE, MONDAY, ONCE, Raw, slot

_ROUNDS = TIMES
_SLOTS = [48 * day + number for day in range(2) for number in range(16)]

_BOOKS = """
import asyncio, json, sys
from tests.sandbox.calls import BOOKINGS, MONDAY, Raw, wanted
from nylas_bookings.sandbox import Sandbox

async def main():
    sandbox = Sandbox(db=sys.argv[1], now=MONDAY)
    raw, ends = Raw(sandbox), {}
    print("ready", flush=True)
    for line in sys.stdin:
        for number in json.loads(line):
            named = {"configuration_id": sandbox.public}
            answer = await raw("POST", BOOKINGS, wanted(number), **named)
            told = answer.told.get("data", {}).get("booking_id") or answer.told["error"]["message"]
            ends[number] = [answer.status, told]
        seen = sorted(booking["id"] for booking in sandbox.bookings())
        print(json.dumps({"ends": ends, "seen": len(seen)}), flush=True)
    sandbox.close()

asyncio.run(main())
"""

pytestmark = pytest.mark.timeout(300)  # the machine may have other things to do


class _Other:
    """A process with a sandbox on that file."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-c", _BOOKS, str(path)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)

    def tell(self, line: str = "") -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        """What it says next."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        """Let it end by itself."""
        self._process.communicate(timeout=30)
        assert self._process.returncode == 0


def test_one_process_wins_each_slot(tmp_path: Path) -> None:
    """Of processes that book the same slots at once, one gets each, and all know of all."""
    for number in range(_ROUNDS):
        path = tmp_path / f"{number}.db"
        # They open a file that is not there yet, both at once.
        others = [_Other(path), _Other(path)]
        assert [other.hear() for other in others] == ["ready", "ready"]
        for other in others:
            other.tell(json.dumps(_SLOTS))
        told = [json.loads(other.hear()) for other in others]
        for other in others:
            other.end()
        _check(path, [one["ends"] for one in told])


def _check(path: Path, ends: list[dict[str, Any]]) -> None:
    for number in map(str, _SLOTS):
        assert Counter(end[number][0] for end in ends) == {200: 1, 400: 1}, ends
        lost = next(end[number][1] for end in ends if end[number][0] == 400)
        assert lost == "The selected timeslot is unavailable"
    won = {end[number][1] for end in ends for number in end if end[number][0] == 200}
    sandbox = Sandbox(path, now=MONDAY)
    assert {booking["id"] for booking in sandbox.bookings()} == won
    assert len(sandbox.events()) == len(_SLOTS)
    sandbox.close()


async def test_processes_see_each_others_changes(tmp_path: Path) -> None:
    """What one sandbox changes in a configuration holds for another on the same file at once."""
    one, other = (Sandbox(tmp_path / "sandbox.db", now=MONDAY) for _ in range(2))
    path = f"/v3/grants/{one.grant_id}/scheduling/configurations/{one.public}"
    for sandbox, minutes in ((one, 60), (other, 20), (one, 45)):
        for each in (one, other):
            assert (await Raw(each)("GET", path, key=each.api_key)).status == 200
        changes = {"availability": {"duration_minutes": minutes, "interval_minutes": minutes}}
        await Raw(sandbox)("PUT", path, changes, key=sandbox.api_key)
        for each in (one, other):
            query = {"configuration_id": each.public, "start_time": slot()["start_time"]}
            end = {"end_time": slot(16)["start_time"]}
            told = await Raw(each)("GET", "/v3/scheduling/availability", **query, **end)
            first = told.told["data"]["time_slots"][0]
            assert first["end_time"] - first["start_time"] == minutes * 60
    booked = (await Raw(one).book(0, **_of_45_minutes())).told["data"]["booking_id"]
    found = await Raw(other)("GET", f"{BOOKINGS}/{booked}", configuration_id=other.public)
    assert found.status == 200
    one.close()
    other.close()


def _of_45_minutes() -> dict[str, int]:
    return {"end_time": slot()["start_time"] + 45 * 60}


async def test_many_callers_over_a_socket() -> None:
    """Of many who ask for the same slots at once over a socket, one gets each."""
    async with Sandbox(now=MONDAY) as sandbox:
        auth = PublicConfiguration(sandbox.public)
        async with AsyncClient(auth, api_url=sandbox.url, retry=ONCE) as client:

            async def book(number: int) -> int:
                try:
                    await client.bookings.create(**slot(number), guest=JANE)
                except errors.SlotUnavailable:
                    return 0
                return 1

            asked = [number for number in _SLOTS for _ in range(6)]
            won = await asyncio.gather(*map(book, asked))
        assert sum(won) == len(sandbox.bookings()) == len(sandbox.events()) == len(_SLOTS)
        assert len({booking["start"] for booking in sandbox.bookings()}) == len(_SLOTS)
