"""Leases: whoever was paused while another worker took a chunk over sends and writes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from nylas_bookings import workers
from nylas_bookings.errors import BatchError
from nylas_bookings.sandbox import Fault, Sandbox
from nylas_bookings.workers.journal import Busy, PostgresJournal

from ..batch.asking import many
from .asking import ask, check
from .test_killed import a_task, kill, starter, wait

ROUNDS = int(os.environ.get("NYLAS_BOOKINGS_PAUSE_ROUNDS", "2"))
COUNT = 64
CHUNK = 16
SOON = 0.3

UNLOCK = "SELECT pg_advisory_unlock_all()"
END_CONNECTIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid != pg_backend_pid()"
)
END_LEASES = "UPDATE chunks SET leased_until = to_timestamp(0)"


@contextlib.asynccontextmanager
async def opened(database: str, dead_after: float = SOON) -> AsyncIterator[PostgresJournal]:
    """Open the journal of the first chunk, and close its connection in the end."""
    journal = await PostgresJournal.opened(database, "import", 0, dead_after=dead_after)
    try:
        yield journal
    finally:
        await journal._connection.close()


@pytest.fixture
async def submitted(database: str) -> str:
    """A database with a batch of five rows."""
    await workers.submit(many(5), dsn=database, name="import", chunk=5)
    return database


async def test_a_lock_that_is_lost(submitted: str) -> None:
    """Whoever has lost the lock keeps the chunk until its lease ends."""
    async with opened(submitted, dead_after=60.0) as first:
        await first._connection.execute(UNLOCK)
        with pytest.raises(Busy, match="lease"):
            await PostgresJournal.opened(submitted, "import", 0, dead_after=SOON)
        ask(submitted, END_LEASES)
        async with opened(submitted):
            pass


async def test_each_mark_renews_the_lease(submitted: str) -> None:
    """A row that was marked a moment ago keeps others away, however old the lease is."""
    async with opened(submitted, dead_after=60.0) as first:
        ask(submitted, END_LEASES)
        row = first.rows[0]
        row.sending()
        expires = await first.sending(row)
        assert expires is not None
        assert not expires.has_passed()
        await first._connection.execute(UNLOCK)
        with pytest.raises(Busy, match="lease"):
            await PostgresJournal.opened(submitted, "import", 0, dead_after=SOON)


async def test_what_was_taken_over(submitted: str) -> None:
    """After a takeover nothing of the old worker is written: no mark, no result, no claim."""
    async with opened(submitted) as first:
        marked = first.rows[0]
        marked.sending()
        await first.sending(marked)
        await first._connection.execute(UNLOCK)
        ask(submitted, END_LEASES)
        async with opened(submitted) as second:
            with pytest.raises(BatchError, match="another worker has taken over"):
                await first.claim("b-1", marked)
            row = first.rows[1]
            row.sending()
            with pytest.raises(BatchError, match="another worker has taken over"):
                await first.sending(row)
            with pytest.raises(BatchError, match="another worker has taken over"):
                await first.unsent(row)
            states = ask(submitted, "SELECT state FROM rows ORDER BY number")
            assert [state for (state,) in states] == ["sending", *["planned"] * 4]
            assert len(second.rows) == 5
            mine = second.rows[1]
            mine.sending()
            await second.sending(mine)


async def test_a_permission_ends_before_the_lease(submitted: str) -> None:
    """A row may be sent for a shorter time than the chunk is leased, as the database counts."""
    async with opened(submitted, dead_after=3.0) as journal:
        row = journal.rows[0]
        row.sending()
        before = time.time()
        expires = await journal.sending(row)
        ((until,),) = ask(submitted, "SELECT extract(epoch FROM leased_until) FROM chunks")
        assert expires is not None
        assert before < expires.time_of_day < float(until) - 0.1


async def test_only_so_many_are_marked(database: str) -> None:
    """However many chunks a worker has, it marks one and a half times what may be in flight."""
    await workers.submit(many(64), dsn=database, name="import", chunk=8)
    most = 0
    with Sandbox(seed=1) as sandbox:
        sandbox.faults.add("create", Fault.latency(0.02), times=None)
        task = a_task("import", database, sandbox) | {"concurrency": 4, "chunks": 4}
        with starter() as start:
            start(task)
            while ask(database, "SELECT 1 FROM rows WHERE state IN ('planned', 'sending')"):
                ((marked,),) = ask(database, "SELECT count(*) FROM rows WHERE state = 'sending'")
                most = max(most, marked)
                await asyncio.sleep(0)
    # Six are marked at a time, and the results of as many may wait for the commit of their chunk.
    # Without a common limit for its chunks, a worker would mark four times as many.
    assert 4 <= most <= 12


def pause_and_continue(
    database: str, sandbox: Sandbox, name: str, chance: random.Random, start: Any
) -> None:
    """Stop a worker, let another one take its chunks over, and let the first one continue."""
    asyncio.run(workers.submit(many(COUNT), dsn=database, name=name, chunk=CHUNK))
    sandbox.faults.add("create", Fault.latency(0.03), times=None)
    task = a_task(name, database, sandbox) | {"concurrency": 8, "chunks": 4}
    first = start(task)
    while not ask(database, f"SELECT 1 FROM rows WHERE batch = '{name}' AND state = 'sending'"):
        time.sleep(0.005)
    time.sleep(chance.uniform(0.0, 0.05))
    kill(first, signal.SIGSTOP)
    # The kernel of a stopped process keeps its connections. A restart of the database does not.
    ask(database, END_CONNECTIONS)
    second = start(task)
    taken_over = f"SELECT 1 FROM chunks WHERE batch = '{name}' AND epoch > 1"
    while not ask(database, taken_over):
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 0.5))
    kill(first, signal.SIGCONT)
    wait(name, database)
    kill(first)
    kill(second)
    check(sandbox, asyncio.run(workers.report(name, dsn=database)), COUNT)
    # Each slot can be booked once in the sandbox. With an API that allows more, a second request
    # would be a second booking.
    assert set(Counter(requested_guests(sandbox)).values()) == {1}


def requested_guests(sandbox: Sandbox) -> list[str]:
    """Return the guest of each request for a booking that arrived."""
    return [
        request.body["guest"]["email"]
        for request in sandbox.requests()
        if request.operation == "bookings.create"
    ]


@pytest.mark.timeout(60 + ROUNDS * 30)
def test_paused_while_another_takes_over(database: str) -> None:
    """A worker that continues after a takeover sends none of the rows that it had marked."""
    chance = random.Random(os.environ.get("NYLAS_BOOKINGS_PAUSE_SEED", "1"))
    with starter() as start:
        for number in range(ROUNDS):
            with Sandbox(seed=number) as sandbox:
                pause_and_continue(database, sandbox, f"batch-{number}", chance, start)
