"""A program into whose calls a signal handler, or a finalizer, breaks: at every instruction once.

Both run between two instructions of the main thread. A trace function runs there too, and unlike a
signal it comes exactly when it is wanted.
"""

import gc
import os
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from nylas_bookings import Client, Guest, NewBooking, PublicConfiguration, Request, Response
from nylas_bookings.errors import BookingsError

BODY = (
    b'{"data": {"booking_id": "b", "event_id": "e", "title": "t", "status": "booked",'
    b'"organizer": {"email": "e", "name": "n"}}}'
)
ROWS = [
    NewBooking(start_time=0, end_time=1800, guest=Guest(name="n", email=f"{n}@example.com"))
    for n in range(2)
]


async def send(request: Request) -> Response:
    """Answer at once."""
    return Response(200, {}, BODY)


def call(client: Client) -> str:
    """Make a call."""
    return client.bookings.get("b-1").status


def create_many(client: Client) -> str:
    """Make a batch, which has its rows read in the caller's thread."""
    return f"created {client.bookings.create_many(ROWS).created}"


def close(client: Client) -> str:
    """Close the client."""
    client.close()
    return "closed"


def raise_timeout_error(client: Client) -> str:
    """What a signal handler does that sets a limit to a call."""
    raise make_alarm(TimeoutError)


def raise_runtime_error(client: Client) -> str:
    """The same, with an exception that looks as if it came from the event loop."""
    raise make_alarm(RuntimeError, "Event loop is closed")


def raise_blocking_io_error(client: Client) -> str:
    """The same, with one that looks as if it came from the kernel."""
    raise make_alarm(BlockingIOError)


def make_alarm(kind: type[Exception], *arguments: str) -> Exception:
    """Make an exception that is known again."""
    alarms[:] = [kind(*arguments)]
    return alarms[0]


def fork(client: Client) -> str:
    """What a signal handler does that starts another process, which then goes on where it is."""
    child = os.fork()
    if child:
        assert os.waitpid(child, 0) == (child, 0), "the child did not end well"
    return "forked" if child else "the child"


def interrupted_at(
    instruction: int, function: Callable[[Client], str], handle: Callable[[Client], str]
) -> bool:
    """Whether the function has so many instructions; the handler runs before the last of them."""
    left = instruction

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal left
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            left -= 1
            if left == 0:
                sys.settrace(None)
                outcomes[f"  {handle.__name__}: {outcome(handle, client)}"] += 1
        return trace

    client = Client(PublicConfiguration("cfg-1"), send=send)
    client.bookings  # noqa: B018 - loads what it needs
    if "used" in sys.argv:
        call(client)
    # An exception in a finalizer would not count: it is dropped, whoever raises it.
    gc.collect()
    # From Python 3.12 on, no frame is traced like that before one is.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(trace)
    try:
        result = function(client)
    except Exception as error:  # noqa: BLE001 - it is compared with the alarm
        result = name_of(error)
    sys.settrace(None)
    if left > 0:
        return False
    outcomes[f"{function.__name__}: {result}"] += 1
    if outcomes["  fork: the child"]:
        os._exit(0)
    if alarms:
        assert result == "the alarm", f"the alarm became {result}"
        assert function is close or call(client) == "booked"
    return True


def outcome(handle: Callable[[Client], str], client: Client) -> str:
    """What the handler returns; what it raises, unless that is an error of the client."""
    try:
        return handle(client)
    except BookingsError as error:
        return name_of(error)


def name_of(error: BaseException) -> str:
    """Return what an error is; the alarm must be the very object that was raised."""
    return "the alarm" if error in alarms else type(error).__name__


def count_files() -> int:
    """How many descriptors are open."""
    gc.collect()
    return len(list(Path("/dev/fd").iterdir()))


alarms: list[Exception] = []
outcomes: Counter[str] = Counter()
_, _, function_name, handler_name, step, *_ = sys.argv
function, handler = globals()[function_name], globals()[handler_name]
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
with Client(PublicConfiguration("cfg-1"), send=send) as warm:
    call(warm)
    create_many(warm)
gc.disable()
gc.collect()
gc.freeze()
files = count_files()
instruction = 1
while interrupted_at(instruction, function, handler):
    instruction += int(step)
alarms.clear()
# Python 3.13 leaves some instructions out.
assert instruction > 20 or sys.version_info >= (3, 13), "the handler has hardly come"
deadline = time.monotonic() + 10
while (threading.active_count(), count_files()) != (1, files) and time.monotonic() < deadline:
    time.sleep(0.01)
print(*sorted(outcomes), sep="\n")
print("threads:", threading.active_count(), "files left:", count_files() - files)
print("the main thread is alive:", threading.main_thread().is_alive())
