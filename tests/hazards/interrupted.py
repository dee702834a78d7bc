"""A person who presses Ctrl-C in calls that do not end."""

import asyncio
import signal
import sys
import threading
import time

from nylas_bookings import Client, PublicConfiguration, Request, Response

pressed: list[float] = []
cancelled: list[str] = []


def press_ctrl_c() -> None:
    """What the terminal does: a signal for the main thread."""
    pressed.append(time.monotonic())
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


async def stall(request: Request) -> Response:
    """Wait for an answer that never comes."""
    threading.Timer(0.1, press_ctrl_c).start()
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        cancelled.append(request.method)
        raise
    raise AssertionError


async def stall_stubbornly(request: Request) -> Response:
    """The same, and take long to give up."""
    try:
        return await stall(request)
    finally:
        await asyncio.sleep(0.6)


auth = PublicConfiguration("cfg-1")
for send in (stall, stall_stubbornly):
    client = Client(auth, api_url=sys.argv[1], send=send)
    waits = []
    for _ in range(3):
        try:
            client.bookings.cancel("b-1")
        except KeyboardInterrupt as interruption:
            waits.append(time.monotonic() - pressed[-1])
            note = interruption.__notes__
    print(f"{send.__name__}: in time: {min(waits) < 0.5} {note}")
print("cancelled:", len(cancelled))

client = Client(auth, api_url=sys.argv[1])
threading.Timer(0.3, press_ctrl_c).start()
try:
    client.bookings.get("stalls")
except KeyboardInterrupt:
    print("then:", client.bookings.get("b-1").status)
