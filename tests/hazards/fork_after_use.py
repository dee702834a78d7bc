"""A server that uses its client, and forks its workers then."""

import os
import sys
import warnings

from nylas_bookings import Client, PublicConfiguration
from nylas_bookings.errors import InvalidRequest

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
print("before:", client.bookings.get("b-1").status, flush=True)
child = os.fork()
if child == 0:
    try:
        client.bookings.get("b-1")
    except InvalidRequest as error:
        print("child:", error, flush=True)
    with Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1]) as its_own:
        print("its own:", its_own.bookings.get("b-1").status, flush=True)
    client.close()
    del client
    sys.exit()
_, status = os.waitpid(child, 0)
print("the child exits with", os.waitstatus_to_exitcode(status))
print("parent:", client.bookings.get("b-1").status)
