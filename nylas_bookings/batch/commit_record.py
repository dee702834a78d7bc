"""The record beside a journal: how many commits the journal must have, whatever its `-wal` has.

SQLite ends the `-wal` at the first frame whose checksum is wrong, and takes the frames before it
for all there are. So a `-wal` that was damaged, cut or lost looks like one of a moment ago, and
rows that were sent since then would be sent again. Each commit of a journal has a number, which is
written into the record once the commit is on disk, and before any of its rows is sent.

The record is not forced to disk with each commit: after a power cut it may name an earlier commit,
never one that did not come about.
"""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from pathlib import Path
from typing import Final

from attrs import frozen

from ..errors import BatchError

_MAGIC: Final = b"nylascmt"
_FORMAT: Final = struct.Struct(">8s32sQ")
_CHECKSUM: Final = struct.Struct(">I")
_SIZE: Final = _FORMAT.size + _CHECKSUM.size


@frozen
class Recorded:
    """What a record says.

    Attributes:
        identity: Of which journal.
        commits: How many commits it has at least.
    """

    identity: str
    commits: int


class CommitRecord:
    """The record of a journal that is being written.

    Args:
        journal: The journal.
        identity: What tells the journal from any other: 32 hexadecimal digits.
    """

    def __init__(self, journal: Path, identity: str) -> None:
        self._path = record_of(journal)
        self._identity = identity.encode()
        self._handle = os.open(
            self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600
        )

    def write(self, commits: int) -> None:
        """Note that the journal has so many commits on disk."""
        facts = _FORMAT.pack(_MAGIC, self._identity, commits)
        _write_at_start(self._handle, facts + _CHECKSUM.pack(zlib.crc32(facts)))

    def sync(self) -> None:
        """Force the record, and its name, to disk."""
        os.fsync(self._handle)
        # Windows has no handles of folders, and needs none.
        with contextlib.suppress(PermissionError):
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def close(self, *, remove: bool) -> None:
        """Let go of the record, and remove it if the journal is one whole file."""
        os.close(self._handle)
        if remove:
            self._path.unlink(missing_ok=True)


def _write_at_start(handle: int, content: bytes) -> None:
    if hasattr(os, "pwrite"):
        os.pwrite(handle, content, 0)
    else:  # pragma: no cover - Windows
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, content)


def read(journal: Path) -> Recorded | None:
    """What the record of a journal says; None, if there is none."""
    path = record_of(journal)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if not content:
        # The process was stopped after it had made the file: nothing was committed by then.
        return None
    facts, checksum = content[: _FORMAT.size], content[_FORMAT.size :]
    if len(content) != _SIZE or checksum != _CHECKSUM.pack(zlib.crc32(facts)):
        raise BatchError(
            f"the journal {journal.name} is damaged: {path.name}, which says how many commits it "
            "has, cannot be read; nothing was changed in it"
        )
    _, identity, commits = _FORMAT.unpack(facts)
    return Recorded(identity.decode("ascii", "replace"), commits)


def record_of(journal: Path) -> Path:
    """The record of a journal."""
    return journal.with_name(f"{journal.name}-commit")
