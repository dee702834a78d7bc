"""What is printed: tables for people, JSON for programs, and nothing that a terminal would obey."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..errors import printable

_PIPED_WIDTH: Final = 250
"""For pipes, which have no width of their own: nothing is folded that a program may look for."""

_GAP: Final = 2
"""Between columns, and before what stands below its name."""


def console(*, stderr: bool = False) -> Console:
    """Where to print for people; what is printed is text, never markup."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made.width = _PIPED_WIDTH
    return made


def show(what: RenderableType) -> None:
    """Something for people, on stdout."""
    # What is too wide is left to the terminal, which does not cut it off. In the group, a text
    # keeps its own way of breaking lines.
    console().print(Group(what), crop=False)


def text(value: object, style: str = "") -> Text:
    """A value of the user's or of the API's, in one line, without control characters."""
    return Text(printable(str(value)), style=style, overflow="fold")


def facts(pairs: Mapping[str, object], width: int | None = None) -> Text:
    """Names and values, one below the other; without what there is nothing to say of."""
    told = {name: shown for name, value in pairs.items() if (shown := _cell(value))}
    margin, width = max(map(len, pairs)) + _GAP, width or console().width
    return _joined("\n", (_fact(name, value, margin, width) for name, value in told.items()))


def _fact(name: str, value: Text, margin: int, width: int) -> Text:
    """A value beside its name; below it where a word of it would be broken."""
    longest, begin = _longest_word(value), f"{name:{margin}}"
    if longest > width - margin:
        margin, begin = _GAP, f"{name}\n{'':{_GAP}}"
    lines = value.wrap(console(), max(longest, width - margin))
    return Text.assemble((begin, "bold"), Text(f"\n{'':{margin}}").join(lines))


def table(
    columns: Sequence[str], rows: Iterable[Iterable[object]], width: int | None = None
) -> RenderableType:
    """A line for each row; a list of facts for each, where a word of a line would be broken."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return Text("There are none.")
    width = width or console().width
    parts = [[text(name), *of] for name, of in zip(columns, zip(*cells, strict=True), strict=True)]
    least = [max(map(_longest_word, of)) for of in parts]
    left = width - sum(least) - _GAP * (len(least) - 1)
    if left < 0:
        each = (facts(dict(zip(columns, row, strict=True)), width) for row in cells)
        return _joined("\n\n", each)
    made = Table(box=None, padding=(0, _GAP, 0, 0), header_style="bold", pad_edge=False)
    for name, of, needed in zip(columns, parts, least, strict=True):
        more = min(left, max(one.cell_len for one in of) - needed)
        left -= more
        made.add_column(name, width=needed + more)
    for row in cells:
        made.add_row(*row)
    return made


def _joined(between: str, texts: Iterable[Text]) -> Text:
    """Texts whose lines are as long as they have to be."""
    return Text(between, no_wrap=True, overflow="ignore").join(texts)


def _cell(value: object) -> Text:
    return value if isinstance(value, Text) else text("" if value in (None, ()) else value)


def _longest_word(value: Text) -> int:
    """What a value needs at least: no word is ever broken, so that ids can be copied."""
    return max(map(cell_len, value.plain.split()), default=0)


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
