"""The queue: procrastinate's app, one job for each chunk of a batch, and jobs whose worker died."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final, Protocol

from procrastinate import App, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from psycopg import AsyncConnection

from .database import addressed, explained

QUEUE: Final = "nylas_bookings"
TASK: Final = "nylas_bookings:carry_out"
_LONGEST_WAIT: Final = 60

logger: Final = logging.getLogger("nylas_bookings")


class Carrying(Protocol):
    """What a worker carries chunks out with."""

    async def carry_out(self, batch: str, chunk: int) -> None:
        """Carry out a chunk. Whatever is raised, it is carried out again later."""


class Patience(BaseRetryStrategy):
    """A chunk that was not finished is tried again and again: nobody else would finish it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """At once when the worker was asked to end; else soon, and then less and less often."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 6), _LONGEST_WAIT)})


async def carry_out(context: JobContext, *, batch: str, chunk: int) -> None:
    """Carry out a chunk of a batch, or go on with it."""
    worker: Carrying = context.additional_context["worker"]
    await worker.carry_out(batch, chunk)


def app(dsn: str) -> App:
    """The procrastinate app, for its own tools and for workers of your own making.

    Args:
        dsn: The URL of the database, or `key=value` pairs, as libpq takes them.
    """
    made = App(connector=PsycopgConnector(conninfo=addressed(dsn), min_size=1, max_size=4))
    made.task(name=TASK, queue=QUEUE, retry=Patience(), pass_context=True)(carry_out)
    return made


async def enqueue(
    queue: App, connection: AsyncConnection[Any], batch: str, chunks: set[int]
) -> None:
    """Let chunks be carried out, when the transaction of the connection has been committed."""
    jobs: list[dict[str, Any]] = [{"batch": batch, "chunk": chunk} for chunk in sorted(chunks)]
    with explained():
        await queue.configure_task(TASK, connection=connection).batch_defer_async(*jobs)


async def sweep(queue: App, dead_after: float) -> None:
    """Give the jobs of workers that have not been heard of for so long to others."""
    jobs = await queue.job_manager.get_stalled_jobs(
        queue=QUEUE, task_name=TASK, seconds_since_heartbeat=dead_after
    )
    for job in jobs:
        try:
            await queue.job_manager.retry_job(job)
        except ConnectorException:
            logger.info("another worker has given job %s to others before", job.id)
