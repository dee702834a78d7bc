"""The input of a batch: any iterable, read as far as the batch has got."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Any, Final, Protocol

from .._bridge import Caller
from ..errors import InvalidRequest
from .rows import Row, row

_AT_ONCE: Final = 64
_LONGEST: Final = 0.01
"""How many items, and for how many seconds, are read in the caller's thread at a time."""

_END: Final = object()


class Rows(Protocol):
    """Where the rows of a batch come from. `Source` is one.

    Attributes:
        complete: Whether there are no others.
    """

    complete: bool

    async def next(self) -> Row | None:
        """The next row, or None when there is none."""

    def stop(self) -> None:
        """Hand out nothing more."""

    async def close(self) -> None:
        """Let go of whatever they come from."""


class Source:
    """Hands out the items as rows, one after the other, until it is stopped.

    Attributes:
        complete: Whether the input has ended by itself.
    """

    def __init__(self, requests: Iterable[Any] | AsyncIterable[Any], caller: Caller | None) -> None:
        self.complete: bool = False
        self._stopped = False
        self._position = 0
        self._reading: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self._plain: Iterator[Any] | None = None
        if isinstance(requests, AsyncIterable):
            self._read(aiter(requests))
        elif not hasattr(requests, "__iter__"):
            kind = type(requests).__name__
            raise InvalidRequest(f"a batch is an iterable of NewBooking, not {kind}")
        elif caller is not None:
            self._read(_in_chunks(iter(requests), caller))
        else:
            self._plain = iter(requests)

    async def next(self) -> Row | None:
        """The next row, or None when there is none. What the iterable raises is raised here."""
        if self._stopped:
            return None
        item = next(self._plain, _END) if self._plain is not None else await self._queue.get()
        if item is _END:
            self._ended()
            return None
        self._position += 1
        return row(self._position, item)

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped = True
        if self._reading is not None:
            self._reading.cancel()
            self._end_queue()

    async def close(self) -> None:
        """Let go of the iterable."""
        self.stop()
        if self._reading is not None:
            await asyncio.wait([self._reading])

    def _ended(self) -> None:
        if self._reading is not None:
            self._end_queue()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        if not self._stopped:
            self.complete = True

    def _read(self, items: AsyncIterator[Any]) -> None:
        self._queue: asyncio.Queue[Any] = asyncio.Queue(_AT_ONCE)
        self._reading = asyncio.create_task(self._pump(items))

    async def _pump(self, items: AsyncIterator[Any]) -> None:
        try:
            async for item in items:
                await self._queue.put(item)
        except Exception as error:  # noqa: BLE001 - it is raised to whoever takes the next row
            self._failure = error
        finally:
            if isinstance(items, AsyncGenerator):
                await items.aclose()
        await self._queue.put(_END)

    def _end_queue(self) -> None:
        """Leave a mark for each of those who wait."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(_END)


async def _in_chunks(items: Iterator[Any], caller: Caller) -> AsyncIterator[Any]:
    """Items of an iterator that belongs to another thread."""
    failure: Exception | None = None
    chunk: list[Any] = [None]
    while chunk and failure is None:
        chunk, failure = await caller.run(lambda: _chunk(items))
        for item in chunk:
            yield item
    if failure is not None:
        raise failure


def _chunk(items: Iterator[Any]) -> tuple[list[Any], Exception | None]:
    """Some items, few when they come slowly, and what the iterator raised after them."""
    chunk: list[Any] = []
    until = time.monotonic() + _LONGEST
    try:
        for item in items:
            chunk.append(item)
            if len(chunk) >= _AT_ONCE or time.monotonic() > until:
                break
    except Exception as error:  # noqa: BLE001 - it is raised when the items before it were used
        return chunk, error
    return chunk, None
