"""`webhook listen`: genuine deliveries are printed, each once, and others are refused."""

from __future__ import annotations

import asyncio
import json
import signal
import urllib.error
import urllib.request
from collections.abc import AsyncIterator

import pytest

from nylas_bookings import webhooks
from nylas_bookings.cli import listening
from nylas_bookings.sandbox import Sandbox

from .commands import CommandLine, environment
from .processes import PLAIN, running

SECRET = "the secret of the subscription"
BODY = json.dumps(
    {
        "specversion": "1.0",
        "type": "booking.created",
        "id": "n-1",
        "time": 1799053200,
        "webhook_delivery_attempt": 1,
        "data": {
            "application_id": "a-1",
            "grant_id": "g-1",
            "object": {
                "booking_id": "b-1",
                "booking_info": {"title": "Talk \x1b[31m", "start_time": 1799053200},
            },
        },
    }
).encode()


def deliver(url: str, body: bytes = BODY, secret: str = SECRET) -> int:
    """Deliver a notification as the API does; says the status of the answer."""
    headers = {webhooks.SIGNATURE_HEADER: webhooks.sign(body, secret=secret)}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """Where a receiver for people listens."""
    printer = listening.Printer(as_json=False)
    async with listening.listening("127.0.0.1", 0, lambda: SECRET, printer) as where:
        yield where


async def test_printed_once(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A delivery that is repeated is answered well again, and printed once, as harmless text."""
    assert await asyncio.to_thread(deliver, f"{url}/any/path") == 200
    assert await asyncio.to_thread(deliver, url) == 200
    printed = capsys.readouterr().out
    assert printed.count("booking.created") == 1
    assert "b-1" in printed
    assert "2027-01-04 09:00" in printed
    assert "\x1b" not in printed


async def test_not_genuine(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A delivery that is not genuine is refused, and not printed."""
    assert await asyncio.to_thread(deliver, url, BODY, "another") in (400, 401, 403)
    assert capsys.readouterr().out == ""


async def test_challenge(url: str) -> None:
    """A challenge is answered."""

    def challenged() -> str:
        with urllib.request.urlopen(f"{url}?challenge=abc") as answer:
            return str(answer.read().decode())

    assert await asyncio.to_thread(challenged) == "abc"


def test_port_in_use(nylas: CommandLine, sandbox: Sandbox) -> None:
    """A port that is taken is said in a line."""
    done = nylas("webhook", "listen", "--port", sandbox.url.rpartition(":")[2])
    assert done.code == 2
    assert "cannot listen on 127.0.0.1" in done.err


def test_whole(nylas: CommandLine, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it listens it is subscribed, what happens is a line of JSON, and then it is not."""
    for name, value in environment(sandbox).items():
        monkeypatch.setitem(PLAIN, name, value)
    with running("webhook", "listen", "--port", "0", "--subscribe", "here", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while "Subscribed" not in process.stderr.readline():
            assert process.poll() is None
        made = nylas(
            "create",
            "--start",
            "2027-01-04T09:00Z",
            "--name",
            "Jane",
            "--email",
            "jane@example.com",
            "--json",
        )
        told = json.loads(process.stdout.readline())
        assert (told["type"], told["booking_id"]) == ("booking.created", made.json["booking_id"])
        process.send_signal(signal.SIGINT)
        rest, complaints = process.communicate(timeout=30)
    assert (process.returncode, rest, complaints) == (0, "", "")
    assert nylas("webhook", "list", "--json").json["items"] == []
