"""Stop an asyncio server without losing a connection that it accepted a moment ago."""

from __future__ import annotations

import asyncio

_TURNS = 4
"""Turns of the loop from accepting a connection to its protocol's `connection_made`."""


async def stop_accepting(server: asyncio.Server) -> None:
    """Accept no new connection, and wait until those that were accepted have their protocol.

    `Server.close` alone drops them: on Python 3.11 the constructor of their transport fails, and
    the socket stays open until the garbage collector finds it, in another test.
    """
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening.fileno())
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    server.close()
