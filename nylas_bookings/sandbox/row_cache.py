"""Rows of the tables that nearly every request reads and that hardly any changes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

_SELDOM_CHANGED: Final = re.compile(r"\b(grants|configurations|webhooks)\b")
_MOST: Final = 1024

Read: TypeAlias = Callable[[str, Sequence[Any]], list[sqlite3.Row]]


class RowCache:
    """Keeps what queries have found, until one of the tables changes.

    Whoever uses it says which statements are written, and when somebody else has written.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, tuple[Any, ...]], list[sqlite3.Row]] = {}

    def __len__(self) -> int:
        return len(self._found)

    def get(self, sql: str, values: tuple[Any, ...], read: Read) -> list[sqlite3.Row]:
        """Return what a query has found, or run it with `read`."""
        found = self._found.get((sql, values))
        if found is None:
            # A request may ask for any id, known or not, so there is no end of different queries.
            if len(self._found) >= _MOST:
                self._found.clear()
            found = self._found[sql, values] = read(sql, values)
        return found

    def notice(self, sql: str) -> None:
        """Forget everything if a statement that is written names one of the tables."""
        if _names_seldom_changed(sql):
            self._found.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()


@lru_cache(maxsize=256)
def _names_seldom_changed(sql: str) -> bool:
    return _SELDOM_CHANGED.search(sql) is not None
