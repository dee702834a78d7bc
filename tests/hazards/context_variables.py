"""A web service that keeps the name of the current visitor in a context variable."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

from nylas_bookings import Client, Exchange, PublicConfiguration

visitor: ContextVar[str] = ContextVar("visitor", default="nobody")
seen: list[str] = []


def note(exchange: Exchange) -> None:
    """Keep whose call an exchange belongs to."""
    seen.append(visitor.get())


with Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1], on_exchange=note) as client:

    def serve(name: str) -> None:
        """Serve one visitor, in a thread of a pool."""
        visitor.set(name)
        client.bookings.get("b-1")

    with ThreadPoolExecutor() as threads:
        list(threads.map(serve, ["ann", "bob"]))
    client.bookings.get("b-1")
print(sorted(seen))
