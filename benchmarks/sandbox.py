"""The sandbox: slots of a month, and creates in this process and over a socket to another one.

Creates are compared with a call that plain aiohttp makes on a server that only answers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec

from nylas_bookings import ApiKey, AsyncClient, PublicConfiguration

from . import processes, sandbox_bookings, sandbox_months, server
from .clients.kinds import Awaited, Create
from .clients.on_asyncio import PLAIN_AIOHTTP
from .create import GUEST
from .figures import Row
from .rounds import interleaved
from .server import Endpoint
from .turns.creates import concurrent, one_at_a_time
from .turns.harness import Case, measure

NAME = "sandbox"
IN_FLIGHT = 32
IN_PROCESS, OVER_A_SOCKET = "create, in process", f"create, over a socket, {IN_FLIGHT} concurrent"
AIOHTTP, SANDBOX = PLAIN_AIOHTTP.name, "sandbox"
_LENGTH = sandbox_bookings.MINUTES * 60


@asynccontextmanager
async def _in_process(_: Endpoint, connections: int) -> AsyncIterator[Create]:
    """A sandbox that gets requests without a socket."""
    async with sandbox_bookings.opened() as opened:
        yield opened.create_next


@asynccontextmanager
async def _over_a_socket(_: Endpoint, connections: int) -> AsyncIterator[Create]:
    """A sandbox that the command has started, on the processor of the other end."""
    command = [sys.executable, "-m", "nylas_bookings", "sandbox", "--json"]
    with processes.first_line(command) as line:
        known = json.loads(line)
        async with AsyncClient(api_url=known["url"], connections=connections) as nylas:
            wanted = sandbox_bookings.always_open(known["organizer_email"])
            key = ApiKey(known["api_key"])
            made = await nylas.configurations.create(known["grant_id"], wanted, auth=key)
            assert made.id is not None
            visitor, starts = PublicConfiguration(made.id), sandbox_bookings.starts()

            async def create_next() -> object:
                start = next(starts)
                return await nylas.bookings.create(
                    start_time=start, end_time=start + _LENGTH, guest=GUEST, auth=visitor
                )

            yield create_next


IN_PROCESS_CLIENT = Awaited(name=SANDBOX, open=_in_process)


def cases(endpoint: Endpoint) -> list[Case]:
    """Each case opens new sandboxes now and then: a create gets slower with many bookings."""
    over_a_socket = Awaited(name=SANDBOX, open=_over_a_socket)
    alone = [one_at_a_time(client, endpoint) for client in (PLAIN_AIOHTTP, IN_PROCESS_CLIENT)]
    found = [Case(name=IN_PROCESS, contenders=alone, seconds=15, openings=10)]
    if find_spec("cyclopts") is not None:
        many = [
            concurrent(client, endpoint, IN_FLIGHT, calls=4 * IN_FLIGHT)
            for client in (PLAIN_AIOHTTP, over_a_socket)
        ]
        found.append(Case(name=OVER_A_SOCKET, contenders=many, seconds=20, openings=6))
    return found


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    months = interleaved(NAME, sandbox_months.works(quick=quick), 1 if quick else 11)
    with server.running() as endpoints:
        created = [
            row for one in cases(endpoints[server.PLAIN]) for row in measure(NAME, one, quick=quick)
        ]
        return [*months, *created]
