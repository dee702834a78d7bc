"""The scopes that calls need: told with a 403, and only where a calendar is concerned."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from nylas_bookings import ApiKey, AsyncClient, Request, Response, errors
from nylas_bookings._scopes import SCOPES
from nylas_bookings.operations import OPERATIONS, Operation

BODY = b'{"request_id": "req-1", "error": {"type": "insufficient_scopes", "message": "no"}}'


async def forbid(request: Request) -> Response:
    """An API that forbids everything."""
    return Response(403, {}, BODY)


async def test_forbidden_names_the_scopes() -> None:
    """A 403 says which scopes the call needs, of Google and of Microsoft, and survives pickling."""
    async with AsyncClient(ApiKey("nyk_v0_key", "cfg-1"), send=forbid) as nylas:
        with pytest.raises(errors.Forbidden) as caught:
            await nylas.bookings.cancel("b-1")
    text = (
        "bookings.cancel: 403 insufficient_scopes: no (request id req-1). Nothing was changed. "
        "It needs a grant with the scope calendar.events (Google) or "
        "Calendars.ReadWrite (Microsoft)."
    )
    assert str(caught.value) == text
    assert str(pickle.loads(pickle.dumps(caught.value))) == text


async def test_forbidden_without_a_calendar() -> None:
    """A call that needs no scope, or an error that no call made, does not speak of any."""
    async with AsyncClient(ApiKey("nyk_v0_key"), send=forbid) as nylas:
        with pytest.raises(errors.Forbidden) as caught:
            await nylas.webhooks.list()
    assert str(caught.value).endswith("Nothing was changed.")
    assert "scope" not in str(errors.Forbidden("no", status=403))


def test_the_table_names_operations() -> None:
    """Every row is about an operation that exists."""
    assert {operation.name for operation in OPERATIONS} >= SCOPES.keys()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda row: row.name)
def test_who_needs_a_scope(operation: Operation[Any]) -> None:
    """What changes a booking writes to the calendar; sessions and webhooks do not look at it."""
    needed = SCOPES.get(operation.name)
    if operation.resource in ("sessions", "webhooks"):
        assert needed is None
    elif operation.resource == "bookings" and not operation.reads:
        assert needed is not None
        assert needed.google == "calendar.events"
    elif operation.resource == "configurations" and operation.method in ("POST", "PUT"):
        assert needed is not None
        assert needed.microsoft == "Calendars.Read"
