"""A sandbox to book in: a configuration that is open day and night, and requests for its slots."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson
from attrs import define, field

from nylas_bookings import ApiKey, AsyncClient, Request
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

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MINUTES = 5
_DAYS = 700


def always_open(email: str) -> Configuration:
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
        scheduler=SchedulerSettings(available_days_in_future=_DAYS),
    )


def starts() -> Iterator[int]:
    """All its slots, from the day after tomorrow on."""
    first = (int(time.time()) // 86_400 + 2) * 86_400
    return iter(range(first, first + (_DAYS - 3) * 86_400, MINUTES * 60))


@define
class OpenSandbox:
    """A sandbox in this process, with a configuration that is always open."""

    sandbox: Sandbox
    _url: str
    _starts: Iterator[int] = field(factory=starts)

    async def create(self, number: int) -> float:
        """Create that many bookings and return the median time of one, in microseconds."""
        times = []
        for _ in range(number):
            began = time.perf_counter()
            await self.create_next()
            times.append(time.perf_counter() - began)
        return statistics.median(times) * 1e6

    async def create_next(self) -> None:
        """Book the next slot."""
        response = await self.sandbox.send(self._request(next(self._starts)))
        assert response.status == 200, response.body

    def _request(self, start: int) -> Request:
        guest = {"name": "Jane Doe", "email": "jane@example.com"}
        body: dict[str, Any] = {"start_time": start, "end_time": start + MINUTES * 60}
        headers = {"Content-Type": "application/json"}
        return Request("POST", self._url, headers, orjson.dumps({**body, "guest": guest}))


@asynccontextmanager
async def opened() -> AsyncIterator[OpenSandbox]:
    """One of them, for as long as the block does."""
    async with Sandbox() as sandbox:
        async with AsyncClient(ApiKey(sandbox.api_key), send=sandbox.send) as nylas:
            wanted = always_open(sandbox.organizer_email)
            made = await nylas.configurations.create(sandbox.grant_id, wanted)
        url = f"http://sandbox/v3/scheduling/bookings?configuration_id={made.id}"
        yield OpenSandbox(sandbox, url)
