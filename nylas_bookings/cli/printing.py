"""What is printed: tables for people, JSON for programs, and nothing that a terminal would obey."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..errors import printable

_PIPED_WIDTH: Final = 250
"""For pipes, which have no width of their own: nothing is folded that a program may look for."""


def console(*, stderr: bool = False) -> Console:
    """Where to print for people; what is printed is text, never markup."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made.width = _PIPED_WIDTH
    return made


def text(value: object, style: str = "") -> Text:
    """A value of the user's or of the API's, in one line, without control characters."""
    return Text(printable(str(value)), style=style, overflow="fold")


def facts(pairs: Mapping[str, object]) -> Table:
    """Names and values, one below the other; without what there is nothing to say of."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in pairs.items():
        if value not in (None, "", ()):
            shown = value if isinstance(value, Text) else text(value)
            grid.add_row(Text(name, style="bold"), shown)
    return grid


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Table:
    """A table with a line for each row; what identifies a row stays in one piece to be copied."""
    cells = [[text("" if value is None else value) for value in row] for row in rows]
    longest = max((row[0].cell_len for row in cells), default=0)
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for position, name in enumerate(columns):
        whole = position == 0 and longest <= console().width // 2
        made.add_column(name, overflow="fold", no_wrap=whole)
    for row in cells:
        made.add_row(*row)
    return made


def write_document(value: object) -> None:
    """One JSON document on stdout: in one line, or laid out when a person looks at it."""
    _write(value, laid_out=sys.stdout.isatty())


def write_line(value: object) -> None:
    """One line of JSON on stdout, at once."""
    _write(value, laid_out=False)


def _write(value: object, *, laid_out: bool) -> None:
    import orjson

    written = orjson.dumps(value, option=orjson.OPT_INDENT_2 if laid_out else 0).decode()
    sys.stdout.write(_harmless(written) + "\n")
    sys.stdout.flush()


def _harmless(written: str) -> str:
    """The same JSON, with control characters escaped that JSON itself lets through."""
    if written.isprintable():
        return written
    return "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in written)


def _escaped(character: str) -> str:
    import json

    return json.dumps(character)[1:-1]


def say(words: str, style: str = "") -> None:
    """A line on stderr, for whoever sits in front of it."""
    console(stderr=True).print(text(words, style), soft_wrap=True)
