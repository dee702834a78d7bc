"""Lines that are kept out of Python's memory, many of them in one text."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from typing import Any, Final

import orjson

_LINES: Final = 50
"""How many lines a block holds: to write one costs hardly more than to write a line."""

_CACHED: Final = 8
"""How many blocks a reader holds. Few lines come long after their neighbors."""

_TABLE: Final = "CREATE TABLE blocks (id INTEGER PRIMARY KEY, lines BLOB NOT NULL)"


class Blocks:
    """Lines by their numbers, from 1; the last line of a number counts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(_TABLE)
        # As bytes, since the garbage collector would visit hundreds of lists again and again.
        self._latest: dict[int, bytes] = {}
        # The block that has the last line of each number, or 0.
        self._block_of = array("L")
        self._blocks = 0

    def put(self, number: int, line: object) -> None:
        """Keep a line, which is of what JSON has."""
        self._latest[number] = orjson.dumps((number, line))
        if len(self._latest) >= _LINES:
            self.flush()

    def flush(self) -> None:
        """Write what is not written yet."""
        lines, self._latest = self._latest, {}
        if not lines:
            return
        self._blocks += 1
        text = b"[%b]" % b",".join(lines.values())
        self._connection.execute("INSERT INTO blocks VALUES (?, ?)", (self._blocks, text))
        missing = max(lines) + 1 - len(self._block_of)
        self._block_of.extend([0] * missing)
        for number in lines:
            self._block_of[number] = self._blocks

    def __iter__(self) -> Iterator[list[Any]]:
        """The lines in the order of their numbers."""
        cache: dict[int, dict[int, list[Any]]] = {}
        for number, block in enumerate(self._block_of):
            if not block:
                continue
            lines = cache.pop(block, None) or self._read(block)
            cache[block] = lines
            if len(cache) > _CACHED:
                del cache[next(iter(cache))]
            yield lines[number]

    def _read(self, block: int) -> dict[int, list[Any]]:
        query = "SELECT lines FROM blocks WHERE id = ?"
        ((text,),) = self._connection.execute(query, (block,))
        return dict(orjson.loads(text))
