"""The file that is imported: read twice, first to check it and then to send it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO, Final, Literal, TypeAlias

from attrs import define, field, frozen

from ...errors import InvalidRequest
from ...models import NewBooking
from . import reading
from .lines import Line, Problem

Format: TypeAlias = Literal["csv", "jsonl"]

_BY_SUFFIX: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_SHOWN: Final = 100
"""How many problems are kept; of the others there is only the number."""


@define
class Checked:
    """What a look at the whole file has found."""

    rows: int = 0
    first: datetime | None = None
    last: datetime | None = None
    problems: list[Problem] = field(factory=list)
    more: int = 0

    def count(self, line: Line) -> None:
        """Take a line into account."""
        self.rows += 1
        for problem in line.problems:
            self.complain(problem)
        if line.booking is not None:
            start = line.booking.start_time
            self.first = min(self.first or start, start)
            self.last = max(self.last or start, start)

    def complain(self, problem: Problem) -> None:
        """Something is wrong."""
        if len(self.problems) < _SHOWN:
            self.problems.append(problem)
        else:
            self.more += 1


@frozen
class Source:
    """The file, with what is known of how to read it."""

    file: IO[bytes]
    kind: Format
    where: tzinfo | None

    def lines(self) -> Iterator[Line]:
        """Its lines, from the beginning."""
        self.file.seek(0)
        read = reading.jsonl if self.kind == "jsonl" else reading.table
        return read(self.file, self.where)

    def check(self) -> Checked:
        """Look at all of it."""
        checked, keys = Checked(), dict[str, int]()
        for line in self.lines():
            checked.count(line)
            key = line.key
            if key is None:
                continue
            before = keys.setdefault(key, line.number)
            if before != line.number:
                said = f"the key {key!r} is in line {before} too"
                checked.complain(Problem(line.number, said, line.find("key")))
        return checked

    def what_is_there(self) -> str:
        """What is in a file without bookings."""
        is_empty = self.file.seek(0, os.SEEK_END) == 0
        if is_empty or self.kind == "jsonl":
            return "the file is empty"
        return "the file has a header and no rows"

    def bookings(self) -> Iterator[NewBooking]:
        """The bookings it asks for, after it was checked."""
        for line in self.lines():
            if line.booking is None:
                raise InvalidRequest(f"the file was changed meanwhile: {line.problems[0]}")
            yield line.booking


@contextlib.contextmanager
def opened(name: str, kind: Format | None, where: tzinfo | None) -> Iterator[Source]:
    """The file of that name, or stdin, which is kept in a temporary file to be read twice."""
    with _file(name) as file:
        yield Source(file, kind or _BY_SUFFIX.get(Path(name).suffix.lower()) or _guess(file), where)


@contextlib.contextmanager
def _file(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            yield kept
        return
    with _on_disk(name) as file:
        if not file.seekable():
            raise InvalidRequest(f"{name} cannot be read twice: give it on stdin, as -")
        yield file


def _on_disk(name: str) -> IO[bytes]:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise InvalidRequest(f"{name} cannot be read: {error.strerror}") from None


def _guess(file: IO[bytes]) -> Format:
    """By how it begins."""
    file.seek(0)
    begin = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin.startswith(b"["):
        raise InvalidRequest("this is a JSON list: write one object in each line instead")
    return "jsonl" if begin.startswith(b"{") else "csv"
