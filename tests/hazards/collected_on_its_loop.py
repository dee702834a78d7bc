"""A script whose client is found by the garbage collector while that runs on the client's loop."""

import asyncio
import gc
import sys
import threading

from nylas_bookings import Client, PublicConfiguration, Request, Response

gc.disable()
collected = threading.Event()


def collect() -> None:
    """Run the garbage collector, in whatever thread this is."""
    gc.collect()
    collected.set()


async def send(request: Request) -> Response:
    """Answer at once, and have the loop collect garbage a little later."""
    asyncio.get_running_loop().call_later(0.1, collect)
    body = b'{"data": {"booking_id": "b", "event_id": "e", "title": "t", "status": "booked",'
    return Response(200, {}, body + b'"organizer": {"email": "e", "name": "n"}}}')


client = Client(PublicConfiguration("cfg-1"), api_url=sys.argv[1], send=send)
print(client.bookings.get("b-1").status)
(loop_thread,) = (t for t in threading.enumerate() if t.name == "nylas_bookings")
client.itself = client
del client
print("collected:", collected.wait(10))
loop_thread.join(10)
print("ended:", not loop_thread.is_alive())
