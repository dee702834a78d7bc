"""Bookings made in the sandbox: in this process, and over a socket to a sandbox in another."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from nylas_bookings import ApiKey, AsyncClient, Guest, PublicConfiguration, Request
from nylas_bookings.models import (
    Configuration,
    ConfigurationAvailability,
    ConfigurationParticipant,
    EventBooking,
    ParticipantAvailability,
    ParticipantBooking,
    SchedulerSettings,
)
from nylas_bookings.sandbox import Sandbox

from . import rounds

MINUTES = 5
GUEST = Guest(name="Jane Doe", email="jane@example.com")
IN_PROCESS_TARGET, PER_SECOND_TARGET = 150, 1500
_RUN = (
    "import sys; from nylas_bookings.cli import main; "
    "sys.argv = ['nylas-bookings', 'sandbox', '--json']; main()"
)


def _always_open(email: str) -> Configuration:
    """A configuration with a slot every five minutes, day and night, for nearly two years."""
    return Configuration(
        participants=[
            ConfigurationParticipant(
                email=email,
                is_organizer=True,
                availability=ParticipantAvailability(calendar_ids=["primary"]),
                booking=ParticipantBooking(calendar_id="primary"),
            )
        ],
        availability=ConfigurationAvailability(
            duration_minutes=MINUTES, interval_minutes=MINUTES, round_to=MINUTES
        ),
        event_booking=EventBooking(title="Benchmark", timezone="UTC"),
        scheduler=SchedulerSettings(available_days_in_future=700),
    )


def _first_slot() -> int:
    return (int(time.time()) // 86400 + 2) * 86400


async def _in_process(rounds_: int, calls: int) -> list[float]:
    """Microseconds for one create, from a request to its response, without a client."""
    sandbox = Sandbox()
    async with AsyncClient(ApiKey(sandbox.api_key), send=sandbox.send) as nylas:
        wanted = _always_open(sandbox.organizer_email)
        made = await nylas.configurations.create(sandbox.grant_id, wanted)
    url = f"http://sandbox/v3/scheduling/bookings?configuration_id={made.id}"
    start = _first_slot()
    figures = []
    for _ in range(rounds_):
        requests = [_request(url, start + number * MINUTES * 60) for number in range(calls)]
        start += calls * MINUTES * 60
        began = time.perf_counter()
        answers = [await sandbox.send(request) for request in requests]
        figures.append((time.perf_counter() - began) / calls * 1e6)
        assert all(answer.status == 200 for answer in answers)
    sandbox.close()
    return figures


def _request(url: str, start: int) -> Request:
    guest = {"name": GUEST.name, "email": GUEST.email}
    body = {"start_time": start, "end_time": start + MINUTES * 60, "guest": guest}
    return Request("POST", url, {"Content-Type": "application/json"}, orjson.dumps(body))


@contextmanager
def _other_process() -> Iterator[dict[str, Any]]:
    """What a sandbox in a process of its own says of itself."""
    process = subprocess.Popen([sys.executable, "-c", _RUN], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


async def _over_a_socket(known: dict[str, Any], rounds_: int, calls: int) -> list[float]:
    """Creates a second, 32 in flight."""
    async with AsyncClient(api_url=known["url"], connections=32) as nylas:
        wanted = _always_open(known["organizer_email"])
        key = ApiKey(known["api_key"])
        made = await nylas.configurations.create(known["grant_id"], wanted, auth=key)
        assert made.id is not None
        visitor = PublicConfiguration(made.id)
        starts = iter(range(_first_slot(), _first_slot() + 700 * 86400, MINUTES * 60))

        async def create_some(number: int) -> None:
            for _ in range(number):
                start = next(starts)
                await nylas.bookings.create(
                    start_time=start, end_time=start + MINUTES * 60, guest=GUEST, auth=visitor
                )

        figures = []
        for _ in range(rounds_):
            began = time.perf_counter()
            await asyncio.gather(*(create_some(calls // 32) for _ in range(32)))
            figures.append(calls / (time.perf_counter() - began))
    return figures


def run(*, quick: bool) -> str:
    """Measure, and say it in a table."""
    rounds_, calls = (3, 64) if quick else (21, 640)
    inside = rounds.spread(asyncio.run(_in_process(rounds_, calls)))
    with _other_process() as known:
        outside = rounds.spread(asyncio.run(_over_a_socket(known, rounds_, calls)))
    return "\n".join(
        (
            "creates in the sandbox (median and quartiles)",
            f"  in process, µs                 {inside}   target: {IN_PROCESS_TARGET} at most",
            f"  over a socket, 32 in flight, /s {outside}   target: {PER_SECOND_TARGET} at least",
        )
    )
