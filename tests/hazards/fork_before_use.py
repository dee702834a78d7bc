"""A server that builds its client first, and forks its workers then."""

import os
import sys

from nylas_bookings import Client, PublicConfiguration

client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
child = os.fork()
if child:
    _, status = os.waitpid(child, 0)
    print("the child exits with", os.waitstatus_to_exitcode(status))
print("child:" if child == 0 else "parent:", client.bookings.get("b-1").status, flush=True)
