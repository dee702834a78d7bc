"""A process that starts workers when it is told to: forked, so that they are there at once.

It reads tasks as lines of JSON, and answers each with the id of the process that works on it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from typing import Any

from nylas_bookings import (
    AsyncClient,
    PublicConfiguration,
    Request,
    Response,
    Retry,
    Timeout,
    _http,
)
from nylas_bookings.batch import CalendarSettler
from nylas_bookings.workers import queue, working

from ..batch.asking import many


async def work(task: dict[str, Any]) -> None:
    """Work as the task says."""

    def client() -> AsyncClient:
        return AsyncClient(
            PublicConfiguration(task["configuration"]),
            api_url=task["url"],
            retry=Retry(attempts=1),
            timeout=Timeout(total=2.0),
        )

    await working.run(
        task["dsn"],
        client=client,
        settle=CalendarSettler(task["key"], task["grant"], limit=task["limit"], pause=0.02),
        concurrency=task.get("concurrency", 4),
        chunks=task.get("chunks", 2),
        until=task["batch"],
        dead_after=1.0,
        grace=task.get("grace", 10.0),
    )


async def warm_up() -> None:
    """Import what workers need, before there are any."""

    async def send(request: Request) -> Response:
        return Response(400, {}, b"{}")

    report = await AsyncClient(PublicConfiguration("c"), send=send).bookings.create_many(many(1))
    assert report.failed
    assert queue.app("host=nowhere")
    assert _http


if __name__ == "__main__":
    asyncio.run(warm_up())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asyncio.run(work(json.loads(line)))
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
