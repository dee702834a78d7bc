"""The OpenAPI document: valid, complete, served, and true of every operation."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from attrs import evolve
from openapi_spec_validator import OpenAPIV31SpecValidator

from nylas_bookings._wire.messages import Request
from nylas_bookings.sandbox import Behaviour, Sandbox
from nylas_bookings.sandbox.description.document import describe
from nylas_bookings.sandbox.routes import ROWS

from ..calls import MONDAY, Raw
from .everything import ask_everything
from .promises import operation

OTHERWISE: Any = {
    "booking_extras": False,
    "reschedule_data": False,
    "decline_data": False,
    "lists_of_one": True,
    "success_codes": "201 and 204",
    "booked_status": "confirmed",
}
BEHAVIOURS = {
    "default": Behaviour(),
    "told otherwise": Behaviour(**OTHERWISE),
    "strict": Behaviour(strict=True),
    "all others": Behaviour(
        reschedule_changes_id=True,
        sessions_for_public=False,
        key_on_bookings=False,
        error_prefix=True,
        bodyless_delete="refused",
        notice_on_create=True,
        lost_slot="timeslot_not_available",
        rate_limit_type="nylas_rate_limit_exceeded",
        provider_error="text",
        **OTHERWISE,
    ),
}
ALL = {f"{method} {path}" for _, method, path in ROWS}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_the_description_is_valid(name: str) -> None:
    """The document is valid OpenAPI 3.1, and tells of everything that can be asked."""
    document = describe(BEHAVIOURS[name], "http://127.0.0.1:1")
    OpenAPIV31SpecValidator(document).validate()
    told = {
        f"{method.upper()} {path}": asked
        for path, operations in document["paths"].items()
        for method, asked in operations.items()
    }
    assert told.keys() == ALL
    assert len({asked["operationId"] for asked in told.values()}) == len(told)
    assert document["servers"] == [{"url": "http://127.0.0.1:1"}]


@pytest.mark.parametrize("name", ["default", "strict", "told otherwise"])
async def test_every_operation_is_as_promised(name: str, broken_promises: list[str]) -> None:
    """In a life that uses all operations, each is answered as both documents say."""
    behaviour = evolve(BEHAVIOURS[name], challenge=False)
    sandbox = Sandbox(seed=1, now=MONDAY, behaviour=behaviour)
    await ask_everything(Raw(sandbox))
    done = {
        operation(Request(seen.method, f"http://sandbox{seen.path}", {}))
        for seen in sandbox.requests()
        if seen.status in (200, 201, 204)
    }
    assert done == ALL
    assert broken_promises == []
    sandbox.close()


async def test_a_promise_can_be_broken(
    raw: Raw, broken_promises: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that lacks what both documents promise is noticed twice."""
    monkeypatch.setattr("nylas_bookings.sandbox.telling.booking", lambda *_: {"booking_id": 1})
    await raw.book()
    assert any(found.startswith("contract: POST") for found in broken_promises)
    assert any(found.startswith("description: POST") for found in broken_promises)
    broken_promises.clear()


def _ask(sandbox: Sandbox, method: str) -> tuple[int, http.client.HTTPMessage, Any]:
    at = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=10)
    try:
        connection.request(method, "/openapi.json")
        answer = connection.getresponse()
        return answer.status, answer.headers, json.loads(answer.read() or b"null")
    finally:
        connection.close()


def test_the_description_is_served() -> None:
    """Pages of any site may read it, nobody can change it, and it names the sandbox's address."""
    with Sandbox(seed=1, now=MONDAY) as sandbox:
        status, headers, document = _ask(sandbox, "GET")
        assert (status, headers["Access-Control-Allow-Origin"]) == (200, "*")
        assert document == json.loads(json.dumps(describe(Behaviour(), sandbox.url)))
        sandbox.behaviour = BEHAVIOURS["strict"]
        assert _ask(sandbox, "GET")[2] != document
        status, headers, _ = _ask(sandbox, "POST")
        assert (status, headers["Allow"]) == (405, "GET")
