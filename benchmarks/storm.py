"""Many creates against an API that takes so many calls a second, from one process or several.

    python -m benchmarks.storm --count 5000 --processes 3 --per-second 50

The API is a sandbox in this process; the others share a pace through Redis (`--pace redis://…`) or
PostgreSQL (`--pace host=…`). Prints one line of JSON: how long it took, how long it would have
taken at best, and how many calls were refused.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    Exchange,
    NewBooking,
    Pace,
    PostgresPace,
    PublicConfiguration,
    RedisPace,
)
from nylas_bookings.sandbox import Behaviour, Sandbox

from . import sandbox_bookings
from .create import GUEST
from .sandbox_bookings import MINUTES


def main() -> None:
    """Start the sandbox and the processes, and say how it went."""
    given = _arguments()
    if given.child:
        _obey()
        return
    behaviour = Behaviour(rate_limit=given.limit)
    with Sandbox(behaviour=behaviour) as sandbox:
        told = _storm(given, sandbox)
    seconds = max(t["ended"] for t in told) - min(t["began"] for t in told)
    figures = {
        "created": sum(t["created"] for t in told),
        "shares": [t["created"] for t in told],
        "refused": sum(t["refused"] for t in told) / given.count,
        "seconds": round(seconds, 2),
        "ideal": given.count / given.limit,
    }
    print(json.dumps(figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=5000, help="bookings in all")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--limit", type=float, default=50.0, help="calls a second, of the API")
    parser.add_argument("--per-second", type=float, help="of the pace; found out if not given")
    parser.add_argument("--pace", help="where it is shared; in each process alone if not given")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _storm(given: argparse.Namespace, sandbox: Sandbox) -> list[dict[str, Any]]:
    """What the processes tell, after all of them have begun at the same time."""
    configuration = asyncio.run(_always_open(sandbox))
    command = [sys.executable, "-m", "benchmarks.storm", "--child"]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(given.processes)
    ]
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    for number, child in enumerate(children):
        assert child.stdin is not None
        task = {
            "url": sandbox.url,
            "configuration": configuration,
            "pace": given.pace,
            "per_second": given.per_second,
            "numbers": list(range(number, given.count, given.processes)),
        }
        child.stdin.write(json.dumps(task) + "\n")
        child.stdin.flush()
    return [json.loads(child.communicate()[0]) for child in children]


async def _always_open(sandbox: Sandbox) -> str:
    """The id of a configuration that can be booked at any time."""
    wanted = sandbox_bookings.always_open(sandbox.organizer_email)
    async with AsyncClient(ApiKey(sandbox.api_key), send=sandbox.send) as nylas:
        made = await nylas.configurations.create(sandbox.grant_id, wanted)
    assert made.id is not None
    return made.id


def _obey() -> None:
    """What a child does: say that it is there, wait for its task, carry it out."""
    print("ready", flush=True)
    print(json.dumps(asyncio.run(_batch(json.loads(sys.stdin.readline())))))


async def _batch(task: dict[str, Any]) -> dict[str, Any]:
    refused = 0

    def count(exchange: Exchange) -> None:
        nonlocal refused
        refused += exchange.status == 429

    pace = _pace(task)
    auth = PublicConfiguration(task["configuration"])
    async with AsyncClient(auth, api_url=task["url"], on_exchange=count) as nylas:
        began = time.time()
        report = await nylas.bookings.create_many(_wanted(task["numbers"]), pace=pace)
        ended = time.time()
    if not isinstance(pace, Pace):
        await pace.close()
    return {"began": began, "ended": ended, "created": report.created, "refused": refused}


def _pace(task: dict[str, Any]) -> Pace | RedisPace | PostgresPace:
    where, per_second = task["pace"], task["per_second"]
    if where is None:
        return Pace(per_second)
    return (RedisPace if "://" in where else PostgresPace)(where, per_second)


def _wanted(numbers: list[int]) -> Iterator[NewBooking]:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for number in numbers:
        start = today + timedelta(days=2, minutes=MINUTES * number)
        end = start + timedelta(minutes=MINUTES)
        yield NewBooking(start_time=start, end_time=end, guest=GUEST)


if __name__ == "__main__":
    main()
