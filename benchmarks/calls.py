"""One `create` after the other on every client, plain and over TLS."""

from __future__ import annotations

from functools import partial

from . import clients, loads, server
from .figures import Row
from .rounds import interleaved

NAME = "calls"


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    seconds = 0.05 if quick else 0.25
    with server.running() as endpoints:
        works = {
            name: {
                client.name: partial(loads.one_by_one, client, endpoints[name], seconds)
                for client in clients.installed()
            }
            for name in (server.PLAIN, server.TLS)
            if name in endpoints
        }
        return interleaved(NAME, works, 1 if quick else 21)
