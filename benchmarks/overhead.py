"""What a call costs beside the same call on plain aiohttp: the table of targets.

All contenders of a case take short turns on one event loop. The client is pinned to one processor
and the server to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import other_pythons, server
from .clients import limits, on_asyncio, on_threads, ours
from .clients.kinds import AnyClient
from .figures import Row
from .server import Endpoint
from .turns import batches
from .turns.creates import concurrent, one_at_a_time, unpin
from .turns.harness import Case, Contender, measure

NAME = "overhead"
CLIENTS = (on_asyncio.PLAIN_AIOHTTP, ours.ASYNC_CLIENT)
CONCURRENT, CONCURRENT_UVLOOP = (32, 128, 512), 128
IN_FLIGHT = 32
ROWS, _QUICK_ROWS = 1_000, 64
UNPINNED, IN_THREADS = "Client, unpinned", "Client, 32 threads"
_PLAIN_AIOHTTP, _ASYNC_CLIENT = CLIENTS
_CALLS_EACH, _CALLS_EACH_OF_SLOW = 12, 3
_SLOW_CLIENTS = (on_threads.OFFICIAL, on_threads.REQUESTS, on_asyncio.HTTPX)


def case(number: int, *settings: str) -> str:
    """Name a case in the tables."""
    return ", ".join(("one at a time" if number == 1 else f"{number} concurrent", *settings))


def every_client(number: int) -> str:
    """Name the case of all clients."""
    return f"every client, {case(number)}"


def batch_case(rows: int, *settings: str) -> str:
    """Name a case of batches."""
    return ", ".join((f"{rows:,} rows, {IN_FLIGHT} concurrent", *settings))


SLOW = f"{server.SLOW_SECONDS * 1e3:.0f} ms a call"
UVLOOP, OFFICIAL_TLS = "uvloop", "official SDK, TLS"


def _creates(endpoint: Endpoint, number: int) -> list[Contender]:
    """Plain aiohttp, `AsyncClient`, and the limit of the machine."""
    clients = (*CLIENTS, limits.PROTOCOL)
    if number == 1:
        return [one_at_a_time(client, endpoint) for client in clients]
    return [concurrent(client, endpoint, number) for client in clients]


def _plain_cases(endpoint: Endpoint) -> Iterator[Case]:
    session, client = (one_at_a_time(c, endpoint) for c in (ours.WITH_SESSION, ours.CLIENT))
    free = unpin(one_at_a_time(ours.CLIENT, endpoint), UNPINNED)
    alone = [*_creates(endpoint, 1), session, client, free]
    yield Case(name=case(1), contenders=alone, seconds=50)
    for number in CONCURRENT:
        contenders = _creates(endpoint, number)
        if number == IN_FLIGHT:
            contenders.append(concurrent(ours.WITH_SESSION, endpoint, number))
            contenders.append(concurrent(ours.CLIENT, endpoint, number, name=IN_THREADS))
        yield Case(name=case(number), contenders=contenders, seconds=35)


def _other_cases(endpoints: Mapping[str, Endpoint]) -> Iterator[Case]:
    """TLS and uvloop."""
    if server.TLS in endpoints:
        for number in (1, IN_FLIGHT):
            contenders = _creates(endpoints[server.TLS], number)
            yield Case(name=case(number, server.TLS), contenders=contenders, seconds=25)
    for number in (1, CONCURRENT_UVLOOP):
        contenders = _creates(endpoints[server.PLAIN], number)
        yield Case(name=case(number, UVLOOP), contenders=contenders, seconds=20, uvloop=True)


def _batch_cases(endpoints: Mapping[str, Endpoint], rows: int) -> Iterator[Case]:
    plain, slow = endpoints[server.PLAIN], endpoints[server.SLOW]
    contenders = [
        batches.gather(plain, rows, IN_FLIGHT),
        batches.create_many(plain, rows, IN_FLIGHT),
        batches.create_many_with_journal(plain, rows, IN_FLIGHT),
    ]
    yield Case(name=batch_case(rows), contenders=contenders, seconds=60)
    contenders = [
        batches.create_many(slow, rows, IN_FLIGHT),
        batches.create_many_with_journal(slow, rows, IN_FLIGHT),
    ]
    yield Case(name=batch_case(rows, SLOW), contenders=contenders, seconds=50, warm_up=1)


def _cases_of_every_client(endpoints: Mapping[str, Endpoint]) -> Iterator[Case]:
    """What people use instead, and the limit of the machine: few turns, for some are slow."""
    plain = endpoints[server.PLAIN]
    clients: tuple[AnyClient, ...] = (
        *(_PLAIN_AIOHTTP, *_SLOW_CLIENTS, ours.CLIENT, ours.ASYNC_CLIENT, limits.PROTOCOL),
    )
    installed = [client for client in clients if client.is_installed()]
    for number, rows, seconds in ((1, 50, 25), (IN_FLIGHT, 10 * IN_FLIGHT, 40)):
        contenders = [_with_few_calls(client, plain, number) for client in installed]
        contenders.append(batches.create_many(plain, rows, number))
        yield Case(name=every_client(number), contenders=contenders, seconds=seconds)
    if server.TLS in endpoints and on_threads.OFFICIAL.is_installed():
        clients = (ours.ASYNC_CLIENT, on_threads.OFFICIAL)
        contenders = [_with_few_calls(client, endpoints[server.TLS], 1) for client in clients]
        yield Case(name=OFFICIAL_TLS, contenders=contenders, seconds=20)


def _with_few_calls(client: AnyClient, endpoint: Endpoint, number: int) -> Contender:
    each = _CALLS_EACH_OF_SLOW if client in _SLOW_CLIENTS else _CALLS_EACH
    return concurrent(client, endpoint, number, calls=number * each)


def cases(endpoints: Mapping[str, Endpoint], *, quick: bool) -> Iterator[Case]:
    """Yield everything that this Python measures."""
    yield from _plain_cases(endpoints[server.PLAIN])
    yield from _other_cases(endpoints)
    yield from _batch_cases(endpoints, _QUICK_ROWS if quick else ROWS)
    yield from _cases_of_every_client(endpoints)


def run(*, quick: bool) -> list[Row]:
    """Measure it; with the other Pythons of this machine, unless it has to be quick."""
    with server.running() as endpoints:
        possible = [one for one in cases(endpoints, quick=quick) if one.is_possible()]
        rows = [row for one in possible for row in measure(NAME, one, quick=quick)]
        return rows if quick else [*rows, *other_pythons.run(endpoints[server.PLAIN])]
