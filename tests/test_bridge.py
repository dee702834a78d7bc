"""The blocking client in the lives that scripts and servers lead; each is a process of its own."""

from __future__ import annotations

import signal
import sys
import threading
from unittest.mock import Mock

import pytest

from nylas_bookings import Client
from nylas_bookings._bridge import Bridge
from nylas_bookings.errors import InvalidRequest

from .samples import PUBLIC
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
def test_fork_while_locked(server: WireServer) -> None:
    """A lock that another thread held when the process forked does not hold up the child."""
    lines = run("fork_while_locked", server).splitlines()
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
            "It may have taken effect.'}"
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
            "new: bookings.get: the interpreter is shutting down: it is too late for a first call. "
            "Nothing was sent."
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
        client.close()
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", close_and_start)
    with pytest.raises(InvalidRequest, match="this client is closed"):
        client.bookings.get("b-1")
    assert "nylas_bookings" not in {thread.name for thread in threading.enumerate()}
    assert server.received == []


async def nothing() -> None:
    """A call that is over at once."""


def test_closed_by_another_thread() -> None:
    """A call that comes when another thread has just stopped the loop is refused, not lost."""
    bridge = Bridge()
    bridge.call(nothing)
    thread = bridge._thread()
    thread.stop()
    thread.stop()
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
    monkeypatch.setattr(bridge._thread(), "submit", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        bridge.call(nothing)
    monkeypatch.undo()
    bridge.call(nothing)
    bridge.close()
