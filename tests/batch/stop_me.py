"""A process with a batch that somebody stops. It says when the first result has come."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from nylas_bookings import AsyncClient, Client, PublicConfiguration, Retry
from tests.batch.asking import many


def hear(result: object) -> None:
    """Say what has come."""
    sys.stdout.write(f"{type(result).__name__}\n")
    sys.stdout.flush()


task = json.loads(sys.argv[1])
auth = PublicConfiguration(task["configuration"])
once = Retry(attempts=1)
settings: dict[str, Any] = {
    "concurrency": 4,
    "journal": task["journal"],
    "on_result": hear,
}


async def awaited() -> None:
    """The batch, awaited."""
    async with AsyncClient(auth, api_url=task["url"], retry=once) as nylas:
        await nylas.bookings.create_many(many(task["count"]), **settings)


if task["way"] == "awaited":
    asyncio.run(awaited())
else:
    with Client(auth, api_url=task["url"], retry=once) as client:
        client.bookings.create_many(many(task["count"]), **settings)
