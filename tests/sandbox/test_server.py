"""The sandbox on a socket."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from nylas_bookings import Client, PublicConfiguration, errors
from nylas_bookings.sandbox import Fault, Sandbox

from .calls import BOOKINGS, JANE, MONDAY, ONCE, slot, wanted


def _ask(
    sandbox: Sandbox, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    at = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def _named(sandbox: Sandbox) -> str:
    return f"{BOOKINGS}?configuration_id={sandbox.public}"


def test_a_preflight_is_let_through(listening: Sandbox) -> None:
    """Browsers may send what the official clients send, and what they ask for, without a key."""
    asked = {"Access-Control-Request-Headers": "x-something"}
    status, headers, body = _ask(listening, "OPTIONS", "/v3/webhooks", **asked)
    assert (status, body) == (204, b"")
    assert headers["Access-Control-Allow-Origin"] == "*"
    for method in ("PUT", "PATCH", "DELETE"):
        assert method in headers["Access-Control-Allow-Methods"]
    for name in ("Authorization", "Content-Type", "X-Source", "x-something"):
        assert name in headers["Access-Control-Allow-Headers"]
    status, headers, _ = _ask(listening, "OPTIONS", "/v3/webhooks")
    assert headers["Access-Control-Allow-Headers"].endswith("X-Source")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v3/webhooks", 401),
        ("GET", "/nowhere", 404),
        ("PUT", "/v3/scheduling/availability", 404),
        ("GET", "//v3//scheduling/availability/", 400),
        ("GET", "/v3/scheduling/bookings/%FF%00?configuration_id=%FF", 404),
    ],
)
def test_errors_can_be_read_by_browsers(
    listening: Sandbox, method: str, path: str, status: int
) -> None:
    """An error has CORS headers, a request id in header and body, and the documented shape."""
    got, headers, body = _ask(listening, method, path)
    told = json.loads(body)
    assert got == status
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Request-Id"] == told["request_id"]
    assert set(told["error"]) == {"type", "message"}


@pytest.mark.parametrize("body", [b"{", b"\xff", b"nonsense", b'{"a": NaN}', b"[]", b"null", b"3"])
def test_malformed_json_is_refused(listening: Sandbox, body: bytes) -> None:
    """What is not a JSON object gets the documented message."""
    status, _, answer = _ask(listening, "POST", _named(listening), body)
    assert (status, json.loads(answer)["error"]["message"]) == (400, "error parsing request body")


@pytest.mark.parametrize("how", ["length", "chunks"])
def test_a_body_can_be_too_large(listening: Sandbox, how: str) -> None:
    """A body of more than a megabyte is refused as JSON, whether its length is told or not."""
    body: Any = b" " * (3 * 512 * 1024)
    if how == "chunks":
        body = iter([body])
    status, headers, answer = _ask(listening, "POST", _named(listening), body)
    assert (status, headers["Access-Control-Allow-Origin"]) == (413, "*")
    assert json.loads(answer)["error"]["type"] == "invalid_request_error"


def test_slashes_too_many_are_overlooked(listening: Sandbox) -> None:
    """A base URL that ends with a slash works, as official clients make `//v3` of it."""
    status, _, body = _ask(listening, "POST", f"/{_named(listening)}", json.dumps(wanted()))
    assert (status, json.loads(body)["data"]["status"]) == (200, "booked")


@pytest.mark.parametrize(
    ("fault", "booked"),
    [
        (Fault.drop_before(), 0),
        (Fault.drop_after(), 1),
        (Fault.truncate(), 1),
        (Fault.garbage(), 1),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
def test_mishaps_happen_on_the_wire(listening: Sandbox, fault: Fault, booked: int) -> None:
    """Closed connections, half answers and nonsense reach a client as such; the next call works."""
    listening.faults.add("create", fault)
    auth = PublicConfiguration(listening.public)
    with Client(auth, api_url=listening.url, retry=ONCE) as client:
        with pytest.raises(errors.BookingsError) as caught:
            client.bookings.create(**slot(), guest=JANE)
        assert caught.value.outcome in (errors.Outcome.UNKNOWN, errors.Outcome.DONE)
        assert len(listening.bookings()) == booked
        assert client.bookings.create(**slot(1), guest=JANE).status == "booked"


async def test_it_works_in_async_with() -> None:
    """In `async with` it listens as in `with`."""
    async with Sandbox(now=MONDAY) as sandbox:
        assert urlsplit(sandbox.url).hostname == "127.0.0.1"


def test_a_port_in_use_is_an_error() -> None:
    """The port that was asked for is used, or the error says why not."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            Sandbox(port=port).__enter__()
    with Sandbox(port=port) as sandbox:
        assert urlsplit(sandbox.url).port == port


def test_a_port_must_be_one() -> None:
    """A number that is no port is an error, not silence."""
    with pytest.raises(OverflowError):
        Sandbox(port=70000).__enter__()


@pytest.mark.parametrize(("host", "warns"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_it_says_when_others_can_reach_it(
    host: str, warns: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Listening on more than loopback is told in the log."""
    with Sandbox(host=host):
        assert ("others can reach it" in caplog.text) is warns
