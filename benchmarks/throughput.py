"""Concurrent creates, in tasks or in threads: plain, over TLS, and with a slow API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from . import clients, loads, server
from .clients.kinds import AnyClient
from .figures import Row
from .rounds import Work, interleaved
from .server import Endpoint

NAME = "throughput"
AT_A_TIME = (32, 8, 64, 128, 512)
IN_TASKS = (32, 128, 512)
IN_THREADS = (8, 32, 64)
_QUICKLY = {server.PLAIN: (32, 512), server.TLS: (8,), server.SLOW: (8,), server.SLOW_TLS: ()}


def case(connection: str, number: int) -> str:
    """Name the case in the tables."""
    return f"{number} at a time, {connection}"


def _fit(number: int) -> list[AnyClient]:
    """Return the clients that are measured with that many concurrent calls."""
    fit = clients.installed(awaited=number in IN_TASKS, blocking=number in IN_THREADS)
    return [client for client in fit if client.most >= number]


def _works(
    endpoints: Mapping[str, Endpoint], *, quick: bool
) -> Iterator[tuple[str, Mapping[str, Work]]]:
    for connection, endpoint in endpoints.items():
        if connection not in _QUICKLY:
            continue
        for number in _QUICKLY[connection] if quick else AT_A_TIME:
            seconds = 0.05 if quick else 0.3 if connection in (server.PLAIN, server.TLS) else 0.6
            yield (
                case(connection, number),
                {c.name: partial(loads.many, c, endpoint, number, seconds) for c in _fit(number)},
            )


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    with server.running() as endpoints:
        return interleaved(NAME, dict(_works(endpoints, quick=quick)), 1 if quick else 5)
