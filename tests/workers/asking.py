"""What the tests of workers ask the database and its workers for."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg

from nylas_bookings import AsyncClient, workers
from nylas_bookings.batch import BatchReport, Unknown
from nylas_bookings.sandbox import Sandbox

from ..batch.asking import client, guests

IN = "SET search_path TO nylas_bookings"


def ask(dsn: str, query: str) -> list[Any]:
    """What the database says."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(IN)
        done = connection.execute(query.encode())
        return done.fetchall() if done.description else []


async def work(dsn: str, sandbox: Sandbox, name: str, **settings: Any) -> BatchReport:
    """Let one worker finish a batch in this process."""
    of_client = settings.pop("client", {})

    def made() -> AsyncClient:
        return client(sandbox, **of_client)

    await workers.run(dsn, client=made, until=name, **{"dead_after": 1.0, **settings})
    return await workers.report(name, dsn=dsn)


def check(sandbox: Sandbox, report: BatchReport, count: int) -> None:
    """Everybody has what the report says, and nobody has it twice."""
    booked = Counter(guests(sandbox))
    results = list(report)
    assert (len(results), report.left) == (count, 0)
    for result in results:
        truth = {"Created": {1}, "Failed": {0}, "Unknown": {0, 1}}[type(result).__name__]
        assert booked[result.request.guest.email] in truth, result
    assert report.failed == 0
    unknown = [(r.error, r.evidence) for r in results if isinstance(r, Unknown)]
    assert len(unknown) <= count // 4, unknown
