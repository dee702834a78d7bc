"""A script that makes its first call, and its last one, in functions that run at exit."""

import atexit
import sys

from nylas_bookings import Client, PublicConfiguration
from nylas_bookings.errors import BookingsError


def farewell(name: str) -> None:
    """A call with whatever is left of the interpreter."""
    try:
        print(f"{name}: {clients[name].bookings.get('b-1').status}")
    except BookingsError as error:
        print(f"{name}: {error}")


clients = {
    name: Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1]) for name in ("new", "used")
}
atexit.register(farewell, "new")
clients["used"].bookings.get("b-1")
atexit.register(farewell, "used")
