"""How the tests ask the controls: in this process, or over a socket."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from attrs import frozen

from nylas_bookings._wire.messages import Request
from nylas_bookings.sandbox import Sandbox

from ..calls import BOOKINGS, dump, wanted

JSON = {"content-type": "application/json"}


@frozen
class Answer:
    """An answer of the controls."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """The JSON in it."""
        return orjson.loads(self.body)

    @property
    def message(self) -> str:
        """What the error says."""
        return str(self.told["error"]["message"])


@frozen
class Controls:
    """Requests in this process."""

    sandbox: Sandbox

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask; a body of bytes goes as it is."""
        sent = body if body is None or isinstance(body, bytes) else orjson.dumps(body)
        url = f"http://sandbox/_sandbox/{path}"
        response = await self.sandbox.send(Request(method, url, {**JSON, **headers}, sent))
        return Answer(response.status, response.headers, response.body)


@frozen
class Wire:
    """Requests over the socket, with the headers that a test wants and no others."""

    sandbox: Sandbox

    def __call__(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = JSON
    ) -> Answer:
        """Ask."""
        at = urlsplit(self.sandbox.url)
        connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=30)
        try:
            connection.request(method, path, None if body is None else orjson.dumps(body), headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()

    def book(self, number: int = 0, configuration: str = "", **more: Any) -> Any:
        """Book a slot of Monday morning, of the public configuration if none is named."""
        path = f"{BOOKINGS}?configuration_id={configuration or self.sandbox.public}"
        answer = self("POST", path, wanted(number, **more))
        assert answer.status == 200, answer.told
        return answer.told["data"]


def whole_state(sandbox: Sandbox) -> tuple[Any, ...]:
    """All that a call could change."""
    return (dump(sandbox), sandbox.clock.setting, sandbox.behaviour, sandbox.faults.waiting())
