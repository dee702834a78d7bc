"""A service that closes its client while other threads are in calls."""

import sys
import threading

from nylas_bookings import Client, PublicConfiguration, Retry
from nylas_bookings.errors import BookingsError

client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1], retry=Retry(attempts=1))
results: list[str] = []


def call() -> None:
    """A call that the server lets wait."""
    try:
        client.bookings.get("stalls")
    except BookingsError as error:
        results.append(f"{type(error).__name__}: {error}")


threads = [threading.Thread(target=call) for _ in range(5)]
for thread in threads:
    thread.start()
sys.stdin.readline()
client.close()
client.close()
for thread in threads:
    thread.join(10)
print(len(results), set(results))
try:
    client.bookings.get("b-1")
except BookingsError as error:
    print(f"{type(error).__name__}: {error}")
print("threads:", threading.active_count())
