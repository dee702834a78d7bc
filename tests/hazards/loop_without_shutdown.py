"""A script from before `asyncio.run`: it runs a loop, and may close it or drop the client."""

import asyncio
import gc
import sys

from nylas_bookings import AsyncClient, PublicConfiguration

url, steps = sys.argv[1], sys.argv[2:]


async def status() -> str:
    """The status of a booking."""
    return (await client.bookings.get("b-1")).status


client = AsyncClient(PublicConfiguration("cfg-1"), api_url=url)
loop = asyncio.new_event_loop()
print(loop.run_until_complete(status()))
if "close the loop" in steps:
    loop.close()
if "drop the client" in steps:
    del client
if "drop a cycle" in steps:
    client.itself = client
    del client
    gc.collect()
if "use another loop" in steps:
    print(asyncio.run(status()))
