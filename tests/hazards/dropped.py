"""A script that drops a client and goes on for a while."""

import sys
import threading

from nylas_bookings import Client, PublicConfiguration


def status(booking_id: str) -> str:
    """The status of a booking, read through a client that lives no longer than this call."""
    client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
    return str(client.bookings.get(booking_id).status)


print([status("b-1") for _ in range(3)])
print("threads:", threading.active_count())
