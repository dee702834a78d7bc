"""Writes the tables of the documentation: operations, errors, scopes, settings and commands.

A page marks where a table goes, with `<!-- generated: NAME -->` and `<!-- end of generated -->`.
`--check` only says which pages are out of date.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from docstring_parser import parse as parsed

from nylas_bookings import AsyncClient, Pace, Retry, Timeout, errors
from nylas_bookings._scopes import SCOPES
from nylas_bookings.batch import CalendarSettler
from nylas_bookings.cli.app import app
from nylas_bookings.operations import OPERATIONS

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "nylas_bookings"
REGION: Final = re.compile(
    r"(<!-- generated: ([A-Za-z ]+) -->\n).*?(<!-- end of generated -->)", re.DOTALL
)

VARIABLES: Final = {
    "NYLAS_API_KEY": "an API key: `ApiKey`",
    "NYLAS_API_URI": "the server: that of the United States if it is not set",
    "NYLAS_BOOKING_REF": "a booking reference, for commands: it may have a salt in it",
    "NYLAS_CLIENT_ID": "the application that a page belongs to, next to `NYLAS_SLUG`",
    "NYLAS_CONFIGURATION_ID": "a configuration: `PublicConfiguration`, or next to an API key",
    "NYLAS_GRANT_ID": "the grant whose configurations and calendar a command is about",
    "NYLAS_SESSION_ID": "a session: `SessionToken`. It comes before everything else",
    "NYLAS_SLUG": "the name of a page: `PublicPage`",
    "NYLAS_WEBHOOK_SECRET": "the secret of a subscription, for `nylas-bookings webhook listen`",
}
"""What the environment can say. A variable that the package reads must be here, and no other."""


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(_cell(text) for text in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def first_sentence(doc: str | None) -> str:
    """What a docstring says first."""
    return parsed(doc or "").short_description or ""


def operations() -> str:
    """What the API can be asked, in the words of the client and on the wire."""
    return table(
        ("call", "request", "sent again after a lost answer"),
        (
            (f"`{row.name}`", f"`{row.method} {row.path}`", "yes" if row.repeatable else "**no**")
            for row in OPERATIONS
        ),
    )


def scopes() -> str:
    """What each call needs of the host's grant."""
    return table(
        ("call", "Google", "Microsoft", "the vendor lists it"),
        (
            (f"`{name}`", f"`{row.google}`", f"`{row.microsoft}`", "yes" if row.listed else "no")
            for name, row in SCOPES.items()
        ),
    )


def error_tree() -> str:
    """Every error: where it belongs, when it is raised, and what it says about the call."""
    return table(
        ("error", "when", "`outcome`"),
        (
            (f"{'&nbsp;' * 4 * depth}`{cls.__name__}`", first_sentence(cls.__doc__), _outcome(cls))
            for depth, cls in _descended(errors.BookingsError)
        ),
    )


def _descended(
    cls: type[errors.BookingsError], depth: int = 0
) -> Iterator[tuple[int, type[errors.BookingsError]]]:
    yield depth, cls
    for child in cls.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _descended(child, depth + 1)


def _outcome(cls: type[errors.BookingsError]) -> str:
    about_a_call = cls not in (errors.BookingsError, errors.WebhookRejected, errors.BatchError)
    return f"`{cls.outcome.name}`" if about_a_call else ""


def environment() -> str:
    """The variables that `from_env` and the command read."""
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    read = set(re.findall(r"\bNYLAS_[A-Z]+(?:_[A-Z]+)*\b", source))
    if read != VARIABLES.keys():
        raise SystemExit(f"say in VARIABLES what these are: {sorted(read ^ VARIABLES.keys())}")
    rows = ((f"`{name}`", meaning) for name, meaning in sorted(VARIABLES.items()))
    return table(("variable", "what it says"), rows)


def settings(cls: Callable[..., Any]) -> Callable[[], str]:
    """The parameters of a class, with what they are if they are not given."""

    def rows() -> Iterator[tuple[str, str, str]]:
        meanings = {one.arg_name: one.description or "" for one in parsed(cls.__doc__ or "").params}
        for name, parameter in inspect.signature(cls).parameters.items():
            yield f"`{name}`", _default(parameter.default), meanings[name]

    return lambda: table(("setting", "default", "what it is"), rows())


def _default(value: object) -> str:
    return "" if value is inspect.Parameter.empty else f"`{value!r}`"


def commands() -> str:
    """What the command says about itself, with `--help` and about each of its commands."""
    # cyclopts takes part of the usage from how the program was started.
    with patch.object(sys, "argv", ["nylas-bookings"]):
        text = app.generate_docs(flatten_commands=True, heading_level=2)
    title_and_contents = re.compile(r"(?sm)\A## .*?\n|^## Table of Contents\n.*?(?=^\*\*)")
    return title_and_contents.sub("", text).strip() + "\n"


REGIONS: Final[dict[str, Callable[[], str]]] = {
    "operations": operations,
    "scopes": scopes,
    "errors": error_tree,
    "environment": environment,
    "commands": commands,
    "settings of AsyncClient": settings(AsyncClient),
    "settings of Retry": settings(Retry),
    "settings of Timeout": settings(Timeout),
    "settings of Pace": settings(Pace),
    "settings of CalendarSettler": settings(CalendarSettler),
}


def pages() -> list[Path]:
    """Everything that may have a table in it."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def regenerated(text: str) -> str:
    """The text of a page with its tables as they should be."""
    return REGION.sub(lambda found: f"{found[1]}\n{REGIONS[found[2]]()}\n{found[3]}", text)


def outdated() -> dict[Path, str]:
    """The pages that are not as they should be, with what they should be."""
    found = {path: path.read_text(encoding="utf-8") for path in pages()}
    wanted = {path: regenerated(text) for path, text in found.items()}
    return {path: text for path, text in wanted.items() if text != found[path]}


def main() -> int:
    """Write the pages, or with `--check` compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if it differs")
    check = parser.parse_args().check
    stale = outdated()
    for path, text in stale.items():
        if check:
            print(f"{path.relative_to(ROOT)}: run tools/generate_docs.py", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
