"""What the tests of the sandbox ask: times, raw requests, a look at the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from attrs import frozen

from nylas_bookings import Guest, Retry
from nylas_bookings._wire.messages import Request
from nylas_bookings.sandbox import Sandbox
from nylas_bookings.sandbox.store import _TABLES

ONCE = Retry(attempts=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NINE = int(MONDAY.timestamp()) + 9 * 3600
HALF_AN_HOUR = 1800
JANE = Guest(name="Jane", email="jane@example.com")
BOOKINGS = "/v3/scheduling/bookings"


def slot(number: int = 0) -> dict[str, int]:
    """The times of a slot of Monday morning, counted from nine o'clock."""
    start = NINE + number * HALF_AN_HOUR
    return {"start_time": start, "end_time": start + HALF_AN_HOUR}


def wanted(number: int = 0, **more: Any) -> dict[str, Any]:
    """A booking as the wire has it."""
    return {**slot(number), "guest": {"name": "Jane", "email": "jane@example.com"}, **more}


@frozen
class Answer:
    """An answer of the sandbox."""

    status: int
    headers: Mapping[str, str]
    told: Any

    @property
    def message(self) -> str:
        """What the error says."""
        return str(self.told["error"]["message"])


@frozen
class Raw:
    """Requests in this process, without a client."""

    sandbox: Sandbox

    async def __call__(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any
    ) -> Answer:
        """Ask; a body of bytes goes as it is, `key` into the header, the rest into the query."""
        url = f"http://sandbox{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        sent = body if body is None or isinstance(body, bytes) else orjson.dumps(body)
        response = await self.sandbox.send(Request(method, url, headers, sent))
        return Answer(response.status, response.headers, orjson.loads(response.body or b"null"))

    async def book(self, number: int = 0, **more: Any) -> Answer:
        """Book a slot of the public configuration."""
        public = self.sandbox.public
        return await self("POST", BOOKINGS, wanted(number, **more), configuration_id=public)


def dump(sandbox: Sandbox) -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds."""
    store = sandbox._world.store
    return {
        table: [tuple(row) for row in store.rows(f"SELECT * FROM {table}")] for table in _TABLES
    }
