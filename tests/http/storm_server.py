"""The server of the storms: it breaks every rule of HTTP by chance, and keeps its own record."""

from __future__ import annotations

import asyncio
import gzip
import random
import re
from collections import defaultdict

from attrs import Factory, define

from .raw_server import RawConnection, RawRequest, turns
from .response_bytes import CONTINUE, HINTS, chunked, failure, head, success, whole

KEY = re.compile(rb"configuration_id=(call-[0-9]+)")
"""How every request of a storm names its call, in the request line."""

STALE = whole("stale", success("stale"))
TIMED_OUT = whole("stale", failure("stale"), "Connection: close", status=408)
UNASKED = (STALE, TIMED_OUT, STALE[:40], b"\r\n", b"junk", CONTINUE)


@define(eq=False)
class Record:
    """What the server did with the requests of one call.

    Attributes:
        whole: How often a whole request was read.
        statuses: The status of each response whose head was written, in the order of requests.
        succeeded: How often a success was written to its last byte.
    """

    whole: int = 0
    statuses: list[int] = Factory(list)
    succeeded: int = 0


def key_of(data: bytes | bytearray) -> str | None:
    """The call whose request these bytes begin, where they get that far."""
    found = KEY.search(data)
    return found[1].decode() if found else None


class StormHandler:
    """Serves connections, and does to each request what chance says.

    Args:
        seed: Where chance begins.
        idle_bytes: Whether bytes may come on an idle connection. They are only written when no
            request is on its way, which the server can know only on the loop of its client.
    """

    def __init__(self, seed: int, *, idle_bytes: bool) -> None:
        self._seed = seed
        self._idle_bytes = idle_bytes
        self._requests = 0
        self.records: defaultdict[str, Record] = defaultdict(Record)
        self._responses = {
            self._proper: 30,
            self._split: 6,
            self._in_chunks: 6,
            self._compressed: 6,
            self._delayed: 6,
            self._after_100: 4,
            self._refusal: 6,
            self._unavailable: 4,
            self._rate_limited: 4,
            self._dropped: 6,
            self._reset: 4,
            self._truncated: 6,
            self._twice: 5,
            self._with_more: 5,
            self._last: 4,
            self._until_close: 4,
            self._never: 1,
        }

    async def __call__(self, connection: RawConnection) -> None:
        """Serve one connection until chance, or the client, ends it."""
        while True:
            self._requests += 1
            chance = random.Random(f"{self._seed}/{self._requests}")
            if chance.random() < 0.04:
                await connection.until(chance.randint(1, 400))
                self._end(connection, chance)
                return
            request = await connection.request()
            record = self.records[self._key(request)]
            record.whole += 1
            (response,) = chance.choices([*self._responses], [*self._responses.values()])
            await response(connection, request, record, chance)
            if connection.transport.is_closing():
                return
            if self._idle_bytes and chance.random() < 0.08:
                await turns(chance.randint(0, 8))
                if not connection.has_unread():
                    connection.write(chance.choice(UNASKED))
            elif chance.random() < 0.03:
                await turns(chance.randint(0, 8))
                self._end(connection, chance)
                return

    @staticmethod
    def _key(request: RawRequest) -> str:
        key = key_of(request.target.encode())
        assert key is not None
        return key

    @staticmethod
    def _end(connection: RawConnection, chance: random.Random) -> None:
        if chance.random() < 0.5:
            connection.reset()
        else:
            connection.close()

    @staticmethod
    def _succeed(connection: RawConnection, record: Record, data: bytes) -> None:
        record.statuses.append(200)
        record.succeeded += 1
        connection.write(data)

    async def _proper(
        self, connection: RawConnection, request: RawRequest, record: Record, _: random.Random
    ) -> None:
        key = self._key(request)
        self._succeed(connection, record, whole(key, success(key)))

    async def _split(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        data = whole(self._key(request), success(self._key(request)))
        record.statuses.append(200)
        places = sorted(chance.sample(range(1, len(data)), 4))
        for start, end in zip([0, *places], [*places, len(data)], strict=True):
            connection.write(data[start:end])
            await turns(chance.randint(0, 3))
        record.succeeded += 1

    async def _in_chunks(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        key = self._key(request)
        data = chunked(key, success(key), size=chance.randint(1, 200), extension=";a=b")
        self._succeed(connection, record, data)

    async def _compressed(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        key = self._key(request)
        form = chance.choice([whole, chunked])
        data = form(key, gzip.compress(success(key)), "Content-Encoding: gzip")
        self._succeed(connection, record, data)

    async def _delayed(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        await asyncio.sleep(chance.random() * 0.01)
        await self._proper(connection, request, record, chance)

    async def _after_100(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        for _ in range(chance.randint(1, 3)):
            connection.write(chance.choice([CONTINUE, HINTS]))
            await turns(chance.randint(0, 3))
        await self._proper(connection, request, record, chance)

    async def _refusal(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        self._refuse(connection, request, record, chance.choice([400, 404, 409, 422]))

    async def _unavailable(
        self, connection: RawConnection, request: RawRequest, record: Record, _: random.Random
    ) -> None:
        self._refuse(connection, request, record, 503, "Retry-After: 0")

    async def _rate_limited(
        self, connection: RawConnection, request: RawRequest, record: Record, _: random.Random
    ) -> None:
        self._refuse(connection, request, record, 429, "Retry-After: 0")

    def _refuse(
        self,
        connection: RawConnection,
        request: RawRequest,
        record: Record,
        status: int,
        *more: str,
    ) -> None:
        key = self._key(request)
        record.statuses.append(status)
        connection.write(whole(key, failure(key), *more, status=status))

    async def _dropped(
        self, connection: RawConnection, _: RawRequest, record: Record, __: random.Random
    ) -> None:
        record.statuses.append(0)
        connection.close()

    async def _reset(
        self, connection: RawConnection, _: RawRequest, record: Record, __: random.Random
    ) -> None:
        record.statuses.append(0)
        connection.reset()

    async def _truncated(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        key = self._key(request)
        data = whole(key, success(key))
        record.statuses.append(200)
        connection.write(data[: chance.randint(1, len(data) - 1)])
        await turns(chance.randint(0, 4))
        self._end(connection, chance)

    async def _twice(
        self, connection: RawConnection, request: RawRequest, record: Record, _: random.Random
    ) -> None:
        key = self._key(request)
        self._succeed(connection, record, whole(key, success(key)) * 2)

    async def _with_more(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        key = self._key(request)
        self._succeed(connection, record, whole(key, success(key)) + chance.choice(UNASKED))

    async def _last(
        self, connection: RawConnection, request: RawRequest, record: Record, _: random.Random
    ) -> None:
        key = self._key(request)
        self._succeed(connection, record, whole(key, success(key), "Connection: close"))

    async def _until_close(
        self, connection: RawConnection, request: RawRequest, record: Record, chance: random.Random
    ) -> None:
        key = self._key(request)
        self._succeed(connection, record, head(key))
        await turns(chance.randint(0, 3))
        connection.write(success(key))
        connection.close()

    async def _never(
        self, connection: RawConnection, _: RawRequest, record: Record, __: random.Random
    ) -> None:
        record.statuses.append(0)
        await connection.lost.wait()
