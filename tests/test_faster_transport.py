"""The example of another transport keeps the promises: outcomes, limits, one request."""

from __future__ import annotations

import asyncio
import gzip
import runpy
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import trustme

from nylas_bookings import ApiKey, AsyncClient, Client, Timeout
from nylas_bookings.errors import (
    NoAnswer,
    NotSent,
    Outcome,
    SlotUnavailable,
    UnexpectedAnswer,
)

from .conftest import ONCE
from .samples import END, JANE, KEY, PUBLIC, START
from .waiting import soon
from .wire_server import BOOKING, Answer, WireServer, error

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "faster_transport.py"
PyreqwestTransport: Any = runpy.run_path(str(EXAMPLE))["PyreqwestTransport"]
WHEN: dict[str, Any] = {"start_time": START, "end_time": END, "guest": JANE}


@pytest.fixture
async def nylas(server: WireServer) -> AsyncIterator[AsyncClient]:
    """A client on that transport, that reads 100,000 bytes at most and never repeats a call."""
    async with (
        PyreqwestTransport(answer_limit=100_000) as send,
        AsyncClient(PUBLIC, api_url=server.url, send=send, retry=ONCE) as client,
    ):
        yield client


async def test_the_same_goes_over_the_wire(nylas: AsyncClient, server: WireServer) -> None:
    """Method, path, query, headers and body are the client's own."""
    booking = await nylas.bookings.create(**WHEN)
    assert booking.booking_id == "b-1"
    sent = server.last()
    async with AsyncClient(PUBLIC, api_url=server.url) as usual:
        await usual.bookings.create(**WHEN)
    expected = server.last()
    assert (sent.method, sent.target, sent.body) == ("POST", expected.target, expected.body)
    for name in ("Accept", "User-Agent", "Content-Type", "Authorization", "Cookie"):
        assert sent.header(name) == expected.header(name)


async def test_connections_are_kept(nylas: AsyncClient, server: WireServer) -> None:
    """One call after the other needs one connection."""
    for _ in range(3):
        await nylas.bookings.get("b-1")
    assert server.connections == 1


async def test_refusals_are_read(nylas: AsyncClient, server: WireServer) -> None:
    """An answer of any status comes back with its headers, and becomes the usual error."""
    message = "The selected timeslot is unavailable"
    server.answer(error(400, "invalid_request_error", message, X_Extra="told"))
    with pytest.raises(SlotUnavailable) as caught:
        await nylas.bookings.create(**WHEN)
    assert caught.value.headers["x-extra"] == "told"


async def test_nobody_is_there() -> None:
    """Without a connection nothing was sent, and the error says so."""
    async with (
        PyreqwestTransport() as send,
        AsyncClient(PUBLIC, api_url="http://127.0.0.1:1", send=send, retry=ONCE) as nylas,
    ):
        with pytest.raises(NotSent, match=r"no connection to 127\.0\.0\.1:1"):
            await nylas.bookings.create(**WHEN)


@pytest.mark.parametrize("call", ["create", "confirm", "get"])
async def test_a_lost_answer(call: str, nylas: AsyncClient, server: WireServer) -> None:
    """A connection that drops on a request is unknown, and nothing is sent a second time."""
    await nylas.bookings.get("b-1")
    server.answer(Answer(drop=True))
    calls: dict[str, Any] = {
        "create": lambda: nylas.bookings.create(**WHEN),
        "confirm": lambda: nylas.bookings.confirm("b-1", salt="s"),
        "get": lambda: nylas.bookings.get("b-1"),
    }
    with pytest.raises(NoAnswer):
        await calls[call]()
    assert len(server.received) == 2


@pytest.mark.parametrize("size", [100, 1_000_000])
async def test_half_an_answer(size: int, nylas: AsyncClient, server: WireServer) -> None:
    """An answer that stops in the middle never counts as one that says no."""
    server.answer(Answer(body=bytes(size), cut=size - 20))
    with pytest.raises((UnexpectedAnswer, NoAnswer)) as caught:
        await nylas.bookings.create(**WHEN)
    assert caught.value.outcome in (Outcome.DONE, Outcome.UNKNOWN)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=bytes(4_000_000)),
        Answer(body=gzip.compress(bytes(64_000_000)), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["huge", "a bomb"],
)
async def test_large_answers(answer: Answer, nylas: AsyncClient, server: WireServer) -> None:
    """No more of an answer is read than the limit, decompressed."""
    server.answer(answer)
    with pytest.raises(UnexpectedAnswer, match="is larger than 100000 bytes") as caught:
        await nylas.bookings.create(**WHEN)
    assert len(caught.value.body) < 200_000


async def test_compressed_answers(nylas: AsyncClient, server: WireServer) -> None:
    """An answer that is compressed is read as if it were not."""
    body = gzip.compress(orjson.dumps({"request_id": "req-1", "data": BOOKING}))
    server.answer(Answer(body=body, headers={"Content-Encoding": "gzip"}))
    assert (await nylas.bookings.get("b-1")).booking_id == "b-1"


async def test_the_deadline_covers_the_body(nylas: AsyncClient, server: WireServer) -> None:
    """A body that does not come ends the call in time, and the client works on."""
    server.answer(Answer(stall=600.0))
    with pytest.raises(NoAnswer, match=r"within 0\.2 s"):
        await nylas.bookings.create(**WHEN, timeout=Timeout(total=0.2))
    assert (await nylas.bookings.get("b-1")).booking_id == "b-1"


async def test_cancelling(nylas: AsyncClient, server: WireServer) -> None:
    """A call that is cancelled ends at once, and gives its connection up."""
    server.answer(Answer(delay=600.0))
    task = asyncio.create_task(nylas.bookings.get("b-1"))
    await soon(lambda: bool(server.received))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await nylas.bookings.get("b-1")).booking_id == "b-1"


async def test_redirects_are_not_followed(server: WireServer) -> None:
    """A redirect is an answer: the credential goes nowhere else."""
    server.answer(Answer(status=302, headers={"Location": f"{server.url}/elsewhere"}))
    async with (
        PyreqwestTransport() as send,
        AsyncClient(KEY, api_url=server.url, send=send, retry=ONCE) as nylas,
    ):
        with pytest.raises(UnexpectedAnswer):
            await nylas.bookings.get("b-1")
    assert [request.target.partition("?")[0] for request in server.received] == [
        "/v3/scheduling/bookings/b-1"
    ]


async def test_calls_wait_for_a_connection() -> None:
    """There are never more calls on their way than connections; the others wait for one."""
    with WireServer(default=lambda _: Answer(delay=600.0)) as silent:
        async with (
            PyreqwestTransport(connections=2) as send,
            AsyncClient(PUBLIC, api_url=silent.url, send=send) as nylas,
        ):
            calls = [asyncio.create_task(nylas.bookings.get("b-1")) for _ in range(5)]
            await soon(lambda: len(silent.received) == 2)
            await asyncio.wait(calls, timeout=0.2)
            assert len(silent.received) == 2
            for call in calls:
                call.cancel()
            await asyncio.wait(calls)


async def test_tls() -> None:
    """The authority says whom to trust; without it the server gets nothing."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with WireServer(tls=context) as secure:
        async with (
            PyreqwestTransport() as distrusting,
            PyreqwestTransport(authority=authority.cert_pem.bytes()) as trusting,
        ):
            nylas = AsyncClient(PUBLIC, api_url=secure.url, send=distrusting, retry=ONCE)
            with pytest.raises(NotSent):
                await nylas.bookings.get("b-1")
            assert secure.received == []
            nylas = AsyncClient(PUBLIC, api_url=secure.url, send=trusting, retry=ONCE)
            assert (await nylas.bookings.get("b-1")).booking_id == "b-1"


def test_the_blocking_client(server: WireServer) -> None:
    """The blocking client takes it as well."""
    send = PyreqwestTransport()
    with Client(PUBLIC, api_url=server.url, send=send) as nylas:
        assert nylas.bookings.create(**WHEN).booking_id == "b-1"


async def test_errors_hide_the_credential(server: WireServer) -> None:
    """What pyreqwest says of a failure stays behind: it may name the URL."""
    secret = ApiKey("nyk_v0_key", "cfg-secret")
    server.answer(Answer(drop=True))
    async with (
        PyreqwestTransport() as send,
        AsyncClient(secret, api_url=server.url, send=send, retry=ONCE) as nylas,
    ):
        with pytest.raises(NoAnswer) as caught:
            await nylas.bookings.get("b-1")
    assert "secret" not in str(caught.value)
    assert "nyk_v0_key" not in str(caught.value)
    assert caught.value.__cause__ is None
