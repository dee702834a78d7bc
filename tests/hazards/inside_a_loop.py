"""Somebody who calls the blocking client from a coroutine."""

import asyncio
import sys
import types

from nylas_bookings import Client, PublicConfiguration
from nylas_bookings.errors import InvalidRequest

# Something has imported IPython, but this is no notebook.
sys.modules["IPython"] = types.ModuleType("IPython")
sys.modules["IPython"].get_ipython = lambda: None


async def main() -> None:
    """Once as it must not be done, and once as it may."""
    try:
        client.bookings.get("b-1")
    except InvalidRequest as error:
        print(error)
    print((await asyncio.to_thread(client.bookings.get, "b-1")).status)


with Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1]) as client:
    asyncio.run(main())
