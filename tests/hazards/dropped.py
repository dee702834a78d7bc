"""A script that drops a client and goes on for a while."""

import sys
import threading

from nylas_bookings import Client, PublicConfiguration


def status(booking_id: str) -> str:
    """The status of a booking, read through a client that lives no longer than this call."""
    client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
    return str(client.bookings.get(booking_id).status)


print([status("b-1") for _ in range(3)])
# Its thread is told to end, and whoever drops a client does not wait for that.
for thread in threading.enumerate():
    if thread is not threading.main_thread():
        thread.join(10)
print("threads:", threading.active_count())
