"""A server that forks at the moment when another thread makes the client's first call."""

import os
import sys
import threading
import warnings

from nylas_bookings import Client, PublicConfiguration

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
starting, forked = threading.Event(), threading.Event()
start = client._bridge._thread._start_thread


def start_slowly() -> None:
    """What a first call does, only slower."""
    starting.set()
    forked.wait()
    start()


client._bridge._thread._start_thread = start_slowly
thread = threading.Thread(target=client.bookings.get, args=("b-1",))
thread.start()
starting.wait()
child = os.fork()
if child:
    forked.set()
    thread.join()
    _, status = os.waitpid(child, 0)
    print("the child exits with", os.waitstatus_to_exitcode(status))
print("child:" if child == 0 else "parent:", client.bookings.get("b-1").status, flush=True)
