"""A web server's worth of threads that share one client."""

import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from nylas_bookings import Client, PublicConfiguration

with (
    Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1]) as client,
    ThreadPoolExecutor(20) as threads,
):
    bookings = threads.map(client.bookings.get, (f"b-{number}" for number in range(400)))
    print(Counter(booking.status for booking in bookings))
    print("loops:", sum(thread.name == "nylas_bookings" for thread in threading.enumerate()))
