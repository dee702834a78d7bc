"""The command in a terminal of its own, at which somebody types."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager

from .processes import COMMAND

_SECONDS = 40.0
_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A process, and the terminal it runs in."""

    def __init__(self, process: subprocess.Popen[bytes], handle: int) -> None:
        self.process = process
        self._handle = handle
        self.raw: str = ""

    @property
    def text(self) -> str:
        """What was printed, without colours and movements of the cursor."""
        return _CONTROLS.sub("", self.raw).replace("\r\n", "\n")

    def until(self, words: str) -> str:
        """Read until something was printed; says all that was."""
        end = time.monotonic() + _SECONDS
        while words not in self.text:
            assert time.monotonic() < end, self.text
            assert self._read(), self.text
        return self.text

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._handle, keys.encode())

    def ended(self) -> int:
        """Read to the end; says the exit code."""
        while self._read():
            pass
        return self.process.wait(_SECONDS)

    def _read(self) -> bool:
        try:
            read = os.read(self._handle, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self.raw += read.decode(errors="replace")
        return bool(read)


def terminal(
    *arguments: str, columns: int = 80, env: Mapping[str, str | None] = {}
) -> AbstractContextManager[Terminal]:
    """Run the command in a terminal that is so wide."""
    return running_in([*COMMAND, *arguments], columns=columns, env=env)


@contextmanager
def running_in(
    command: Sequence[str], *, columns: int = 80, env: Mapping[str, str | None] = {}
) -> Iterator[Terminal]:
    """Run any program in a terminal that is so wide."""
    inside, outside = pty.openpty()[::-1]
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    variables = {**os.environ, "TERM": "xterm-256color", "PYTHONWARNINGS": "error", **env}
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CI"):
        if name not in env:
            variables.pop(name, None)
    process = subprocess.Popen(
        command,
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env={name: value for name, value in variables.items() if value is not None},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one system call
    )
    os.close(inside)
    with process:
        try:
            yield Terminal(process, outside)
        finally:
            process.kill()
            os.close(outside)
