"""What tools write into the documentation is up to date, and says what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nylas_bookings import errors
from nylas_bookings.operations import OPERATIONS
from tools import generate_docs, generate_layers


def test_the_tables_are_up_to_date() -> None:
    """Each table in the documentation is what its tool makes of the code of today."""
    for page, text in generate_docs.outdated().items():
        assert page.read_text(encoding="utf-8") == text, "run tools/generate_docs.py"


def test_the_picture_is_up_to_date() -> None:
    """The picture of the layers is the table that the imports are held against."""
    drawn = generate_layers.TARGET.read_text(encoding="utf-8")
    assert drawn == generate_layers.picture(), "run tools/generate_layers.py"


def test_every_table_has_its_place() -> None:
    """No table is made for nothing, and no page asks for one that does not exist."""
    asked = {
        name
        for page in generate_docs.pages()
        for name in re.findall(r"<!-- generated: (.+?) -->", page.read_text(encoding="utf-8"))
    }
    assert asked == generate_docs.REGIONS.keys()


def test_a_table_that_is_not_up_to_date(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A page with another table is found, and what it should say is between the same marks."""
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- generated: scopes -->\nold\n<!-- end of generated -->\nb\n")
    monkeypatch.setattr(generate_docs, "pages", lambda: [page])
    text = generate_docs.outdated()[page]
    assert "old" not in text
    assert "`calendar.events`" in text
    assert text.startswith("a\n<!-- generated: scopes -->\n")
    assert text.endswith("\n<!-- end of generated -->\nb\n")
    assert generate_docs.regenerated(text) == text


def test_the_table_of_errors_names_all_of_them() -> None:
    """Every error that can be raised is in the table, under its parent."""
    named = re.findall(r"`(\w+)` \|", generate_docs.error_tree())
    public = {name for name, value in vars(errors).items() if isinstance(value, type)}
    raised = {name for name in public if issubclass(vars(errors)[name], errors.BookingsError)}
    assert raised <= set(named)


def test_the_table_of_calls_names_all_of_them() -> None:
    """Every operation has a line, which says whether it is repeated."""
    lines = generate_docs.operations().splitlines()[2:]
    assert len(lines) == len(OPERATIONS)
    assert [line.endswith("**no** |") for line in lines] == [
        not row.repeatable for row in OPERATIONS
    ]


def test_a_variable_that_nobody_explains(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of the environment that the code reads has to be explained."""
    monkeypatch.delitem(generate_docs.VARIABLES, "NYLAS_SLUG")
    with pytest.raises(SystemExit, match="NYLAS_SLUG"):
        generate_docs.environment()
