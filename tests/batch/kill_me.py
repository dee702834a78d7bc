"""A process that carries out batches in children of its own, and kills them when it is told to.

It reads lines of JSON, and answers each with one: whether the child came to its end, and what it
printed. The children are forked from a process that has imported everything and has no thread.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import sys
from typing import Any

from nylas_bookings import AsyncClient, PublicConfiguration, Retry, Timeout
from nylas_bookings.batch import CalendarSettler, running
from tests.batch.asking import many


async def batch(task: dict[str, Any]) -> dict[str, Any]:
    """Carry out a batch, or go on with it."""
    nylas = AsyncClient(
        PublicConfiguration(task["configuration"]),
        api_url=task["url"],
        retry=Retry(attempts=1),
        timeout=Timeout(total=2.0),
    )
    settler = CalendarSettler(task["key"], task["grant"], limit=task["limit"], pause=0.02)
    async with nylas:
        report = await nylas.bookings.create_many(
            many(task["count"]), concurrency=8, journal=task["journal"], settle=settler
        )
        results = [(type(result).__name__, result.request.guest.email) for result in report]
    return {"left": report.left, "results": results}


def child(task: dict[str, Any], writing: int) -> None:
    """What the child does; it ends without a word to anybody else."""
    try:
        told = json.dumps(asyncio.run(batch(task)))
    except Exception as error:  # noqa: BLE001 - the parent hears of it
        told = json.dumps({"error": repr(error)})
    with os.fdopen(writing, "w") as pipe:
        pipe.write(told)
    os._exit(0)


def carry_out(task: dict[str, Any]) -> str:
    """What a child printed, or nothing, if it was killed before."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        child(task, writing)
    os.close(writing)
    if not select.select([reading], [], [], task["seconds"])[0]:
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(pid, 0)
    return told


if __name__ == "__main__":
    assert running
    for line in sys.stdin:
        sys.stdout.write(json.dumps(carry_out(json.loads(line))) + "\n")
        sys.stdout.flush()
