"""A script that gives up a call because no name server responds, and ends."""

import asyncio
import socket
import sys
import threading

from nylas_bookings import AsyncClient, Client, PublicConfiguration, Retry, Timeout
from nylas_bookings.errors import NotSent

auth, settings = PublicConfiguration("cfg-1"), {"retry": Retry(attempts=1)}
never = threading.Event()
socket.getaddrinfo = lambda *arguments, **named: never.wait()


async def call() -> None:
    """The same, awaited."""
    async with AsyncClient(auth, timeout=Timeout(total=0.1), **settings) as nylas:
        await nylas.bookings.get("b-1")


try:
    if "await" in sys.argv:
        asyncio.run(call())
    else:
        Client(auth, timeout=Timeout(total=0.1), **settings).bookings.get("b-1")
except NotSent as error:
    print(error)
