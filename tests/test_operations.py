"""Every operation through both clients, byte for byte, against a real local server."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from nylas_bookings import ApiKey, AsyncClient, Client, models
from nylas_bookings._version import VERSION
from nylas_bookings.operations import OPERATIONS, Operation

from .calls import CASES, Case, yes_to
from .wire_server import Answer, Received, WireServer

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: row.name)

OF_THE_ADDRESS = {"Host", "Accept-Encoding"}


def answer_to(case: Case) -> Answer:
    """What the API says to a case."""
    return Answer(body=yes_to(case).body)


def headers_of(case: Case) -> dict[str, str]:
    """All headers that the case shall have on the wire, but those of the address."""
    headers = {"Accept": "application/json", "User-Agent": f"nylas-bookings/{VERSION}"}
    if isinstance(case.auth, ApiKey):
        headers["Authorization"] = f"Bearer {case.auth.key}"
    if case.body is not None:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(case.body))}
    return headers


def check(received: Received, case: Case) -> None:
    """Hold what came over the wire against the case."""
    assert (received.method, received.target) == (case.operation.method, case.target)
    assert received.body == (case.body or b"")
    headers = [(name, value) for name, value in received.headers if name not in OF_THE_ADDRESS]
    assert sorted(headers) == sorted(headers_of(case).items())


@each_case
async def test_an_awaited_call(case: Case, server: WireServer) -> None:
    """An awaited call sends exactly these bytes, and returns exactly this."""
    server.answer(answer_to(case))
    async with AsyncClient(case.auth, api_url=server.url) as nylas:
        assert await case.call(nylas) == case.result
    check(server.last(), case)
    assert len(server.received) == 1


@each_case
def test_a_blocking_call(case: Case, server: WireServer) -> None:
    """A blocking call sends the same bytes, and returns the same."""
    server.answer(answer_to(case))
    with Client(case.auth, api_url=server.url) as nylas:
        assert case.call(nylas) == case.result
    check(server.last(), case)
    assert len(server.received) == 1


def methods(client: object, operation: Operation[Any]) -> Any:
    """The method of a client that carries out the operation."""
    resource, _, name = operation.name.partition(".")
    return getattr(getattr(client, resource), name)


@each_operation
def test_every_operation_has_a_case(operation: Operation[Any]) -> None:
    """Each row of the operations table is tested on the wire, once."""
    assert [case.operation for case in CASES].count(operation) == 1


@each_operation
def test_every_operation_has_two_methods(operation: Operation[Any]) -> None:
    """Each row has a coroutine in `AsyncClient`, and a twin in `Client` that says the same."""
    awaited, blocking = methods(AsyncClient(), operation), methods(Client(), operation)
    assert inspect.iscoroutinefunction(awaited)
    assert not inspect.iscoroutinefunction(blocking)
    assert inspect.signature(awaited) == inspect.signature(blocking)
    assert inspect.getdoc(awaited) == inspect.getdoc(blocking)
    assert {"auth", "timeout"} <= inspect.signature(awaited).parameters.keys()


@each_operation
def test_every_operation_names_models(operation: Operation[Any]) -> None:
    """What goes along and what comes back are models that the package exports."""
    for named in filter(None, (operation.body, operation.result)):
        model = re.fullmatch(r"(?:Page|list)\[(\w+)\]|(\w+)", named)
        assert model is not None
        assert hasattr(models, model[1] or model[2])


@each_operation
def test_a_row_is_consistent(operation: Operation[Any]) -> None:
    """What reads can be repeated, has no body unless it is a POST, and never makes anything."""
    assert operation.method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    if operation.reads:
        assert operation.repeatable
    if operation.method in {"GET", "DELETE"} and operation.name != "bookings.cancel":
        assert operation.body is None


def test_names_are_unique() -> None:
    """No two rows have the same name, or the same method and path but for the two decisions."""
    assert len({row.name for row in OPERATIONS}) == len(OPERATIONS)
    routes = [(row.method, row.path) for row in OPERATIONS]
    assert {route for route in routes if routes.count(route) > 1} == {
        ("PUT", "/v3/scheduling/bookings/{booking_id}")
    }


def test_what_may_not_be_repeated() -> None:
    """Only what would make a second thing may not be sent twice."""
    assert {row.name for row in OPERATIONS if not row.repeatable} == {
        "bookings.create",
        "configurations.create",
        "group_events.create",
        "group_events.import_events",
        "webhooks.create",
    }
