"""A script that ends while a daemon thread is in a call."""

import contextlib
import sys
import threading

from nylas_bookings import Client, PublicConfiguration
from nylas_bookings.errors import NoAnswer

client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])


def call() -> None:
    """A call that the server lets wait."""
    with contextlib.suppress(NoAnswer):
        client.bookings.get("stalls")


threading.Thread(target=call, daemon=True).start()
sys.stdin.readline()
print("bye")
