"""Bodies of answers: compressed, slow, cut off, huge, and larger than they look."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from typing import Any

import orjson
import pytest
from attrs import evolve

from nylas_bookings import AsyncClient, Retry, Timeout
from nylas_bookings.errors import Outcome, ServerError, UnexpectedAnswer

from .samples import END, JANE, PUBLIC, START
from .wire_server import BOOKING, Answer, WireServer

MEBI = 1024 * 1024
LIMIT = 100_000
GOOD = orjson.dumps({"request_id": "req-1", "data": BOOKING})
ZEROS = gzip.compress(bytes(64 * MEBI))

CUT = {
    "slow": (Answer(stall=600.0), "did not end within 0.2 s"),
    "truncated": (Answer(cut=20), "stopped in the middle"),
    "empty": (Answer(cut=0), "stopped in the middle"),
    "huge": (Answer(body=bytes(4 * MEBI)), "is larger than 100000 bytes"),
    "a bomb": (
        Answer(body=ZEROS, headers={"Content-Encoding": "gzip"}),
        "is larger than 100000 bytes",
    ),
    "bad gzip": (Answer(headers={"Content-Encoding": "gzip"}), "stopped in the middle"),
}
each_cut = pytest.mark.parametrize(("answer", "why"), CUT.values(), ids=CUT)


async def book(server: WireServer, **settings: Any) -> Any:
    """Book, with a client that takes no more than `LIMIT` bytes."""
    async with AsyncClient(
        PUBLIC,
        api_url=server.url,
        retry=Retry(attempts=1),
        timeout=Timeout(total=0.2),
        answer_limit=LIMIT,
        **settings,
    ) as nylas:
        return await nylas.bookings.create(start_time=START, end_time=END, guest=JANE)


@each_cut
async def test_half_a_success(answer: Answer, why: str, server: WireServer) -> None:
    """A success that did not come whole has taken effect, and says why it cannot be read."""
    server.answer(answer)
    with pytest.raises(UnexpectedAnswer) as caught:
        await book(server)
    assert caught.value.message == f"the answer {why}"
    assert caught.value.outcome is Outcome.DONE
    assert caught.value.incomplete


@each_cut
async def test_half_a_failure(answer: Answer, why: str, server: WireServer) -> None:
    """A failure is known by its status, however little of it came."""
    server.answer(evolve(answer, status=500))
    with pytest.raises(ServerError) as caught:
        await book(server)
    assert caught.value.status == 500
    assert caught.value.outcome is Outcome.UNKNOWN


async def test_memory(server: WireServer) -> None:
    """A small answer that would be huge when decompressed is not decompressed as a whole."""
    server.answer(CUT["a bomb"][0])
    tracemalloc.start()
    try:
        with pytest.raises(UnexpectedAnswer) as caught:
            await book(server)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(caught.value.body) < 10 * LIMIT
    assert peak < 8 * MEBI


@pytest.mark.parametrize(("limit", "fits"), [(len(GOOD), True), (len(GOOD) - 1, False)])
async def test_the_limit(limit: int, fits: bool, server: WireServer) -> None:
    """`answer_limit` is the largest size that is still read."""
    server.answer(Answer(body=GOOD))
    async with AsyncClient(PUBLIC, api_url=server.url, answer_limit=limit) as nylas:
        if fits:
            await nylas.bookings.get("b-1")
        else:
            with pytest.raises(UnexpectedAnswer):
                await nylas.bookings.get("b-1")


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)]
)
async def test_compressed(
    encoding: str, compress: Any, server: WireServer, nylas: AsyncClient
) -> None:
    """Compressed answers are asked for, and read."""
    server.answer(Answer(body=compress(GOOD), headers={"Content-Encoding": encoding}))
    assert (await nylas.bookings.get("b-1")).booking_id == "b-1"
    assert encoding in (server.last().header("Accept-Encoding") or "")


@each_cut
async def test_the_next_call(answer: Answer, why: str, server: WireServer) -> None:
    """A connection whose answer was not read to its end is not used for the next call."""
    server.answer(answer)
    async with AsyncClient(
        PUBLIC, api_url=server.url, retry=Retry(attempts=1), answer_limit=LIMIT
    ) as nylas:
        with pytest.raises(UnexpectedAnswer):
            await nylas.bookings.get("b-1", timeout=Timeout(total=0.2))
        await nylas.bookings.get("b-1")
    assert server.connections == 2
