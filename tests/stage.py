"""A client on a stage: the API's answers are in a script, and time passes only in waits."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import orjson
from attrs import define, field

from nylas_bookings import AsyncClient, Request, Response, Retry
from nylas_bookings.auth import Auth

from .samples import FROM, JANE, PUBLIC, UNTIL
from .wire_server import BOOKING

YES = Response(200, {}, orjson.dumps({"request_id": "req-1", "data": BOOKING}))


def no(status: int, kind: str = "no", message: str = "no", **headers: str) -> Response:
    """A refusal in the documented shape; headers with `_` for `-`."""
    body = {"request_id": f"req-{status}", "error": {"type": kind, "message": message}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, named, orjson.dumps(body))


@define
class Stage:
    """The other end of a client, with a clock of its own.

    Attributes:
        script: What becomes of each request: an answer, an error, or a function that waits for one
            of them. When it is over, everything succeeds.
        now: What the clock says.
        slept: What was waited for.
        requests: What was sent.
        times: When it was sent.
    """

    script: list[Any] = field(factory=list)
    chance: float = 0.5
    now: float = 1000.0
    slept: list[float] = field(factory=list)
    requests: list[Request] = field(factory=list)
    times: list[float] = field(factory=list)
    _due: list[float] = field(factory=list)

    def client(
        self, auth: Auth | None = PUBLIC, *, retry: Retry = Retry(), **settings: Any
    ) -> AsyncClient:
        """A client that plays on this stage."""
        client = AsyncClient(auth, retry=retry, send=self.send, **settings)
        transport = client._transport
        transport._sleep = self.sleep
        transport._chance = lambda: self.chance
        transport._clock = transport._gate._clock = transport._mint._clock = lambda: self.now
        return client

    async def send(self, request: Request) -> Response:
        """Take a request, and do what the script says."""
        self.requests.append(request)
        self.times.append(self.now)
        what = self.script.pop(0) if self.script else YES
        if callable(what):
            what = await what()
        if isinstance(what, BaseException):
            raise copy.copy(what)
        return what

    async def sleep(self, seconds: float) -> None:
        """Let everybody else get as far as they can, then pass the time to whoever is due first."""
        self.slept.append(seconds)
        until = self.now + seconds
        self._due.append(until)
        try:
            turns = 0
            while turns < 50 or until > min(self._due):
                await asyncio.sleep(0)
                turns += 1
            self.now = max(self.now, until)
        finally:
            self._due.remove(until)

    def bearers(self) -> list[str]:
        """The credentials of everything that was sent."""
        sent = (request.headers["Authorization"] for request in self.requests)
        return [value.removeprefix("Bearer ") for value in sent]


async def create(nylas: AsyncClient, **settings: Any) -> Any:
    """The call that must not happen twice."""
    return await nylas.bookings.create(start_time=FROM, end_time=UNTIL, guest=JANE, **settings)


def session(name: str) -> Response:
    """The API's answer when it has opened a session."""
    return Response(200, {}, orjson.dumps({"request_id": "req-s", "data": {"session_id": name}}))


async def forever() -> Any:
    """An answer that never comes."""
    await asyncio.Event().wait()
