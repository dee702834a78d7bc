"""A cell of a notebook, which runs inside a loop that waits for it."""

import asyncio
import sys
import types

from nylas_bookings import Client, PublicConfiguration

sys.modules["IPython"] = types.ModuleType("IPython")
sys.modules["IPython"].get_ipython = object


async def cell() -> None:
    """What the person has typed."""
    client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1])
    print(client.bookings.get("b-1").status)


asyncio.run(cell())
