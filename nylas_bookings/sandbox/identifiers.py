"""Ids and other random values: different each time, or the same for the same seed."""

from __future__ import annotations

import base64
import random
from typing import Final

_VERSION_4: Final = 0x00000000_0000_4000_8000_000000000000
_FREE_BITS: Final = 0xFFFFFFFF_FFFF_0FFF_3FFF_FFFFFFFFFFFF


class Identifiers:
    """Makes ids. With a seed, the n-th id of a kind is always the same, whatever else was made."""

    def __init__(self, seed: int | None) -> None:
        self._seed = seed
        self._opened = 0
        self._events = 0
        self._streams: dict[str, random.Random] = {}

    def begin(self, opened: int) -> None:
        """Begin anew. A database that is opened again must not get the ids that it has already."""
        self._opened = opened
        self._events = 0
        self._streams.clear()

    def uuid(self, kind: str) -> str:
        """A new UUID (version 4) for a kind of thing."""
        number = self._stream(kind).getrandbits(128) & _FREE_BITS | _VERSION_4
        digits = number.to_bytes(16, "big").hex()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def salt(self) -> str:
        """Ten random bytes, as the API writes a salt."""
        raw = self._stream("salt").randbytes(10)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def token(self, kind: str, length: int = 32) -> str:
        """A new credential of letters and digits, of which each tells four bits."""
        return f"{self._stream(kind).getrandbits(4 * length):0{length}x}"

    def event(self) -> str:
        """A new event id, greater than the last: SQLite finds a place for it in no time."""
        self._events += 1
        return f"{self._events:010x}{self._stream('event').getrandbits(64):016x}"

    def _stream(self, kind: str) -> random.Random:
        stream = self._streams.get(kind)
        if stream is None:
            seed = None if self._seed is None else f"{self._seed}/{self._opened}/{kind}"
            stream = self._streams[kind] = random.Random(seed)
        return stream
