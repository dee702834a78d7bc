"""Locks that keep other programs from removing the `-wal` of a journal while a batch runs.

SQLite's own locks belong to the process: when anything in it closes a handle of the journal (after
a copy, a checksum, a second look), they are gone. The next program that reads the journal then
takes itself for the only one, and removes the `-wal` when it is done. A lock of an open file stays
until that file is closed, and other programs' SQLite respects it
(https://man7.org/linux/man-pages/man2/fcntl_locking.2.html, "Open file description locks").
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
from pathlib import Path
from typing import Any, Final

fcntl: Any
try:
    import fcntl
except ImportError:  # pragma: no cover - on Windows, locks belong to the handle anyway
    fcntl = None

_SET_LOCK: Final = getattr(fcntl, "F_OFD_SETLK", None)
"""Not on every system. Elsewhere a removed `-wal` is noticed, and not prevented."""

_NO_SUCH_LOCKS: Final = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""What a file system says that knows no such locks."""

_LOCK: Final = struct.Struct("@hhqqi0q")
"""`struct flock`: type, whence, start, length, process."""

_SHARED_FIRST: Final = 0x40000002
_SHARED_SIZE: Final = 510
"""The bytes of a database that whoever has it open locks: https://sqlite.org/src/file/src/os.h"""

_DEAD_MAN_SWITCH: Final = 128
"""The byte of the `-shm` by which SQLite knows that somebody uses it: os_unix.c, UNIX_SHM_DMS."""


class SharedLocks:
    """What SQLite locks for a reader, locked for as long as the batch runs.

    Args:
        handle: A handle of the journal, which is open for reading.
        journal: The journal, whose `-shm` is there.
    """

    def __init__(self, handle: int, journal: Path) -> None:
        self._journal = handle
        self._index: int | None = None
        if _SET_LOCK is None:  # pragma: no cover - not on Linux
            return
        self._index = os.open(journal.with_name(f"{journal.name}-shm"), os.O_RDONLY)
        try:
            _lock(self._index, fcntl.F_RDLCK, _DEAD_MAN_SWITCH, 1)
            _lock(self._journal, fcntl.F_RDLCK, _SHARED_FIRST, _SHARED_SIZE)
        except OSError as error:
            self.close()
            if error.errno not in _NO_SUCH_LOCKS:
                raise

    def release(self) -> None:
        """Let SQLite put the two files together, for which it must be alone."""
        if self._index is not None:
            _lock(self._journal, fcntl.F_UNLCK, _SHARED_FIRST, _SHARED_SIZE)
            _lock(self._index, fcntl.F_UNLCK, _DEAD_MAN_SWITCH, 1)

    def close(self) -> None:
        """Let go of everything: not before SQLite has, whose locks end with this handle."""
        if self._index is not None:
            with contextlib.suppress(OSError):
                os.close(self._index)
            self._index = None


def _lock(handle: int, kind: int, start: int, length: int) -> None:
    fcntl.fcntl(handle, _SET_LOCK, _LOCK.pack(kind, os.SEEK_SET, start, length, 0))
