"""Reads the file: CSV with a header, or a JSON object in each line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from email.utils import getaddresses
from typing import IO, Any, Final

import orjson

from ..documents import unknown
from .lines import TEXTS, Line, Place, Problem, line

_FIELDS: Final = "additional_fields."
_COLUMNS: Final = {
    **{name: name for name in (*TEXTS, "start_time", "end_time")},
    "participants": "participants",
    "additional_guests": "additional_guests",
    "name": "guest.name",
    "email": "guest.email",
}
"""The columns that a CSV file may have, and the part of a booking that each is."""

_NEEDED: Final = ("start_time", "end_time", "name", "email")
_NO_UTF8: Final = "this is not UTF-8: save the file as UTF-8"


def jsonl(file: IO[bytes], where: tzinfo | None) -> Iterator[Line]:
    """The lines of a file of JSON lines; empty ones are skipped."""
    for number, raw in enumerate(file, 1):
        text = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if text.strip():
            yield _object(number, text, where)


def _object(number: int, text: bytes, where: tzinfo | None) -> Line:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        said = f"this is not JSON: {error.msg}"
        return Line(number, None, [Problem(number, said, Place(position=error.colno))])
    if not isinstance(value, dict):
        return Line(number, None, [Problem(number, "this is not a JSON object", Place(position=1))])
    return line(number, value, where, Place)


def table(file: IO[bytes], where: tzinfo | None) -> Iterator[Line]:
    """The lines of a CSV file after its header; the separator is the one that the header has."""
    text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        header = text.readline()
        if not header:
            return
        cells = next(csv.reader([header], delimiter=_separator(header)), [])
        names = [cell.strip() for cell in cells]
        problems = [Problem(1, message, place) for place, message in _header(names)]
        if problems:
            yield Line(1, None, problems)
            return
        yield from _rows(csv.reader(text, delimiter=_separator(header)), names, where)
    finally:
        text.detach()


def _rows(reader: Any, names: Sequence[str], where: tzinfo | None) -> Iterator[Line]:
    while True:
        number = reader.line_num + 2
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Line(number, None, [Problem(number, f"this is not CSV: {error}")])
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield _row(number, names, cells, where)


def _separator(header: str) -> str:
    return max(",;\t", key=header.count)


def _header(names: Sequence[str]) -> Iterator[tuple[Place, str]]:
    """What is wrong with the names of the columns."""
    if any(_is_foreign(name) or "\0" in name for name in names):  # UTF-16 is full of zeros
        yield Place(), _NO_UTF8
        return
    for position, name in enumerate(names, 1):
        if name not in _COLUMNS and not name.startswith(_FIELDS):
            yield Place(name, position), unknown(name, set(_COLUMNS))
        if name in names[: position - 1]:
            yield Place(name, position), "this column is there twice"
    for name in _NEEDED:
        if name not in names:
            yield Place(name), "this column is missing"


def _row(number: int, names: Sequence[str], cells: Sequence[str], where: tzinfo | None) -> Line:
    if len(cells) != len(names):
        return Line(number, None, [Problem(number, _uneven(names, cells))])
    places = {name: Place(name, position) for position, name in enumerate(names, 1)}
    for name, cell in zip(names, cells, strict=True):
        if _is_foreign(cell):
            return Line(number, None, [Problem(number, _NO_UTF8, places[name])])
    of_part = {_COLUMNS.get(name, name): place for name, place in places.items()}
    values = _values({n: c.strip() for n, c in zip(names, cells, strict=True) if c.strip()})
    return line(number, values, where, lambda path: of_part.get(path.split("[")[0], Place(path)))


def _uneven(names: Sequence[str], cells: Sequence[str]) -> str:
    number = "is 1 cell" if len(cells) == 1 else f"are {len(cells)} cells"
    of_many_lines = any("\n" in cell for cell in cells)
    perhaps = "; is a quotation mark not closed?" if of_many_lines else ""
    return f"there {number} where the header has {len(names)} columns{perhaps}"


def _is_foreign(cell: str) -> bool:
    """Whether it holds bytes that are not UTF-8."""
    return not cell.isascii() and any("\ud800" <= c <= "\udfff" for c in cell)


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    """What a row says, as the API would be told it."""
    values: dict[str, Any] = {name: cells[name] for name in cells if name in _COLUMNS}
    values["guest"] = {name: values.pop(name) for name in ("name", "email") if name in values}
    if "participants" in values:
        values["participants"] = values["participants"].replace(";", " ").split()
    if "additional_guests" in values:
        people = getaddresses([values["additional_guests"].replace(";", ",")])
        values["additional_guests"] = [{"name": name, "email": email} for name, email in people]
    fields = {n.removeprefix(_FIELDS): cell for n, cell in cells.items() if n not in _COLUMNS}
    return {**values, "additional_fields": fields} if fields else values
