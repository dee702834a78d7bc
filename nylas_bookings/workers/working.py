"""Workers: they take chunks of batches, and carry them out as `create_many` does on one machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

from procrastinate import App
from procrastinate.exceptions import ConnectorException

from .._client.client import AsyncClient
from .._pace import Pacer, checked_pace
from ..auth import asks_for
from ..batch.arguments import check_settler
from ..batch.carrier import Carrier
from ..batch.runner import Plan, Runner
from ..batch.running import api_of, carried_out
from ..batch.settling import Settler
from ..batch.slots import Slots
from ..errors import BatchError, InvalidRequest
from .database import connected, lines
from .journal import Open, PostgresJournal
from .looking import status, status_of
from .queue import QUEUE, app, sweep

if TYPE_CHECKING:
    from .._transport import Transport

_LISTENS: Final = threading.Lock()
_LOOKS: Final = 1.0
_SIGNS_OF_LIFE: Final = 3
"""How many times a worker says that it lives before it is taken for dead."""

_LOST: Final = "the worker has lost its database"

_OF: Final = """
UPDATE batches SET api = coalesce(api, %(api)s), configuration = coalesce(configuration, %(of)s)
WHERE name = %(name)s RETURNING api, configuration
"""


class Unfinished(Exception):
    """Rows of a chunk could not be sent: they are to be tried again."""


async def run(
    dsn: str,
    *,
    client: Callable[[], AsyncClient] = AsyncClient.from_env,
    settle: Settler | None = None,
    pace: Pacer | None = None,
    concurrency: int = 32,
    chunks: int = 4,
    until: str | None = None,
    dead_after: float = 30.0,
    grace: float = 10.0,
) -> None:
    """Work: take chunks of batches, and carry them out, until SIGTERM, Ctrl-C or cancellation.

    As many workers as you like may do so, on as many machines. When one of them dies, another goes
    on with its chunks: what was on its way is settled, or told as unknown, and never sent again on
    the chance that it was not.

    Args:
        dsn: The URL of the database, or `key=value` pairs, as libpq takes them. It must lead to the
            server itself, or to a pooler that keeps sessions.
        client: What makes the client; from the environment if not given.
        settle: Finds out what became of calls whose answer was lost, such as a
            `CalendarSettler`; without one they are unknown.
        pace: How fast calls may leave, such as a `RedisPace` or a `PostgresPace`, which all workers
            share.
        concurrency: How many calls of this worker may be on their way at a time.
        chunks: How many chunks this worker has at a time. A chunk with rows that wait for their
            proof keeps its place.
        until: The name of a batch: the worker ends when it is finished.
        dead_after: After how many seconds without a sign of life a worker is taken for dead.
        grace: How many seconds chunks may go on after the end has been asked for; then what is on
            its way is left to be settled.
    """
    for what, number in (("concurrency", concurrency), ("chunks", chunks)):
        if type(number) is not int or number < 1:
            raise InvalidRequest(f"{what} is a number from 1")
    checked_pace(pace)
    if settle is not None:
        check_settler(settle)
    await (status(dsn) if until is None else status_of(until, dsn))
    async with client() as nylas, app(dsn).open_async() as queue:
        transport = nylas.bookings._transport  # noqa: SLF001 - the same package
        worker = _Worker(dsn, transport, settle, pace, concurrency, dead_after)
        await _until_done(_working(queue, worker, chunks, dead_after, grace), until, dsn)


async def _working(
    queue: App, worker: _Worker, chunks: int, dead_after: float, grace: float
) -> None:
    sweeping = asyncio.create_task(_sweeping(queue, dead_after))
    # Of several in one process one listens to signals: they would not put back what was before.
    listens = _LISTENS.acquire(blocking=False)
    try:
        await queue.run_worker_async(
            queues=[QUEUE],
            concurrency=chunks,
            delete_jobs="successful",
            install_signal_handlers=listens,
            additional_context={"worker": worker},
            shutdown_graceful_timeout=grace,
            fetch_job_polling_interval=_LOOKS,
            update_heartbeat_interval=dead_after / _SIGNS_OF_LIFE,
            stalled_worker_timeout=dead_after,
        )
    except ConnectorException as error:
        raise BatchError(_LOST) from error
    finally:
        if listens:
            _LISTENS.release()
        sweeping.cancel()
        await asyncio.wait([sweeping])
    if not sweeping.cancelled():
        raise BatchError(_LOST) from sweeping.exception()


async def _sweeping(queue: App, dead_after: float) -> None:
    while True:
        await sweep(queue, dead_after)
        await asyncio.sleep(dead_after / _SIGNS_OF_LIFE)


async def _until_done(working: Coroutine[Any, Any, None], until: str | None, dsn: str) -> None:
    """Work, and stop when a batch is finished, if one was named."""
    task = asyncio.create_task(working)
    try:
        while not task.done():
            await asyncio.wait([task], timeout=None if until is None else _LOOKS)
            if until is not None and (await status_of(until, dsn)).finished:
                break
    finally:
        task.cancel()
        await asyncio.wait([task])
    if not task.cancelled():
        task.result()


class _Worker:
    """Carries out chunks, all of them with one client."""

    def __init__(
        self,
        dsn: str,
        transport: Transport,
        settler: Settler | None,
        pace: Pacer | None,
        concurrency: int,
        dead_after: float,
    ) -> None:
        self._dsn = dsn
        self._dead_after = dead_after
        self._transport = transport
        self._settler = settler
        self._pace = transport.pace if pace is None else pace
        self._slots = Slots(concurrency)

    async def carry_out(self, batch: str, chunk: int) -> None:
        """Carry out a chunk of a batch, or go on with it."""
        await self._refuse_others(batch)
        journal = await PostgresJournal.opened(self._dsn, batch, chunk, dead_after=self._dead_after)
        plan = Plan(
            carrier=Carrier(self._transport, journal, self._pace, self._slots),
            journal=journal,
            settler=self._settler,
            # The results are read from the database.
            tell=None,
            ends=None,
            slots=self._slots,
        )
        await carried_out(Runner(plan, Open(journal.rows)))
        if journal.left:
            raise Unfinished(f"{journal.left} rows of chunk {chunk} of {batch} were not sent")

    async def _refuse_others(self, batch: str) -> None:
        """What one worker has sent, another must not look for elsewhere, and send again."""
        ours = (api_of(self._transport.api_url), asks_for(self._transport.auth))
        asked = {"name": batch, "api": ours[0], "of": ours[1]}
        async with await connected(self._dsn) as connection:
            found = await lines(connection, _OF, asked)
        if found != [ours]:
            raise BatchError(f"the batch {batch!r} is of {found}, and this worker of {ours}")
