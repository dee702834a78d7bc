"""A script that gives up in the middle of a call: its hook ends the program."""

import sys
import threading

from nylas_bookings import Client, PublicConfiguration
from nylas_bookings.errors import InvalidRequest

client = Client(
    PublicConfiguration("cfg-1"), api_url=sys.argv[1], on_exchange=lambda exchange: sys.exit(3)
)
try:
    client.bookings.get("b-1")
except SystemExit as exit_:
    print("exit:", exit_)
for thread in threading.enumerate():
    if thread is not threading.main_thread():
        thread.join(10)
try:
    client.bookings.get("b-1")
except InvalidRequest as error:
    print("then:", error)
