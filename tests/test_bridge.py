"""The blocking client in the lives that scripts and servers lead; each is a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator
from unittest.mock import Mock

import pytest

from nylas_bookings import Client, NewBooking
from nylas_bookings._bridge import Bridge, loop_thread, waker
from nylas_bookings._bridge.waker import WakerByCallback
from nylas_bookings.errors import InvalidRequest, NoAnswer

from .samples import FROM, JANE, PUBLIC, UNTIL
from .scripts import run
from .waiting import until
from .wire_server import WireServer

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="needs forks, signals and limits")


def test_left_open(server: WireServer) -> None:
    """A client that is never closed ends with the script, without a warning."""
    assert run("left_open", server) == "booked\n"


def test_dropped(server: WireServer) -> None:
    """A client that is dropped takes its thread with it."""
    lines = run("dropped", server).splitlines()
    assert lines == ["['booked', 'booked', 'booked']", "threads: 1"]


def test_dropped_with_its_connections(server: WireServer) -> None:
    """A client that is dropped leaves no open connection."""
    client = Client(PUBLIC, api_url=server.url)
    client.bookings.get("b-1")
    del client
    until(lambda: server.open_connections == 0)


def test_collected_on_its_loop(server: WireServer) -> None:
    """A client may be collected by its own loop's thread, which cannot wait for itself."""
    assert run("collected_on_its_loop", server).splitlines() == [
        "booked",
        "collected: True",
        "ended: True",
    ]


def test_many_threads(server: WireServer) -> None:
    """Twenty threads may share a client, which has one loop and a connection for each."""
    assert run("many_threads", server) == "Counter({'booked': 400})\nloops: 1\n"
    assert len(server.received) == 400
    assert server.connections <= 20


@on_unix
def test_fork_before_use(server: WireServer) -> None:
    """A client that was not used yet works on both sides of a fork."""
    lines = run("fork_before_use", server).splitlines()
    assert lines == ["child: booked", "the child exits with 0", "parent: booked"]


@on_unix
def test_fork_after_use(server: WireServer) -> None:
    """A forked child is told to make a client of its own; the parent's goes on."""
    assert run("fork_after_use", server).splitlines() == [
        "before: booked",
        (
            "child: bookings.get: this client was used before the process forked, and its "
            "connections belong to the parent: make a new Client in the child. "
            "Nothing was sent."
        ),
        "its own: booked",
        "the child exits with 0",
        "parent: booked",
    ]


@on_unix
def test_fork_while_starting(server: WireServer) -> None:
    """A first call that another thread made when the process forked does not hold up the child."""
    lines = run("fork_while_starting", server).splitlines()
    assert lines == ["child: booked", "the child exits with 0", "parent: booked"]


@on_unix
def test_interrupted(server: WireServer) -> None:
    """Ctrl-C ends a call at once and cancels it, even one that is slow to end; the next works."""
    note = ["The call was interrupted. It may have taken effect."]
    assert run("interrupted", server).splitlines() == [
        f"stall: in time: True {note}",
        f"stall_stubbornly: in time: True {note}",
        "cancelled: 6",
        "then: booked",
    ]


def test_inside_a_loop(server: WireServer) -> None:
    """A call that would hold up a running loop is refused, with a word on what to do instead."""
    assert run("inside_a_loop", server).splitlines() == [
        (
            "bookings.get: a blocking Client was called inside a running event loop, which it "
            "would hold up: use AsyncClient and await, or hand the call to asyncio.to_thread. "
            "Nothing was sent."
        ),
        "booked",
    ]


def test_notebook(server: WireServer) -> None:
    """A notebook's cell, which runs inside a loop that waits for it, may use a blocking client."""
    assert run("notebook", server) == "booked\n"


def test_context_variables(server: WireServer) -> None:
    """What runs for a call sees the context variables of the thread that made it."""
    assert run("context_variables", server) == "['ann', 'bob', 'nobody']\n"


def test_closed_during_calls(server: WireServer) -> None:
    """Closing a client ends the calls of other threads with an error, and may be repeated."""
    assert run("closed_during_calls", server, calls=5).splitlines() == [
        (
            "5 {'NoAnswer: bookings.get: the client was closed in the middle of the call. "
            "The call only reads.'}"
        ),
        "InvalidRequest: bookings.get: this client is closed. Nothing was sent.",
        "threads: 1",
    ]


def test_exit_during_a_call(server: WireServer) -> None:
    """A daemon thread in a call does not hold up the end of a script."""
    assert run("exit_during_a_call", server, calls=1) == "bye\n"


def test_at_exit(server: WireServer) -> None:
    """While the interpreter exits a client that was used works, and a new one says it is late."""
    assert run("at_exit", server).splitlines() == [
        "used: booked",
        (
            "new: bookings.get: no thread can be started for the calls "
            "(can't create new thread at interpreter shutdown). Nothing was sent."
        ),
    ]


@on_unix
def test_no_files_left(server: WireServer) -> None:
    """A first call for which the system has no files left fails, and the next one may work."""
    refused, then = run("no_files_left", server).splitlines()
    assert refused.startswith(
        "bookings.get: no thread can be started for the calls ([Errno 24] Too many open"
    )
    assert then == "booked"


def test_closed_before_use(server: WireServer) -> None:
    """A client that is closed without ever having been used starts no thread."""
    client = Client(PUBLIC, api_url=server.url)
    client.close()
    with pytest.raises(InvalidRequest, match="this client is closed"):
        client.bookings.get("b-1")
    assert "nylas_bookings" not in {thread.name for thread in threading.enumerate()}


def test_closed_while_it_starts(server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that is closed while another thread makes the first call keeps no thread."""
    client = Client(PUBLIC, api_url=server.url)
    start = threading.Thread.start

    def close_and_start(thread: threading.Thread) -> None:
        client._bridge._thread.request_stop()
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", close_and_start)
    with pytest.raises(InvalidRequest, match="this client is closed"):
        client.bookings.get("b-1")
    client.close()
    assert "nylas_bookings" not in {thread.name for thread in threading.enumerate()}
    assert server.received == []


async def nothing() -> None:
    """A call that is over at once."""


def test_closed_by_another_thread() -> None:
    """A call that comes when another thread has just stopped the loop is refused, not lost."""
    bridge = Bridge()
    bridge.call(nothing)
    bridge._thread.stop()
    bridge._thread.stop()
    with pytest.raises(InvalidRequest, match="this client is closed"):
        bridge.call(nothing)


def test_exit_in_a_hook(server: WireServer) -> None:
    """A hook that ends the program ends the call, and the client with it."""
    lines = run("exit_in_a_hook", server).splitlines()
    assert lines == ["exit: 3", "then: bookings.get: this client is closed. Nothing was sent."]


@on_unix
def test_interrupted_before_it_starts() -> None:
    """A call that is interrupted while another one holds up the loop is never started."""
    bridge = Bridge()
    busy, go_on = threading.Event(), threading.Event()
    started: list[str] = []

    async def hold_up() -> None:
        busy.set()
        go_on.wait()

    async def start() -> None:
        started.append("after all")

    other = threading.Thread(target=bridge.call, args=(hold_up,))
    other.start()
    busy.wait()
    main = threading.main_thread().ident
    assert main is not None
    threading.Timer(0.05, signal.pthread_kill, (main, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        bridge.call(start)
    go_on.set()
    other.join()
    bridge.close()
    assert started == []


def test_interrupted_while_it_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is interrupted on its way to the loop leaves no coroutine behind."""
    bridge = Bridge()
    bridge.call(nothing)
    monkeypatch.setattr(bridge._thread, "submit", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        bridge.call(nothing)
    monkeypatch.undo()
    bridge.call(nothing)
    bridge.close()


INSTRUCTIONS = [
    *(("call", handler, "1") for handler in ("close", "call", "raise_timeout_error")),
    *(("call", handler, "1", "used") for handler in ("close", "call", "raise_timeout_error")),
    *(("close", handler, "1", "used") for handler in ("close", "call", "raise_timeout_error")),
    *(("call", f"raise_{kind}_error", "1") for kind in ("runtime", "blocking_io")),
    *(("create_many", handler, "50") for handler in ("close", "call")),
    pytest.param(
        ("create_many", "raise_timeout_error", "50"),
        marks=pytest.mark.skipif(
            sys.version_info >= (3, 12),
            reason="Python 3.12 runs handlers in finalizers too, and drops what is raised there",
        ),
    ),
    ("call", "fork", "9"),
    ("call", "fork", "9", "used"),
    ("create_many", "fork", "100"),
]


@on_unix
@pytest.mark.parametrize("arguments", INSTRUCTIONS, ids="-".join)
def test_at_every_instruction(server: WireServer, arguments: tuple[str, ...]) -> None:
    """A signal handler may use or close the client, fork or raise at any moment of a call."""
    *_, left, alive = run("at_every_instruction", server, *arguments).splitlines()
    assert left == "threads: 1 files left: 0"
    assert alive == "the main thread is alive: True"


@on_unix
def test_alarms(server: WireServer) -> None:
    """What a signal handler raises in a first call reaches the caller, and nothing is left."""
    *calls, left, alive = run("alarms", server).splitlines()
    assert set(calls) <= {"booked", "the alarm, then booked"}
    assert left == "threads: 1 files left: 0"
    assert alive == "the main thread is alive: True"


def test_finalizers(server: WireServer) -> None:
    """An object may use the client when it is collected, in any thread and at any moment."""
    assert run("finalizers", server) == "all ended: True booked\n"


def test_handed_to_a_loop_that_ends() -> None:
    """A call that is handed over while a hook ends the loop is rejected, and does not wait."""
    bridge = Bridge()
    ends: list[BaseException] = []

    def call_late() -> None:
        try:
            bridge.call(nothing)
        except InvalidRequest as error:
            ends.append(error)

    late = threading.Thread(target=call_late, daemon=True)

    async def exit_program() -> None:
        loop = asyncio.get_running_loop()
        close = loop.close

        def close_late() -> None:
            late.start()
            late.join(1)
            close()

        loop.close = close_late  # type: ignore[method-assign] # the last moment of a loop
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        bridge.call(exit_program)
    late.join(10)
    assert [str(error) for error in ends] == [
        "test_bridge.nothing: this client is closed. Nothing was sent."
    ]


@pytest.mark.parametrize("way", ["block", "await"])
def test_silent_name_server(server: WireServer, way: str) -> None:
    """The end of a process does not wait for a name server that does not respond."""
    told = run("silent_name_server", server, way)
    assert told.startswith("bookings.get: no connection to api.us.nylas.com (timeout)")


def test_closed_in_a_hook() -> None:
    """A hook may close the client whose loop it runs on; the call ends as it would have."""
    bridge = Bridge()

    async def close() -> str:
        bridge.close()
        return "closed"

    assert bridge.call(close) == "closed"
    with pytest.raises(InvalidRequest, match="this client is closed"):
        bridge.call(nothing)


def test_wakes_through_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a loop cannot wait for files, as on Windows, calls reach it by its own way."""
    monkeypatch.setattr(loop_thread, "_WakerClass", WakerByCallback)
    bridge = Bridge()
    assert [bridge.call(nothing) for _ in range(3)] == [None] * 3
    thread = bridge._thread
    bridge.close()
    thread.call(lambda: None)


def test_wakes_through_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no eventfd, calls reach the loop through a pipe, which may be full."""
    monkeypatch.setattr(waker, "_HAS_EVENTFD", False)
    bridge = Bridge()
    busy, go_on = threading.Event(), threading.Event()

    async def hold_up() -> None:
        busy.set()
        go_on.wait()

    other = threading.Thread(target=bridge.call, args=(hold_up,))
    other.start()
    busy.wait()
    for _ in range(10_000):
        bridge._thread._wake()
    go_on.set()
    other.join()
    bridge.call(nothing)
    bridge.close()


def test_closed_during_a_batch(server: WireServer) -> None:
    """A batch that another thread closes ends with an error of ours, whatever its caller does."""
    client = Client(PUBLIC, api_url=server.url)

    def rows() -> Iterator[NewBooking]:
        yield NewBooking(start_time=FROM, end_time=UNTIL, guest=JANE)
        closing = threading.Thread(target=client.close)
        closing.start()
        closing.join()
        yield NewBooking(start_time=FROM, end_time=UNTIL, guest=JANE)

    with pytest.raises(NoAnswer, match="the client was closed in the middle of the call"):
        client.bookings.create_many(rows())
