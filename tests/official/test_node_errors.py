"""What the sandbox refuses reaches users of the official Node SDK as its own error."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings.sandbox import Behaviour, Fault, Sandbox

from ..sandbox.calls import slot
from .node_sdk import NodeSdk

NOBODY = "00000000-0000-4000-8000-000000000000"


def booking(configuration_id: str, number: int = 0, **more: Any) -> dict[str, Any]:
    """What `bookings.create` takes."""
    times = {"startTime": slot(number)["start_time"], "endTime": slot(number)["end_time"]}
    guest = {"name": "Jane", "email": "jane@example.com"}
    return {
        "requestBody": {**times, "guest": guest, **more},
        "queryParams": {"configurationId": configuration_id},
    }


CREATE = "scheduler.bookings.create"


def test_a_refusal_is_its_own_error(sandbox: Sandbox, node_sdk: NodeSdk) -> None:
    """Status, type, message and, from the header, the request id are the ones of the sandbox."""
    found = {"queryParams": {"configurationId": sandbox.public}, "bookingId": NOBODY}
    undeclared = booking(sandbox.public, additionalFields={"shoe": "43"})
    for call, parameters, status, kind, message in (
        (CREATE, booking(NOBODY), 404, "not_found_error", "Configuration not found"),
        (CREATE, booking(sandbox.private), 401, "unauthorized", "Unauthorized"),
        (CREATE, booking(sandbox.public, -9), 400, "invalid_request_error", "timeslot"),
        (CREATE, undeclared, 400, "invalid_request_error", "'shoe' not found in configuration"),
        ("scheduler.bookings.find", found, 404, "not_found_error", "not found"),
    ):
        error = node_sdk.error(call, **parameters)
        assert (error["kind"], error["statusCode"], error["type"]) == (
            "NylasApiError",
            status,
            kind,
        )
        assert message in error["message"]
        assert error["requestId"] == sandbox.requests()[-1].request_id


@pytest.mark.parametrize(
    ("code", "kind"), [(429, "rate_limit_error"), (504, "provider_error"), (500, "internal_error")]
)
def test_it_does_not_try_again(sandbox: Sandbox, node_sdk: NodeSdk, code: int, kind: str) -> None:
    """The SDK throws at once whatever could be tried again; only its headers say when."""
    sandbox.faults.add("create", Fault.status(code, retry_after=3))
    error = node_sdk.error(CREATE, **booking(sandbox.public))
    assert (error["statusCode"], error["type"]) == (code, kind)
    assert error["headers"]["retry-after"] == "3"
    assert len(sandbox.requests()) == 1


def test_it_takes_the_answers_of_the_contract(sandbox: Sandbox, node_sdk: NodeSdk) -> None:
    """A reschedule and a decline that are answered with a request id alone have no data."""
    sandbox.behaviour = Behaviour(strict=True)
    asked = booking(sandbox.confirming)
    booking_id = node_sdk.value(CREATE, **asked)["data"]["bookingId"]
    times = {key: asked["requestBody"][key] for key in ("startTime", "endTime")}
    query = asked["queryParams"]
    moved = node_sdk.value(
        "scheduler.bookings.reschedule", bookingId=booking_id, requestBody=times, queryParams=query
    )
    decision = {"status": "cancelled", "salt": sandbox.bookings()[0]["salt"]}
    declined = node_sdk.value(
        "scheduler.bookings.confirm", bookingId=booking_id, requestBody=decision, queryParams=query
    )
    assert "data" not in moved
    assert "data" not in declined
    assert sandbox.bookings()[0]["status"] == "cancelled"
