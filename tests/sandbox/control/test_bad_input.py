"""What the controls refuse: with a message, and nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings.sandbox import Behaviour, Fault, Sandbox

from .asking import Controls, whole_state

_EVENT = {"host": "host@example.com", "start": 1795000000, "end": 1795000060}
_FAULT = {"operation": "create", "kind": "drop_before"}

REFUSED: list[tuple[str, str, Any, str]] = [
    ("POST", "faults", b"{", "not JSON"),
    ("POST", "faults", [], "must be a JSON object"),
    ("POST", "faults", {"kind": "status"}, "operation is required"),
    ("POST", "faults", {**_FAULT, "operation": "fly"}, "no operation is called 'fly'"),
    ("POST", "faults", {**_FAULT, "kind": "explode"}, "kind is one of status"),
    ("POST", "faults", {**_FAULT, "kind": "status"}, "from 400 to 599"),
    ("POST", "faults", {**_FAULT, "kind": "status", "code": 200}, "from 400 to 599"),
    ("POST", "faults", {**_FAULT, "code": "503"}, "code must be a whole number"),
    ("POST", "faults", {**_FAULT, "times": 0}, "times is 1 at least"),
    ("POST", "faults", {**_FAULT, "times": True}, "times must be a whole number"),
    ("POST", "faults", {**_FAULT, "probability": 1.5}, "1 at most"),
    ("POST", "faults", {**_FAULT, "seconds": -1}, "from 0 to 86400"),
    ("POST", "faults", {**_FAULT, "retry_after": 1e9}, "from 0 to 86400"),
    ("POST", "faults", {**_FAULT, "when": 1}, "'when' is not known here"),
    ("DELETE", "faults", {"operation": "create"}, "what can be given: nothing"),
    ("POST", "clock/freeze", {"at": "noon"}, "at must be epoch seconds"),
    ("POST", "clock/freeze", {"at": "2026-11-23T09:00:00"}, "at must be epoch seconds"),
    ("POST", "clock/freeze", {"at": 1e18}, "at must be epoch seconds"),
    ("POST", "clock/freeze", {"at": -1}, "from the year 1970"),
    ("POST", "clock/advance", {"minutes": "5"}, "minutes must be a number"),
    ("POST", "clock/advance", {"days": 1e6}, "to the year 2999"),
    ("POST", "clock/advance", {"days": 1e300}, "cannot go that far"),
    ("POST", "clock/advance", {"weeks": 1}, "'weeks' is not known here"),
    ("PATCH", "behaviour", {"strict": 1}, "strict is False or True, not 1"),
    ("PATCH", "behaviour", {"bodyless_delete": "maybe"}, "'accepted' or 'refused'"),
    ("PATCH", "behaviour", {"confirm_notifies": "nobody"}, "confirm_notifies is"),
    ("PATCH", "behaviour", {"rate_limit": 0}, "rate_limit is a number above 0"),
    ("PATCH", "behaviour", {"strict": True, "lenient": True}, "'lenient' is not known here"),
    ("POST", "reset", {"seed": 1}, "'seed' is not known here"),
    ("POST", "grants", {}, "email is required"),
    ("POST", "grants", {"email": "host@example.com"}, "already"),
    ("POST", "grants", {"email": "a@b", "timezone": "Mars/Olympus"}, "no known time zone"),
    ("POST", "calendars", {"host": "nobody", "name": "x"}, "no host has"),
    ("POST", "calendars", {"host": "host@example.com", "name": " "}, "name must be a text"),
    ("POST", "events", {**_EVENT, "end": _EVENT["start"]}, "end_time must be later"),
    ("POST", "events", {**_EVENT, "busy": "no"}, "busy must be true or false"),
    ("DELETE", "events/nothing", None, "no event has the id"),
    ("GET", "events?start=noon", None, "start must be a number"),
    ("GET", "bookings?limit=-1", None, "limit must be a number"),
    ("GET", "changes?after=x", None, "after must be a number"),
]


@pytest.mark.parametrize(("method", "path", "body", "problem"), REFUSED)
async def test_bad_input_changes_nothing(
    controls: Controls, sandbox: Sandbox, method: str, path: str, body: Any, problem: str
) -> None:
    """What cannot be meant gets a 400 that says what is wrong, and changes nothing at all."""
    before = whole_state(sandbox)
    answer = await controls(method, path, body)
    assert (answer.status, problem in answer.message) == (400, True), answer.body
    assert whole_state(sandbox) == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("GET", "../state", 404),
        ("GET", "%2e%2e%2fpart.py", 404),
        ("GET", "part.py", 404),
        ("GET", "static/index.html", 404),
        ("GET", "events/1/2", 404),
        ("GET", "calendars/host@example.com/other.ics", 404),
        ("GET", "calendars/nobody/primary.ics", 404),
        ("PUT", "reset", 405),
        ("GET", "reset", 405),
        ("OPTIONS", "state", 415),
    ],
)
async def test_what_is_not_there(controls: Controls, method: str, path: str, status: int) -> None:
    """An unknown path is not found, and an unknown method not allowed; no file outside is shown."""
    headers = {"content-type": "text/plain"} if method == "OPTIONS" else {}
    answer = await controls(method, path, **headers)
    assert (answer.status, "error" in answer.told) == (status, True)


async def test_a_body_can_be_too_large(controls: Controls) -> None:
    """More than a megabyte is refused."""
    answer = await controls("POST", "faults", b" " * (1024 * 1024 + 1))
    assert (answer.status, answer.message) == (413, "the request body is too large")


def test_python_refuses_the_same() -> None:
    """Switches and faults that cannot be are refused where they are made."""
    with pytest.raises(ValueError, match="strict is False or True"):
        Behaviour(strict="yes")  # type: ignore[arg-type] - that is the point
    with pytest.raises(ValueError, match="rate_limit"):
        Behaviour(rate_limit=float("inf"))
    with pytest.raises(ValueError, match="status from 400 to 599"):
        Fault.status(302)
    with pytest.raises(ValueError, match="from 0 to 86400"):
        Fault.latency(float("nan"))
