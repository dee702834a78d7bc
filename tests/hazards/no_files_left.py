"""A server that has as many files open as it may when it makes its first call."""

import os
import resource
import sys

from nylas_bookings import Client, PublicConfiguration
from nylas_bookings.errors import NotSent

client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
client.bookings  # noqa: B018 - loads what it needs
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
opened = os.dup(0)
os.close(opened)
resource.setrlimit(resource.RLIMIT_NOFILE, (opened, most))
try:
    client.bookings.get("b-1")
except NotSent as error:
    print(error)
resource.setrlimit(resource.RLIMIT_NOFILE, (opened + 50, most))
print(client.bookings.get("b-1").status)
