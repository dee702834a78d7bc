"""Tables and facts for people: whole words at any width, nothing that is not there."""

from __future__ import annotations

import pytest
from rich.console import Console, RenderableType

from nylas_bookings.cli import printing

ID = "e38698ef-afb9-40b4-a5a7-fb65d4d5ed96"
KEY = "nyk_v0_vgesz5eq6pgc4lry2dy6jp5vzeow2ejkyzlvpyt6"
ROWS = [
    (ID, "Thirty minutes with Ada and Grace", KEY, "a session and the organizer's yes"),
    (ID[::-1], "會議", "", None),
]
WORDS = {word for row in ROWS for cell in row if cell for word in cell.split()}


def printed(what: RenderableType, width: int) -> str:
    """What is printed in a terminal that is so wide."""
    console = Console(width=width)
    with pytest.MonkeyPatch.context() as patch, console.capture() as capture:
        patch.setattr(printing, "console", lambda: console)
        printing.show(what)
    return capture.get()


@pytest.mark.parametrize("width", [8, 20, 37, 40, 48, 60, 72, 80, 100, 104, 110, 119, 120, 200])
def test_no_word_is_broken(width: int) -> None:
    """At any width all words of a table and of facts are whole, and can be copied."""
    table = printed(printing.table(("id", "name", "key", "needs"), ROWS, width), width)
    assert set(table.split()) >= WORDS
    facts = printed(printing.facts(dict(zip("abcd", ROWS[0], strict=True)), width), width)
    assert set(facts.split()) >= {word for cell in ROWS[0] for word in str(cell).split()}
    if width >= 60:
        assert max(map(len, (table + facts).splitlines())) <= width


def test_a_table_where_there_is_room() -> None:
    """Where all words fit next to each other there is a line for each row, or a few."""
    wide = printed(printing.table(("id", "name", "key", "needs"), ROWS, 200), 200)
    assert len(wide.splitlines()) == 3
    narrow = printed(printing.table(("id", "name", "key", "needs"), ROWS, 120), 120)
    assert narrow.startswith("id  ")
    assert len(narrow.splitlines()) > 3


def test_a_list_where_there_is_none() -> None:
    """Elsewhere a row is a list of its facts, without those that it has not."""
    told = printed(printing.table(("id", "name", "key", "needs"), ROWS, 60), 60)
    first, second = told.split("\n\n")
    assert first.startswith(f"id     {ID}\nname   Thirty")
    assert second == f"id     {ID[::-1]}\nname   會議\n"


def test_no_rows() -> None:
    """A table without rows says that there is nothing."""
    assert printed(printing.table(("id",), [], 80), 80) == "There are none.\n"


def test_no_blanks_at_the_end() -> None:
    """Facts end where their text does: what is copied or cut out has no blanks behind it."""
    told = printed(printing.facts({"id": ID, "name": "Ada"}, 80), 80)
    assert told == f"id    {ID}\nname  Ada\n"
