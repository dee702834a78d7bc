"""A script that uses a client and never closes it."""

import sys

from nylas_bookings import Client, PublicConfiguration

client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
print(client.bookings.get("b-1").status)
