"""A server that forks at the moment when another thread holds the client's lock."""

import os
import sys
import threading
import warnings

from nylas_bookings import Client, PublicConfiguration

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
holding, forked = threading.Event(), threading.Event()


def hold() -> None:
    """What a first call does, only slower."""
    with client._bridge._lock:
        holding.set()
        forked.wait()


thread = threading.Thread(target=hold)
thread.start()
holding.wait()
child = os.fork()
if child:
    forked.set()
    thread.join()
    _, status = os.waitpid(child, 0)
    print("the child exits with", os.waitstatus_to_exitcode(status))
print("child:" if child == 0 else "parent:", client.bookings.get("b-1").status, flush=True)
