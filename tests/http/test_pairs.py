"""Responses of every shape, one after the other on one connection, in every order."""

from __future__ import annotations

import pytest

from nylas_bookings.errors import BookingsError

from ..examples import TIMES
from . import inside
from .clients import PATHS, client_on, confirm, is_own, outcome_of
from .raw_server import RawConnection, RawServer, turns
from .response_bytes import success, whole
from .shapes import LIMIT, SHAPES, Shape

SETTLED = {"length", "204", "gzip, chunked", "until close"}
"""What follows each shape on the paths of the session, unless more examples are asked for."""


def server_of(plan: list[str]) -> RawServer:
    """A server that answers its requests with these shapes, one after the other."""
    left = iter(plan)

    async def serve(connection: RawConnection) -> None:
        while True:
            key = (await connection.request()).key
            shape = SHAPES[next(left)]
            segments = shape.segments(key)
            await connection.write_apart(*segments[:-1])
            connection.write(b"".join(segments[-1:]))
            if shape.then == "reset":
                # A reset discards what the client has not read yet.
                await turns()
                connection.reset()
            elif shape.then == "close":
                connection.close()

    return RawServer(serve)


def explain(result: object, key: str, shape: Shape) -> str | None:
    """What is wrong with the result of a call, if anything."""
    if not shape.errors:
        return None if is_own(result, key) else f"{result!r} instead of the booking {key}"
    if not isinstance(result, BookingsError):
        return f"{result!r} instead of {shape.errors}"
    if type(result) not in shape.errors or result.outcome not in shape.outcomes:
        return f"{result!r}, {result.outcome} instead of {shape.errors}, {shape.outcomes}"
    if result.request_id not in (None, key):
        return f"an error of {result.request_id!r} instead of {key}"
    return None


async def observe(path: str, plan: list[str]) -> list[str]:
    """Make one call for each shape, and list what broke a rule."""
    faults: list[str] = []
    async with (
        server_of(plan) as server,
        client_on(path, server.url, answer_limit=LIMIT) as client,
    ):
        keeps: bool | None = None
        for number, name in enumerate(plan):
            where = f"{name!r} after {plan[max(0, number - 3) : number]}"
            result = await outcome_of(confirm(client, f"k-{number}"))
            if fault := explain(result, f"k-{number}", SHAPES[name]):
                faults.append(f"{where}: {fault}")
            if inside.acquired(client):
                faults.append(f"{where}: {inside.acquired(client)} connections are still acquired")
            if [r.key for r in server.requests[number:]] != [f"k-{number}"]:
                return [*faults, f"{where}: the server got {server.requests[number:]}"]
            before, now = (server.requests[i].connection for i in (max(number - 1, 0), number))
            if number and keeps not in (None, before == now):
                faults.append(f"{where}: connection {now} after {before}")
            keeps = SHAPES[name].keeps
    return faults


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("first", SHAPES)
async def test_each_pair(first: str, path: str) -> None:
    """A response is read by its own call only, and leaves its connection as HTTP says."""
    others = SHAPES if path == "direct" or TIMES > 1 else SETTLED
    plan = [name for second in others for name in (first, second)]
    assert not await observe(path, [*plan, "length"])


WHOLE = whole("k-1", success("k-1"))


@pytest.mark.parametrize("path", PATHS)
async def test_each_position(path: str) -> None:
    """A response may arrive in two segments that part at any byte."""
    position = 0

    async def serve(connection: RawConnection) -> None:
        while True:
            await connection.request()
            await connection.write_apart(WHOLE[:position])
            connection.write(WHOLE[position:])

    async with RawServer(serve) as server, client_on(path, server.url) as client:
        for position in range(1, len(WHOLE)):
            assert is_own(await confirm(client, "k-1"), "k-1"), position
        assert len(server.connections) == 1
