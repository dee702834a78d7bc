"""Somebody who is told of bookings: answers challenges, keeps raw bytes, fails when told to."""

from __future__ import annotations

from collections import deque
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from nylas_bookings import webhooks

from ...wire_server import Answer, Received, WireServer

OK = Answer(body=b"ok")


class Receiver:
    """A webhook on a real socket. `script` says what it does with the next notifications."""

    def __init__(self) -> None:
        self._server = WireServer(default=self._answer)
        self.script: deque[Answer] = deque()
        self.challenge: Answer | None = None

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self._server.url}/hook"

    @property
    def asked(self) -> list[str]:
        """The targets of the challenges that came."""
        return [one.target for one in self._server.received if one.method == "GET"]

    @property
    def posts(self) -> list[Received]:
        """The notifications as they came over the wire."""
        return [one for one in self._server.received if one.method == "POST"]

    def answer(self, *answers: Answer) -> None:
        """Do this with the next notifications; all is well after that."""
        self.script.extend(answers)

    def read(self, secret: str) -> list[Any]:
        """The notifications, verified and read with this package."""
        return [webhooks.receive(one.body, dict(one.headers), secret=secret) for one in self.posts]

    def _answer(self, received: Received) -> Answer:
        if received.method == "POST":
            return self.script.popleft() if self.script else OK
        told = parse_qs(urlsplit(received.target).query).get("challenge", [""])[-1]
        return self.challenge or Answer(body=told.encode())
