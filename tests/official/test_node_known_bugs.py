"""What the official Node SDK, 8.4.0, gets wrong today: a test fails when it is mended.

Each is in the table of docs/official-clients.md.
"""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings.sandbox import Fault, Sandbox

from ..wire_server import Answer, WireServer, data
from .node_sdk import NodeProcess, NodeSdk
from .test_node_errors import CREATE, booking

FIND = {"bookingId": "b-1"}


@pytest.fixture
def elsewhere(server: WireServer, node_process: NodeProcess) -> NodeSdk:
    """The SDK, and a server that answers as a test tells it to."""
    return NodeSdk(node_process, server.url, "nyk_v0_key")


def test_the_keys_of_additional_fields_are_rewritten(sandbox: Sandbox, node_sdk: NodeSdk) -> None:
    """A key that is not in snake case, or has a digit, arrives as another one."""
    for key, arrives in (("companyName", "company_name"), ("address1", "address_1")):
        error = node_sdk.error(CREATE, **booking(sandbox.public, additionalFields={key: "x"}))
        assert error["message"] == f"Additional field '{arrives}' not found in configuration"


def test_the_list_of_configurations_takes_no_limit(sandbox: Sandbox, node_sdk: NodeSdk) -> None:
    """Parameters of the query are dropped, so that every page has fifty."""
    asked = {"identifier": sandbox.grant_id, "queryParams": {"limit": 1}}
    assert len(node_sdk.value("scheduler.configurations.list", **asked)["data"]) == 3


def test_a_page_instead_of_json_is_a_plain_error(sandbox: Sandbox, node_sdk: NodeSdk) -> None:
    """A page of HTML is a plain Error; what was asked for may be done."""
    sandbox.faults.add("create", Fault.garbage())
    error = node_sdk.error(CREATE, **booking(sandbox.public))
    assert error["kind"] == "Error"
    assert error["message"].startswith("Could not parse response from the server: <html>")
    assert len(sandbox.bookings()) == 1


def test_a_lost_connection_is_a_type_error(sandbox: Sandbox, node_sdk: NodeSdk) -> None:
    """A connection that breaks is a TypeError; what was asked for may be done."""
    sandbox.faults.add("create", Fault.drop_after())
    error = node_sdk.error(CREATE, **booking(sandbox.public))
    assert (error["kind"], error["message"]) == ("TypeError", "fetch failed")
    assert len(sandbox.bookings()) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (Answer(status=502, body=b"<html>"), "Error", "Received an error but could not parse"),
        (Answer(status=204), "Error", "Could not parse response from the server"),
        (Answer(status=400, body={"request_id": "r"}), "Error", "Received an error but could not"),
    ],
    ids=["bad gateway", "no content", "no error"],
)
def test_unusual_answers_are_plain_errors(
    server: WireServer, elsewhere: NodeSdk, answer: Answer, kind: str, message: str
) -> None:
    """Answers that are not as documented end in errors that are not the SDK's own."""
    server.answer(answer)
    error = elsewhere.error("scheduler.bookings.find", **FIND)
    assert error["kind"] == kind
    assert error["message"].startswith(message)


def test_the_request_id_of_the_body_is_not_read(server: WireServer, elsewhere: NodeSdk) -> None:
    """Without the header an error has no request id, though the body tells it."""
    server.answer(Answer(status=400, body={"request_id": "r", "error": {"type": "t"}}))
    error = elsewhere.error("scheduler.bookings.find", **FIND)
    assert (error["kind"], error["type"]) == ("NylasApiError", "t")
    assert "requestId" not in error


def test_null_in_a_list_becomes_an_object(server: WireServer, elsewhere: NodeSdk) -> None:
    """An item that is null is read as an object without anything in it."""
    server.answer(data({"reminders": [None]}))
    found: Any = elsewhere.value("scheduler.bookings.find", **FIND)
    assert found["data"]["reminders"] == [{}]
