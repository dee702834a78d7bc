"""A program with objects that use the client when they are collected, in whatever thread."""

import gc
import sys
import threading
from collections import Counter

from nylas_bookings import Client, PublicConfiguration
from nylas_bookings.errors import InvalidRequest

client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
outcomes: Counter[str] = Counter()


class UsesClient:
    """Makes a call at its end. It refers to itself, so that only the collector ends it."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        try:
            outcomes[client.bookings.get("b-1").status] += 1
        except InvalidRequest as error:
            # The collector came in the thread of the client's loop, which cannot wait for itself.
            outcomes["inside" if "inside a running event loop" in str(error) else str(error)] += 1


def work() -> None:
    """Make calls and garbage."""
    for _ in range(25):
        UsesClient()
        outcomes[client.bookings.get("b-1").status] += 1


threads = [threading.Thread(target=work) for _ in range(4)]
gc.set_threshold(1)
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
gc.collect()
print("all ended:", outcomes["booked"] + outcomes["inside"] == 200, min(outcomes))
client.close()
