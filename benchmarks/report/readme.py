"""The figures in README.md, written by a run and never by hand."""

from __future__ import annotations

from pathlib import Path

from . import disturbance, tables
from .run import Run

BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def rewrite(path: Path, run: Run) -> None:
    """Replace the figures in a document by those of a run."""
    path.write_text(replaced(path.read_text(), run))


def replaced(text: str, run: Run) -> str:
    """A document with the figures of that run between its two marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the document has no {BEGIN.strip()} and {END.strip()}")
    return before + begin + figures(run) + end + after


def figures(run: Run) -> str:
    """Return the conditions, the targets, and below a fold all other tables."""
    *cases, targets = (table.as_markdown() for table in tables.of_run(run))
    more = ("<details><summary>Everything that was measured</summary>\n", *cases, "</details>\n")
    warning = disturbance.warn(run)
    notes = () if warning is None else (f"{warning}\n",)
    return "\n".join((f"{run.conditions()}.\n", *notes, targets, *more))
