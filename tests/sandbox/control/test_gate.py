"""Pages of other sites cannot use the controls, whatever they try."""

from __future__ import annotations

import socket

import pytest

from nylas_bookings.sandbox import Sandbox

from .asking import JSON, Controls, Wire, whole_state

ELSEWHERE = "https://evil.example"
LOCAL = [
    "127.0.0.1:8080",
    "127.0.0.1",
    "localhost:8080",
    "LOCALHOST",
    "localhost.",
    "sandbox.localhost:80",
    "[::1]:8080",
    "192.168.1.7:8080",
    socket.gethostname(),
]
FOREIGN = [
    "evil.example",
    "evil.example:8080",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "127.0.0.1@evil.example",
    "rebound",
    "[::1",
    "",
]


@pytest.mark.parametrize("host", LOCAL)
async def test_names_of_this_machine_are_answered(controls: Controls, host: str) -> None:
    """Addresses, loopback names and the machine's own name are the sandbox's own."""
    own = {"host": host, "origin": f"http://{host}"}
    assert (await controls("GET", "state", host=host)).status == 200
    assert (await controls("POST", "reset", **own)).status == 200


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_other_names_are_refused(
    controls: Controls, sandbox: Sandbox, method: str, host: str
) -> None:
    """A name that somebody else lets point to this machine is refused, for reading too."""
    before = whole_state(sandbox)
    path = "state" if method == "GET" else "reset"
    answer = await controls(method, path, host=host)
    assert (answer.status, "api_key" in answer.body.decode()) == (403, False)
    assert whole_state(sandbox) == before


@pytest.mark.parametrize(
    "origin",
    [
        ELSEWHERE,
        "null",
        "",
        "http://127.0.0.1:9999",
        "http://localhost:8080",
        "http://127.0.0.1:8080.evil.example",
        "http://127.0.0.1:8080@evil.example",
        "chrome-extension://127.0.0.1:8080",
        "http://[",
    ],
)
async def test_other_origins_are_refused(controls: Controls, sandbox: Sandbox, origin: str) -> None:
    """A browser says where a page comes from: from any other place nothing is read or changed."""
    before = whole_state(sandbox)
    for method, path in (("GET", "state"), ("POST", "reset"), ("GET", ""), ("GET", "changes")):
        answer = await controls(method, path, host="127.0.0.1:8080", origin=origin)
        assert answer.status == 403
    assert whole_state(sandbox) == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/json-seq"]
)
async def test_forms_are_refused(controls: Controls, sandbox: Sandbox, kind: str) -> None:
    """What a form can send without asking first changes nothing, not even without a body."""
    before = whole_state(sandbox)
    for method, path in (("POST", "reset"), ("DELETE", "faults"), ("PATCH", "behaviour")):
        answer = await controls(method, path, **{"content-type": kind})
        assert (answer.status, "application/json" in answer.message) == (415, True)
    assert whole_state(sandbox) == before
    written_otherwise = {"content-type": "Application/JSON; charset=utf-8"}
    assert (await controls("POST", "reset", **written_otherwise)).status == 200


def test_browsers_are_not_let_through(wire: Wire) -> None:
    """Whoever asks first, as browsers do for other sites, gets no leave."""
    asked = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    answer = wire("OPTIONS", "/_sandbox/reset", headers=asked)
    assert answer.status == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_headers_keep_others_out(wire: Wire) -> None:
    """Answers cannot be embedded, sniffed or framed by others, and scripts come from here only."""
    for path in ("/_sandbox/", "/_sandbox/state", "/_sandbox/nothing", "/_sandbox"):
        headers = wire("GET", path).headers
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
    policy = wire("GET", "/_sandbox/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_network_may_come_in_when_it_was_told_to() -> None:
    """Bound to all addresses it answers under names of a local network too, and is reachable."""
    with Sandbox(host="0.0.0.0") as sandbox:
        assert sandbox.url.startswith("http://127.0.0.1:")
        wire = Wire(sandbox)
        for host, status in (("sandbox:8080", 200), ("evil.example", 403), ("10.0.0.7", 200)):
            assert wire("GET", "/_sandbox/state", headers={"Host": host}).status == status
        foreign = {**JSON, "Origin": ELSEWHERE}
        assert wire("POST", "/_sandbox/reset", headers=foreign).status == 403
