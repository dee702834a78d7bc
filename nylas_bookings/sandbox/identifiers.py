"""Ids and other random values: different each time, or the same for the same seed."""

from __future__ import annotations

import base64
import random


class Identifiers:
    """Makes ids. With a seed, the n-th id of a kind is always the same, whatever else was made."""

    def __init__(self, seed: int | None) -> None:
        self._seed = seed
        self._opened = 0
        self._streams: dict[str, random.Random] = {}

    def begin(self, opened: int) -> None:
        """Begin anew. A database that is opened again must not get the ids that it has already."""
        self._opened = opened
        self._streams.clear()

    def uuid(self, kind: str) -> str:
        """A new UUID (version 4) for a kind of thing."""
        digits = f"{self._stream(kind).getrandbits(128):032x}"
        variant = "89ab"[int(digits[16], 16) & 3]
        return (
            f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
        )

    def salt(self) -> str:
        """Ten random bytes, as the API writes a salt."""
        raw = self._stream("salt").randbytes(10)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def token(self, kind: str, length: int = 32) -> str:
        """A new credential or event id of letters and digits, of which each tells five bits."""
        raw = self._stream(kind).randbytes(length * 5 // 8 + 1)
        return base64.b32encode(raw)[:length].decode().lower()

    def _stream(self, kind: str) -> random.Random:
        stream = self._streams.get(kind)
        if stream is None:
            seed = None if self._seed is None else f"{self._seed}/{self._opened}/{kind}"
            stream = self._streams[kind] = random.Random(seed)
        return stream
