"""Facts of the wire that are easy to get wrong, one by one."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

from nylas_bookings import AsyncClient, Client, models
from nylas_bookings.errors import InvalidRequest, Outcome, UnexpectedAnswer
from nylas_bookings.operations import OPERATIONS, Operation

from .calls import CASES, Case
from .conftest import ONCE
from .samples import (
    A_CONFIGURATION,
    CONFIGURATION,
    FROM,
    JANE,
    KEY,
    UNTIL,
)
from .wire_server import BOOKING, Answer, WireServer, data

NOTHING = Answer(body={"request_id": "req-1"})
WITH_IDS = [row for row in OPERATIONS if "{" in row.path]
DELETES = [case for case in CASES if case.operation.method == "DELETE"]
AWKWARD = [
    "a/b",
    "../x",
    "é%2F",
    "a b",
    "a?b=c#d",
    "%2e%2e",
    "+&=;:@",
    "{grant_id}",
    "\x00\r\n",
    "📅",
]


@pytest.mark.parametrize("case", DELETES, ids=lambda case: case.operation.name)
@pytest.mark.parametrize("answer", [NOTHING, Answer(status=204), Answer(body=b"")])
async def test_a_delete_has_a_body(case: Case, answer: Answer, server: WireServer) -> None:
    """A DELETE says that its body is JSON, always has one, and may be answered with nothing."""
    server.answer(answer)
    async with AsyncClient(KEY, api_url=server.url, retry=ONCE) as nylas:
        result = await case.call(nylas)
    assert isinstance(result, models.Receipt)
    assert server.last().header("Content-Type") == "application/json"
    assert isinstance(server.last().json(), dict)


@pytest.mark.parametrize("awkward", AWKWARD)
@pytest.mark.parametrize("operation", WITH_IDS, ids=lambda row: row.name)
def test_an_id_is_one_segment(operation: Operation[Any], awkward: str) -> None:
    """An id keeps its place in the path, whatever characters it has."""
    ids = [awkward] * operation.path.count("{")
    segments = operation.path_to(*ids).split("/")
    template = operation.path.split("/")
    assert len(segments) == len(template)
    found = [unquote(s) for s, t in zip(segments, template, strict=True) if t.startswith("{")]
    assert found == ids


@pytest.mark.parametrize("awkward", AWKWARD)
async def test_an_id_survives_the_wire(
    awkward: str, server: WireServer, nylas: AsyncClient
) -> None:
    """No layer below decodes, normalizes or encodes an id once more."""
    await nylas.bookings.get(awkward)
    path = server.last().target.partition("?")[0]
    assert path.isascii()
    assert path.count("/") == 4
    assert unquote(path.rpartition("/")[2]) == awkward


@pytest.mark.parametrize("bad", ["", ".", "..", None, 7, b"b-1", "\ud800"])
async def test_what_is_no_id(bad: Any, server: WireServer, nylas: AsyncClient) -> None:
    """An id that is empty, no text, or would change the path is refused before anything is sent."""
    with pytest.raises(InvalidRequest, match="booking_id") as caught:
        await nylas.bookings.get(bad)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert caught.value.operation == "bookings.get"
    assert server.received == []


async def test_a_query_that_cannot_be_sent(server: WireServer, nylas: AsyncClient) -> None:
    """A text that no URL can carry is refused by its name."""
    with pytest.raises(InvalidRequest, match="page_token has half of a surrogate pair"):
        await nylas.configurations.list("g-1", page_token="\ud800", auth=KEY)
    assert server.received == []


async def test_only_what_was_given_is_sent(server: WireServer, nylas: AsyncClient) -> None:
    """A booking with nothing but the necessary has no empty fields, and no query of its own."""
    await nylas.bookings.create(start_time=FROM, end_time=UNTIL, guest=JANE)
    assert server.last().body == (
        b'{"start_time":1900000000,"end_time":1900001800,'
        b'"guest":{"name":"Jane Doe","email":"jane@example.com"}}'
    )
    assert server.last().target == "/v3/scheduling/bookings?configuration_id=cfg-1"


async def test_a_group_is_rescheduled(server: WireServer, nylas: AsyncClient) -> None:
    """The new slot of a group says its calendar, its event, and its series by both of its names."""
    await nylas.bookings.reschedule(
        "b-1",
        start_time=FROM,
        end_time=UNTIL,
        calendar_id="cal-1",
        event_id="e-1",
        master_event_id="m-1",
    )
    assert server.last().body == (
        b'{"start_time":1900000000,"end_time":1900001800,"calendar_id":"cal-1",'
        b'"event_id":"e-1","master_event_id":"m-1","master_id":"m-1"}'
    )


@pytest.mark.parametrize(
    ("answer", "booking_id", "title"),
    [
        (NOTHING, "b-1", None),
        (Answer(status=204), "b-1", None),
        (data(None), "b-1", None),
        (data({"booking_id": "b-2"}), "b-2", None),
        (data({**BOOKING, "booking_id": "b-2"}), "b-2", "Intro call"),
    ],
    ids=["request id only", "empty", "null", "new id only", "whole booking"],
)
async def test_the_receipt_of_a_reschedule(
    answer: Answer, booking_id: str, title: str | None, server: WireServer, nylas: AsyncClient
) -> None:
    """The receipt holds the id to use from now on, and the booking when the API sent it."""
    server.answer(answer)
    receipt = await nylas.bookings.reschedule("b-1", start_time=FROM, end_time=UNTIL)
    assert receipt.booking_id == booking_id
    assert (receipt.booking and receipt.booking.title) == title
    assert not receipt.already_gone


async def test_all_pages(server: WireServer) -> None:
    """All configurations are read page by page, with the largest pages there are."""
    page = {"request_id": "req-1", "data": [CONFIGURATION]}
    server.answer(
        Answer(body={**page, "next_cursor": "p/2"}),
        Answer(body={**page, "data": [], "next_cursor": "p3"}),
        Answer(body={**page, "next_cursor": ""}),
    )
    async with AsyncClient(KEY, api_url=server.url, retry=ONCE) as nylas:
        found = await nylas.configurations.list_all("g-1")
    assert [item.id for item in found] == [A_CONFIGURATION.id] * 2
    queries = [received.target.partition("?")[2] for received in server.received]
    assert queries == ["limit=200", "limit=200&page_token=p%2F2", "limit=200&page_token=p3"]


def test_pages_without_end(server: WireServer) -> None:
    """A cursor that has been there before is refused, and not followed for ever."""
    page = {"request_id": "req-1", "data": [CONFIGURATION]}
    for cursor in ("p2", "p3", "p2"):
        server.answer(Answer(body={**page, "next_cursor": cursor}))
    with (
        Client(KEY, api_url=server.url, retry=ONCE) as nylas,
        pytest.raises(UnexpectedAnswer, match=r"request id req-1\)\. The call only reads"),
    ):
        nylas.configurations.list_all("g-1")
    assert len(server.received) == 3


@pytest.mark.parametrize("limit", [0, 201, True, "10"])
async def test_page_sizes(limit: Any, server: WireServer, nylas: AsyncClient) -> None:
    """A page has from 1 to 200 items."""
    with pytest.raises(InvalidRequest, match="limit is a number from 1 to 200"):
        await nylas.configurations.list("g-1", limit=limit, auth=KEY)
    assert server.received == []
