"""Responses without an end: each is bounded in memory, and ends with the timeout at the latest."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiohttp.helpers import NO_EXTENSIONS

from nylas_bookings import Timeout
from nylas_bookings.errors import BookingsError, NoAnswer, Outcome, UnexpectedAnswer

from . import inside
from .clients import PATHS, client_on, create, is_own, outcome_of
from .raw_server import RawConnection, RawServer, turns
from .response_bytes import CONTINUE, GZIP, head, success, whole
from .shapes import LIMIT

MEBI = 1024 * 1024
PATIENCE = 5.0
CHUNKED = "Transfer-Encoding: chunked"

each_path = pytest.mark.parametrize("path", PATHS)


def endless(start: bytes, part: bytes) -> Callable[[], Iterator[bytes]]:
    """A response that begins, and then repeats itself for ever."""

    def parts() -> Iterator[bytes]:
        yield start
        while True:
            yield part

    return parts


FLOODS: dict[str, Callable[[], Iterator[bytes]]] = {
    "1xx": endless(b"", CONTINUE * 50),
    "a header": endless(head("k-1")[:-2] + b"X-A: ", b"x" * 1000),
    "headers": endless(head("k-1")[:-2], b"X-A: 1\r\n" * 50),
    "a status line": endless(b"HTTP/1.1 200 ", b"x" * 1000),
    "a chunk extension": endless(head("k-1", CHUNKED) + b"5;", b"x" * 1000),
    "a chunk size": endless(head("k-1", CHUNKED), b"0" * 1000),
    "a trailer": endless(head("k-1", CHUNKED) + b"0\r\nX-A: ", b"x" * 1000),
    "trailers": endless(head("k-1", CHUNKED) + b"0\r\n", b"X-A: 1\r\n" * 50),
    "tiny chunks": endless(head("k-1", CHUNKED), b"1\r\nx\r\n" * 100),
    "empty lines": endless(b"", b"\r\n" * 500),
    "a body until close": endless(head("k-1"), b" " * 1000),
    "a large length": endless(head("k-1", f"Content-Length: {10**15}"), b" " * 1000),
    "gzip of nothing": endless(head("k-1", GZIP), gzip.compress(b"") * 20),
    "a byte at a time": endless(whole("k-1", b"")[:-4], b"x"),
}


@each_path
@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
async def test_floods(flood: Callable[[], Iterator[bytes]], path: str) -> None:
    """A response without an end is an error at the timeout at the latest, and takes no memory."""

    async def serve(connection: RawConnection) -> None:
        if connection.number > 1:
            while True:
                key = (await connection.request()).key
                connection.write(whole(key, success(key)))
        await connection.request()
        for part in flood():
            if connection.lost.is_set() or connection.transport.is_closing():
                return
            connection.write(part)
            await asyncio.sleep(0.0002)

    async with (
        RawServer(serve) as server,
        client_on(path, server.url, answer_limit=LIMIT) as client,
    ):
        tracemalloc.start()
        try:
            async with asyncio.timeout(PATIENCE):
                result = await outcome_of(create(client, "k-1", timeout=Timeout(total=0.5)))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert isinstance(result, NoAnswer | UnexpectedAnswer), result
        assert result.outcome in {Outcome.UNKNOWN, Outcome.DONE}
        assert peak < 8 * MEBI
        assert inside.acquired(client) == 0
        assert is_own(await create(client, "next"), "next")


@each_path
async def test_a_flood_that_no_turn_ends(path: str) -> None:
    """A megabyte of 1xx in one piece does not keep the final response from its call."""

    async def serve(connection: RawConnection) -> None:
        key = (await connection.request()).key
        connection.write(CONTINUE * 40_000 + whole(key, success(key)))

    async with RawServer(serve) as server, client_on(path, server.url) as client:
        assert is_own(await create(client, "k-1"), "k-1")


WAITS = pytest.mark.xfail(
    not NO_EXTENSIONS,
    reason="aiohttp's parser in C drops the reader of a body at an error: the call ends late",
)


@pytest.mark.parametrize("path", ["direct", pytest.param("own session", marks=WAITS)])
@pytest.mark.parametrize("fault", [b"zz\r\n", b"5 x\r\nhello\r\n", b"-1\r\n", b"\x01\r\n"])
async def test_a_chunk_that_is_none(fault: bytes, path: str) -> None:
    """A bad chunk after a good one ends the call at once, and not with its timeout."""

    async def serve(connection: RawConnection) -> None:
        await connection.request()
        await connection.write_apart(head("k-1", CHUNKED), b'5\r\n{"dat\r\n', fault)
        await connection.lost.wait()

    async with (
        RawServer(serve) as server,
        client_on(path, server.url, timeout=Timeout(total=None)) as client,
    ):
        call = asyncio.create_task(outcome_of(create(client, "k-1")))
        done, _ = await asyncio.wait([call], timeout=1.0)
        if not done:
            call.cancel()
            await asyncio.wait([call])
        assert done
        result = call.result()
        assert isinstance(result, NoAnswer | UnexpectedAnswer), result
        assert result.outcome in {Outcome.UNKNOWN, Outcome.DONE}
        assert inside.acquired(client) == 0


@each_path
@pytest.mark.parametrize("size", [LIMIT // 2, LIMIT * 200])
async def test_compressed_a_thousand_times(size: int, path: str) -> None:
    """A body that is small on the wire is measured as it is after decompression."""
    body = success("k-1") + b" " * size

    async def serve(connection: RawConnection) -> None:
        while True:
            await connection.request()
            connection.write(whole("k-1", gzip.compress(body), GZIP))

    async with (
        RawServer(serve) as server,
        client_on(path, server.url, answer_limit=LIMIT) as client,
    ):
        result: Any = await outcome_of(create(client, "k-1"))
        if size < LIMIT:
            assert is_own(result, "k-1")
            return
        assert isinstance(result, UnexpectedAnswer)
        assert result.incomplete
        assert result.outcome is Outcome.DONE
        assert len(result.body) < MEBI


@each_path
@pytest.mark.parametrize("part", ["head", "body"])
async def test_a_byte_now_and_then(part: str, path: str) -> None:
    """A response that always goes on, but slowly, ends with the total timeout."""

    async def serve(connection: RawConnection) -> None:
        await connection.request()
        start = len(head("k-1", f"Content-Length: {len(success('k-1'))}")) if part == "body" else 0
        data = whole("k-1", success("k-1"))
        connection.write(data[:start])
        for position in range(start, len(data)):
            if connection.transport.is_closing():
                return
            connection.write(data[position : position + 1])
            await asyncio.sleep(0.02)

    async with RawServer(serve) as server, client_on(path, server.url) as client:
        async with asyncio.timeout(PATIENCE):
            result = await outcome_of(create(client, "k-1", timeout=Timeout(total=0.3)))
        assert isinstance(result, BookingsError)
        assert result.outcome is (Outcome.DONE if part == "body" else Outcome.UNKNOWN)
        await turns()
        assert inside.acquired(client) == 0
