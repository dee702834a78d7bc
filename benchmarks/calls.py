"""One create at a time: ours awaited and blocking, and the same call written by hand on aiohttp."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import aiohttp

from nylas_bookings import AsyncClient, Guest, PublicConfiguration

from . import rounds, server

START, END = datetime(2026, 12, 1, 9, tzinfo=UTC), datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
CONFIGURATION = "11111111-2222-3333-4444-555555555555"

Subject = Callable[[], Awaitable[object]]


def by_hand(session: aiohttp.ClientSession, url: str) -> Subject:
    """The call as one would write it on a plain aiohttp session."""
    address = f"{url}/v3/scheduling/bookings?configuration_id={CONFIGURATION}"

    async def create() -> object:
        body = {
            "start_time": int(START.timestamp()),
            "end_time": int(END.timestamp()),
            "guest": {"name": "Jane Doe", "email": "jane@example.com"},
        }
        async with session.post(address, json=body) as response:
            return await response.json()

    return create


def awaited(client: AsyncClient) -> Subject:
    """Ours, awaited."""
    guest = Guest(name="Jane Doe", email="jane@example.com")
    return lambda: client.bookings.create(start_time=START, end_time=END, guest=guest)


async def _batch(subject: Subject, calls: int) -> tuple[float, float, float]:
    """CPU, wall and median time of so many calls, in microseconds for each."""
    times = []
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(calls):
        began = time.perf_counter()
        await subject()
        times.append(time.perf_counter() - began)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return cpu / calls * 1e6, wall / calls * 1e6, sorted(times)[calls // 2] * 1e6


async def _measure(url: str, rounds_: int, calls: int) -> dict[str, list[tuple[float, ...]]]:
    async with (
        aiohttp.ClientSession() as session,
        AsyncClient(PublicConfiguration(CONFIGURATION), api_url=url) as client,
    ):
        subjects = {"aiohttp by hand": by_hand(session, url), "awaited": awaited(client)}
        figures: dict[str, list[tuple[float, ...]]] = {name: [] for name in subjects}
        for subject in subjects.values():
            await _batch(subject, calls)
        for number in range(rounds_):
            for name in rounds.shuffled(subjects, number):
                figures[name].append(await _batch(subjects[name], calls))
    return figures


def run(*, quick: bool) -> str:
    """Measure, and say it in a table."""
    with server.running() as url:
        figures = asyncio.run(_measure(url, *((3, 100) if quick else (60, 300))))
    lines = ["create, one at a time (µs a call; ratios paired within a round)"]
    for column, title in enumerate(("CPU", "wall", "p50")):
        values = {name: [figure[column] for figure in rows] for name, rows in figures.items()}
        against = rounds.ratios(values, "aiohttp by hand")
        lines += [
            f"  {title:5} {name:16} {rounds.spread(values[name]).median:7.1f}   × {against[name]}"
            for name in values
        ]
    return "\n".join(lines)
