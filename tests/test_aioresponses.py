"""The client under aioresponses, with which many people test what is built on aiohttp."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from aioresponses import aioresponses
from yarl import URL

from nylas_bookings import US, AsyncClient, Client, Retry
from nylas_bookings.errors import (
    BookingsError,
    NoAnswer,
    Outcome,
    RateLimited,
    ServerError,
    UnexpectedAnswer,
)

from .samples import A_BOOKING, END, JANE, PUBLIC, START
from .wire_server import BOOKING

BOOKINGS = f"{US}/v3/scheduling/bookings?configuration_id=cfg-1"
ONE = f"{US}/v3/scheduling/bookings/b-1?configuration_id=cfg-1"
GOOD = {"request_id": "req-1", "data": BOOKING}
QUICKLY = Retry(attempts=3, first_wait=0.001)


@pytest.fixture
def api() -> Iterator[aioresponses]:
    """The API, in the hands of the test."""
    with aioresponses() as mocked:
        yield mocked


def book(nylas: Any) -> Any:
    """Book for Jane, with either client."""
    return nylas.bookings.create(start_time=START, end_time=END, guest=JANE)


async def failing(retry: Retry = QUICKLY) -> BookingsError:
    """The error that a booking ends in."""
    async with AsyncClient(PUBLIC, retry=retry) as nylas:
        with pytest.raises(BookingsError) as caught:
            await book(nylas)
    return caught.value


async def test_a_booking(api: aioresponses) -> None:
    """A mocked answer is read, and the request can be looked at."""
    api.post(BOOKINGS, payload=GOOD)
    async with AsyncClient(PUBLIC) as nylas:
        assert await book(nylas) == A_BOOKING
    (request,) = api.requests["POST", URL(BOOKINGS)]
    assert request.kwargs["allow_redirects"] is False


def test_a_blocking_booking(api: aioresponses) -> None:
    """The same through the blocking client, whose calls run in another thread."""
    api.post(BOOKINGS, payload=GOOD)
    with Client(PUBLIC) as nylas:
        assert book(nylas) == A_BOOKING


async def test_a_refusal(api: aioresponses) -> None:
    """Status, body and headers of a mocked failure make the error."""
    body = {"request_id": "req-9", "error": {"type": "rate_limit_error", "message": "slower"}}
    api.post(BOOKINGS, status=429, payload=body, headers={"Retry-After": "7"})
    error = await failing(Retry(attempts=1))
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.request_id, error.type) == (7.0, "req-9", "rate_limit_error")


async def test_a_repeated_call(api: aioresponses) -> None:
    """A sequence of mocked answers is what the attempts of a call get."""
    api.get(ONE, status=503)
    api.get(ONE, exception=aiohttp.ServerDisconnectedError())
    api.get(ONE, payload=GOOD)
    async with AsyncClient(PUBLIC, retry=QUICKLY) as nylas:
        assert await nylas.bookings.get("b-1") == A_BOOKING


@pytest.mark.parametrize(
    "lost",
    [
        {"exception": aiohttp.ServerDisconnectedError()},
        {"exception": aiohttp.ClientConnectionError("gone")},
        {"exception": aiohttp.ClientOSError(104, "reset")},
        {"exception": ConnectionResetError(104, "reset")},
        {"timeout": True},
    ],
    ids=["disconnected", "connection", "os", "reset", "timeout"],
)
async def test_no_answer(lost: dict[str, Any], api: aioresponses) -> None:
    """A booking that gets no answer may have been made, and is not sent again."""
    api.post(BOOKINGS, **lost)
    api.post(BOOKINGS, payload=GOOD)
    error = await failing()
    assert isinstance(error, NoAnswer)
    assert error.outcome is Outcome.UNKNOWN
    assert error.attempts == 1


async def test_a_server_error(api: aioresponses) -> None:
    """A booking at which the API failed is not sent again either."""
    api.post(BOOKINGS, status=500, body="<html>oops</html>")
    api.post(BOOKINGS, payload=GOOD)
    assert isinstance(await failing(), ServerError)


@pytest.mark.parametrize("size", [66_000, 140_000, 1_000_000])
async def test_large_bodies(size: int, api: aioresponses) -> None:
    """The shim lets large bodies through."""
    api.post(BOOKINGS, payload={"request_id": "req-1", "data": {**BOOKING, "title": "x" * size}})
    async with AsyncClient(PUBLIC) as nylas:
        assert len((await book(nylas)).title) == size


async def test_larger_than_the_limit(api: aioresponses) -> None:
    """The limit of an answer's size holds here too."""
    api.post(BOOKINGS, body=bytes(300_000))
    async with AsyncClient(PUBLIC, answer_limit=200_000) as nylas:
        with pytest.raises(UnexpectedAnswer, match="larger than 200000 bytes"):
            await book(nylas)


async def test_what_is_not_mocked(api: aioresponses) -> None:
    """A request that the test did not expect has no answer, and does not leave the machine."""
    assert isinstance(await failing(), NoAnswer)
