"""Looking at batches: how far they are, and what became of their rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import psycopg
from attrs import frozen

from ..batch import stored
from ..batch.journal import Counts
from ..batch.report import BatchReport
from ..batch.report import report as report_of
from ..batch.results import Result
from ..batch.stored import FACTS
from ..errors import InvalidRequest
from .database import addressed, connected, explained, lines
from .queue import TASK

_RESULTS: Final = (
    f"SELECT number, key, request, booking_timezone, {', '.join(FACTS)} FROM rows "  # noqa: S608 - names of ours
    "WHERE batch = %s AND state != 'planned' AND number > %s ORDER BY number LIMIT 500"
)
_STATUS: Final = """
SELECT name, submitted_at, complete, (
    SELECT count(*) FROM procrastinate_jobs
    WHERE task_name = %(task)s AND status IN ('todo', 'doing') AND args ->> 'batch' = name
), (
    SELECT coalesce(jsonb_object_agg(state, number), '{}')
    FROM (SELECT state, count(*) AS number FROM rows WHERE batch = name GROUP BY state) AS states
)
FROM batches WHERE name = %(name)s OR %(name)s::text IS NULL ORDER BY submitted_at, name
"""


@frozen(kw_only=True)
class BatchStatus:
    """How far a batch is.

    Attributes:
        name: What it is called.
        submitted_at: When it was.
        complete: Whether all of its rows have been submitted.
        chunks: How many chunks are still being carried out, or wait for it.
        planned: How many rows were not sent yet.
        sending: How many are on their way, or were when their worker died.
        created: How many bookings there are.
        failed: How many rows were refused, or could not be sent.
        unknown: How many may have made a booking.
    """

    name: str
    submitted_at: datetime
    complete: bool
    chunks: int
    planned: int = 0
    sending: int = 0
    created: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def finished(self) -> bool:
        """Whether nothing is left to be done."""
        return self.complete and not self.chunks


async def status(dsn: str) -> list[BatchStatus]:
    """How far all batches are, the oldest first.

    Args:
        dsn: The URL of the database, or `key=value` pairs, as libpq takes them.
    """
    return await _statuses(dsn, None)


async def status_of(name: str, dsn: str) -> BatchStatus:
    """How far a batch is."""
    found = await _statuses(dsn, name)
    if not found:
        raise InvalidRequest(f"there is no batch {name!r}")
    return found[0]


async def report(name: str, *, dsn: str) -> BatchReport:
    """What has become of a batch so far. Iterating reads the results from the database.

    Args:
        name: What `submit` has returned.
        dsn: The URL of the database, or `key=value` pairs, as libpq takes them.
    """
    told = await status_of(name, dsn)
    counts = Counts(
        planned=told.planned,
        sending=told.sending,
        created=told.created,
        failed=told.failed,
        unknown=told.unknown,
    )
    return report_of(counts, lambda: results_in(dsn, name), stopped=False)


async def _statuses(dsn: str, name: str | None) -> list[BatchStatus]:
    async with await connected(dsn) as connection:
        found = await lines(connection, _STATUS, {"task": TASK, "name": name})
    return [
        BatchStatus(name=name, submitted_at=at, complete=complete, chunks=chunks, **states)
        for name, at, complete, chunks, states in found
    ]


def results_in(dsn: str, batch: str) -> Iterator[Result]:
    """The results of a batch, in the order of its rows."""
    with explained(), psycopg.connect(addressed(dsn), autocommit=True) as connection:
        yield from stored.results(
            lambda last: connection.execute(_RESULTS, (batch, last)).fetchall()
        )
