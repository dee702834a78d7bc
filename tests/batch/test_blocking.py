"""The blocking twin: the input and `on_result` stay in the caller's thread."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from nylas_bookings import Client, PublicConfiguration, errors
from nylas_bookings.batch import Created
from nylas_bookings.sandbox import Sandbox

from .asking import ONCE, many, wanted


@pytest.fixture
def nylas(sandbox: Sandbox) -> Iterator[Client]:
    """A blocking client of the sandbox."""
    with Client(PublicConfiguration(sandbox.public), send=sandbox.send, retry=ONCE) as made:
        yield made


def test_in_the_callers_thread(nylas: Client, sandbox: Sandbox) -> None:
    """The input is read, and results are told, where the batch was called."""
    threads: set[threading.Thread] = set()

    def requests() -> Iterator[Any]:
        for request in many(100):
            threads.add(threading.current_thread())
            yield request

    def hear(result: Any) -> None:
        assert isinstance(result, Created)
        threads.add(threading.current_thread())

    report = nylas.bookings.create_many(requests(), on_result=hear, concurrency=5)
    assert report.created == len(list(report)) == len(sandbox.bookings()) == 100
    assert threads == {threading.current_thread()}


def test_results_can_be_acted_upon(nylas: Client, sandbox: Sandbox) -> None:
    """While a batch runs, its own client can be used in `on_result`."""
    read: list[str] = []

    def hear(result: Any) -> None:
        read.append(nylas.bookings.get(result.booking.booking_id).booking_id)

    nylas.bookings.create_many(many(3), on_result=hear)
    assert sorted(read) == sorted(booking["id"] for booking in sandbox.bookings())


def test_an_input_that_waits_for_results(nylas: Client) -> None:
    """An input that comes slowly is sent as it comes, not when there is a lot of it."""
    done = threading.Event()

    def requests() -> Iterator[Any]:
        yield from many(1)
        assert done.wait(0.02) or True
        yield wanted(1)

    report = nylas.bookings.create_many(requests(), on_result=lambda _: done.set())
    assert report.created == 2


def test_what_the_caller_raises(nylas: Client, sandbox: Sandbox) -> None:
    """What the input or `on_result` raises is raised by the call."""

    def broken() -> Iterator[Any]:
        yield wanted(0)
        raise ZeroDivisionError

    def refuse(result: Any) -> None:
        raise KeyError

    with pytest.raises(ZeroDivisionError):
        nylas.bookings.create_many(broken())
    with pytest.raises(KeyError):
        nylas.bookings.create_many([wanted(1)], on_result=refuse)
    with pytest.raises(errors.InvalidRequest):
        nylas.bookings.create_many([1])  # type: ignore[list-item] # that is what is tested
    assert len(sandbox.bookings()) == 2


def test_an_asynchronous_input_and_hook(nylas: Client) -> None:
    """What is asynchronous runs in the client's loop, as everything there does."""
    heard: list[Any] = []

    async def requests() -> AsyncIterator[Any]:
        for request in many(3):
            yield request

    async def hear(result: Any) -> None:
        heard.append(result)

    assert nylas.bookings.create_many(requests(), on_result=hear).created == len(heard) == 3
