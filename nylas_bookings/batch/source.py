"""The input of a batch: any iterable, read as far as the batch has got."""

from __future__ import annotations

import asyncio
import time
from collections import deque
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
    """Hands out the items as rows, one after the other.

    Once it is stopped, it reads nothing more, and still hands out what it has read: every row that
    was taken from the input is in the report.

    Attributes:
        complete: Whether the input has ended by itself.
    """

    def __init__(self, requests: Iterable[Any] | AsyncIterable[Any], caller: Caller | None) -> None:
        self.complete: bool = False
        self._stopped = False
        self._position = 0
        self._plain: Iterator[Any] | None = None
        self._ahead: _ReadAhead | None = None
        if isinstance(requests, AsyncIterable):
            self._ahead = _ReadAhead(_one_by_one(aiter(requests)), can_interrupt=True)
        elif not hasattr(requests, "__iter__"):
            kind = type(requests).__name__
            raise InvalidRequest(f"a batch is an iterable of NewBooking, not {kind}")
        elif caller is not None:
            chunks = _in_chunks(iter(requests), caller)
            self._ahead = _ReadAhead(chunks, can_interrupt=False)
        else:
            self._plain = iter(requests)

    async def next(self) -> Row | None:
        """Return the next row, or None when there is none; raise what the iterable raises."""
        if self._plain is not None:
            item = _END if self._stopped else next(self._plain, _END)
        else:
            assert self._ahead is not None
            item = await self._ahead.take()
        if item is _END:
            self.complete = self.complete or not self._stopped
            return None
        self._position += 1
        return row(self._position, item)

    def stop(self) -> None:
        """Read nothing more."""
        self._stopped = True
        if self._ahead is not None:
            self._ahead.stop()

    async def close(self) -> None:
        """Let go of the iterable."""
        self._stopped = True
        if self._ahead is not None:
            await self._ahead.close()


class _ReadAhead:
    """Reads chunks of items in a task of its own, a few ahead of those who take them.

    Args:
        chunks: The chunks.
        can_interrupt: Whether reading can be cancelled without losing an item. A chunk that is
            read in the caller's thread comes to its end there.
    """

    def __init__(self, chunks: AsyncGenerator[list[Any], None], *, can_interrupt: bool) -> None:
        self._chunks = chunks
        self._can_interrupt = can_interrupt
        self._items: deque[Any] = deque()
        self._arrival = asyncio.Event()
        self._room = asyncio.Event()
        self._is_stopped = False
        self._has_ended = False
        self._failure: Exception | None = None
        self._reading = asyncio.create_task(self._read())

    async def take(self) -> Any:
        """Return the next item, or `_END`; raise what the iterable has raised, once."""
        while not self._items and not self._has_ended:
            self._arrival.clear()
            await self._arrival.wait()
        if self._items:
            item = self._items.popleft()
            self._room.set()
            return item
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        return _END

    def stop(self) -> None:
        """Read nothing more."""
        self._is_stopped = True
        self._room.set()
        if self._can_interrupt:
            self._reading.cancel()

    async def close(self) -> None:
        """End the reading at once."""
        self._reading.cancel()
        await asyncio.wait([self._reading])

    async def _read(self) -> None:
        try:
            async for chunk in self._chunks:
                self._items.extend(chunk)
                self._arrival.set()
                while len(self._items) >= _AT_ONCE and not self._is_stopped:
                    self._room.clear()
                    await self._room.wait()
                if self._is_stopped:
                    break
        except Exception as error:  # noqa: BLE001 - it is raised to whoever takes the next row
            self._failure = error
        finally:
            try:
                await self._chunks.aclose()
            finally:
                self._has_ended = True
                self._arrival.set()


async def _one_by_one(items: AsyncIterator[Any]) -> AsyncGenerator[list[Any], None]:
    """Yield each item of an asynchronous iterator as a chunk, and close it in the end."""
    try:
        async for item in items:
            yield [item]
    finally:
        if isinstance(items, AsyncGenerator):
            await items.aclose()


async def _in_chunks(items: Iterator[Any], caller: Caller) -> AsyncGenerator[list[Any], None]:
    """Yield the items of an iterator that belongs to another thread."""
    failure: Exception | None = None
    chunk: list[Any] = [None]
    while chunk and failure is None:
        chunk, failure = await caller.run(lambda: _chunk(items))
        yield chunk
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
