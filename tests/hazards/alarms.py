"""A program that limits its first calls by an alarm, which comes earlier or later in each."""

import gc
import signal
import threading
import time
from collections import Counter
from pathlib import Path

from nylas_bookings import Client, PublicConfiguration, Request, Response

BODY = (
    b'{"data": {"booking_id": "b", "event_id": "e", "title": "t", "status": "booked",'
    b'"organizer": {"email": "e", "name": "n"}}}'
)


async def send(request: Request) -> Response:
    """Answer at once."""
    return Response(200, {}, BODY)


def ring(*_: object) -> None:
    """Raise an exception of the program's own, which happens to be an OSError."""
    raise TimeoutError("the alarm")


def first_call(delay: float) -> str:
    """Make the first call of a new client."""
    client = Client(PublicConfiguration("cfg-1"), send=send)
    client.bookings  # noqa: B018 - loads what it needs
    try:
        signal.setitimer(signal.ITIMER_REAL, delay)
        status = client.bookings.get("b-1").status
        signal.setitimer(signal.ITIMER_REAL, 0)
    except TimeoutError as error:
        status = f"{error}, then {client.bookings.get('b-1').status}"
    return status


def count_files() -> int:
    """How many descriptors are open; an exception may have left a cycle."""
    gc.collect()
    return len(list(Path("/dev/fd").iterdir()))


def wait_for_threads() -> None:
    """Wait until only the main thread is left."""
    deadline = time.monotonic() + 10
    gc.collect()
    while threading.active_count() > 1 and time.monotonic() < deadline:
        time.sleep(0.01)


signal.signal(signal.SIGALRM, ring)
first_call(10)
wait_for_threads()
files = count_files()
print(*sorted(Counter(first_call(0.00002 * number) for number in range(1, 201))), sep="\n")
wait_for_threads()
print("threads:", threading.active_count(), "files left:", count_files() - files)
print("the main thread is alive:", threading.main_thread().is_alive())
