"""What a hook and the log are told of each exchange."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from nylas_bookings import AsyncClient, Client, Exchange, MintedSession, Response, _observing
from nylas_bookings.errors import (
    BadRequest,
    BookingsError,
    InvalidRequest,
    NoAnswer,
    NotFound,
    NotSent,
    Outcome,
    UnexpectedAnswer,
)

from .calls import CASES, Case
from .conftest import ONCE
from .samples import PUBLIC
from .stage import YES, Stage, create, no, session
from .wire_server import Answer, WireServer

GET = ("bookings.get", "GET", "/v3/scheduling/bookings/{booking_id}")
STRANGE = Response(200, {"X-Request-Id": "req-x"}, b"<html>")


def told(exchange: Exchange) -> tuple[Any, ...]:
    """How an exchange ended."""
    return exchange.status, exchange.request_id, exchange.outcome, exchange.error


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation.name)
async def test_each_operation(case: Case, server: WireServer) -> None:
    """An exchange names the operation and its path as it is documented, with no id in it."""
    server.answer(Answer(body={"request_id": "req-1", "data": case.data}))
    seen: list[Exchange] = []
    async with AsyncClient(case.auth, api_url=server.url, on_exchange=seen.append) as nylas:
        await case.call(nylas)
    (exchange,) = seen
    row = case.operation
    assert (exchange.operation, exchange.method, exchange.path) == (row.name, row.method, row.path)
    assert told(exchange) == (200, "req-1", Outcome.DONE, None)
    assert exchange.attempt == 1
    assert exchange.elapsed > 0


def test_a_blocking_client_is_observed_too(server: WireServer) -> None:
    """The blocking client has the same hook."""
    seen: list[Exchange] = []
    with Client(PUBLIC, api_url=server.url, on_exchange=seen.append) as nylas:
        nylas.bookings.get("b-1")
    assert [told(exchange) for exchange in seen] == [(200, "req-1", Outcome.DONE, None)]


@pytest.mark.parametrize(
    ("what", "how"),
    [
        (no(400), (400, "req-400", Outcome.REFUSED, "BadRequest")),
        (no(404), (404, "req-404", Outcome.REFUSED, "NotFound")),
        (no(503), (503, "req-503", Outcome.UNKNOWN, "ServerError")),
        (STRANGE, (200, "req-x", Outcome.DONE, "UnexpectedAnswer")),
        (NoAnswer("lost"), (None, None, Outcome.UNKNOWN, "NoAnswer")),
        (NotSent("no connection"), (None, None, Outcome.NOT_SENT, "NotSent")),
        (ZeroDivisionError(), (None, None, Outcome.UNKNOWN, "ZeroDivisionError")),
    ],
    ids=lambda value: getattr(value, "status", None) or type(value).__name__,
)
async def test_failures(what: Any, how: tuple[Any, ...]) -> None:
    """An exchange that failed is told with its status, its request id, and its kind."""
    seen: list[Exchange] = []
    nylas = Stage([what]).client(retry=ONCE, on_exchange=seen.append)
    with pytest.raises((BookingsError, ZeroDivisionError)):
        await create(nylas)
    assert [told(exchange) for exchange in seen] == [how]


async def test_a_cancelled_exchange() -> None:
    """An exchange that was cancelled is told too: nobody knows what came of it."""
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    seen: list[Exchange] = []
    task = asyncio.ensure_future(create(Stage([hang]).client(on_exchange=seen.append)))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [told(exchange) for exchange in seen] == [
        (None, None, Outcome.UNKNOWN, "CancelledError")
    ]


async def test_each_attempt_is_told() -> None:
    """Every exchange of a call is told, with its number and its own outcome."""
    seen: list[Exchange] = []
    stage = Stage([NoAnswer("lost"), no(429), no(404)])
    receipt = await stage.client(on_exchange=seen.append).bookings.cancel("b-1")
    assert receipt.already_gone
    assert [(one.attempt, one.outcome, one.error) for one in seen] == [
        (1, Outcome.UNKNOWN, "NoAnswer"),
        (2, Outcome.REFUSED, "RateLimited"),
        (3, Outcome.REFUSED, "NotFound"),
    ]


async def test_a_session_is_told() -> None:
    """The exchange that opens a session for a call is one of its own."""
    seen: list[Exchange] = []
    stage = Stage([session("s-1"), no(401), session("s-2"), YES])
    await create(stage.client(MintedSession("nyk", "cfg-1"), on_exchange=seen.append))
    assert [(one.operation, one.attempt, one.error) for one in seen] == [
        ("sessions.create", 1, None),
        ("bookings.create", 1, "Unauthorized"),
        ("sessions.create", 1, None),
        ("bookings.create", 2, None),
    ]


async def test_what_was_not_sent_is_not_told() -> None:
    """A call that was refused here is no exchange."""
    seen: list[Exchange] = []
    stage = Stage([no(429, Retry_After="1000")])
    nylas = stage.client(on_exchange=seen.append)
    with pytest.raises(InvalidRequest):
        await nylas.bookings.get("")
    for _ in range(2):
        with pytest.raises(BookingsError):
            await create(nylas)
    assert [exchange.error for exchange in seen] == ["RateLimited"]


@pytest.mark.parametrize(
    ("answer", "kind"), [(YES, None), (no(404), NotFound), (STRANGE, UnexpectedAnswer)]
)
async def test_a_hook_that_fails(
    answer: Response, kind: type[BookingsError] | None, caplog: pytest.LogCaptureFixture
) -> None:
    """A hook that raises takes neither the result nor the error away, and is in the log."""

    def broken(_: Exchange) -> None:
        raise ZeroDivisionError("the hook is broken")

    nylas = Stage([answer]).client(retry=ONCE, on_exchange=broken)
    if kind is None:
        assert (await nylas.bookings.get("b-1")).booking_id == "b-1"
    else:
        with pytest.raises(kind):
            await nylas.bookings.get("b-1")
    (record,) = [r for r in caplog.records if r.name == "nylas_bookings"]
    assert (record.levelname, record.getMessage()) == ("ERROR", "on_exchange failed")
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


async def test_a_hook_is_no_coroutine() -> None:
    """A coroutine function, which nobody would await, is refused when the client is made."""

    async def hook(_: Exchange) -> None:
        raise AssertionError

    with pytest.raises(InvalidRequest, match="called, not awaited"):
        AsyncClient(PUBLIC, on_exchange=hook)


async def test_one_line_for_each_exchange(caplog: pytest.LogCaptureFixture) -> None:
    """The logger `nylas_bookings` gets one line for each exchange, at the level DEBUG."""
    caplog.set_level(logging.DEBUG, "nylas_bookings")
    stage = Stage([no(503), YES])
    await stage.client().bookings.get("b-1")
    lines = [r.getMessage() for r in caplog.records if r.name == "nylas_bookings"]
    assert [line.rpartition(" in ")[0] for line in lines] == [
        " ".join(GET) + " -> ServerError",
        " ".join(GET) + " -> 200",
    ]
    assert lines[0].endswith(" s, attempt 1, request id req-503")
    assert lines[1].endswith(" s, attempt 2, request id req-1")


async def test_nothing_for_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """When there is no hook and nobody reads the log, no exchange is put together."""
    made: list[Exchange] = []

    def make(**facts: Any) -> Exchange:
        made.append(Exchange(**facts))
        return made[-1]

    monkeypatch.setattr(_observing, "Exchange", make)
    caplog.set_level(logging.INFO, "nylas_bookings")
    await Stage().client().bookings.get("b-1")
    with pytest.raises(BadRequest):
        await Stage([no(400)]).client().bookings.get("b-1")
    assert made == []
    seen: list[Exchange] = []
    await Stage().client(on_exchange=seen.append).bookings.get("b-1")
    assert made == seen
    assert len(seen) == 1
