"""The words that can follow a command, as the branches of a shell's `case` or `switch`.

Each is a line of a word, its kind and what it is about, with tabs between them. The kind is
`command`, `flag`, `value`, `files`, or the choices there are. An argument is called `<1>`, `<2>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from ..listing import Command, commands, parts

Word: TypeAlias = tuple[str, str, str]

_HELP: Final = "Show this help"
_LONGEST: Final = 70


def cases(shell: str) -> str:
    """The branches, one for each command that there is and for those that have commands."""
    branch = _fish if shell == "fish" else _posix
    return "".join(branch(path, ["\t".join(word) for word in of]) for path, of in _all())


def _all() -> Iterator[tuple[str, list[Word]]]:
    """All commands, with the words that can follow them."""
    helps: list[Word] = [("--help", "flag", _HELP), ("-h", "flag", _HELP)]
    for path, within in parts():
        version: list[Word] = [] if path else [("--version", "flag", "Show the version")]
        inner = [(name, "command", _short(about)) for name, about in within.items()]
        yield path, [*inner, *helps, *version]
    for command in commands():
        yield command.name, [*_words(command), *helps]


def _words(command: Command) -> Iterator[Word]:
    position = 0
    for option in command.options:
        kind = " ".join(option.choices) or option.takes
        for name in option.names:
            if not name.startswith("-"):
                position += 1
                name = f"<{position}>"  # noqa: PLW2901 - what the scripts call an argument
            yield name, kind, _short(option.about)


def _short(about: str) -> str:
    """The first sentence of it, in one line."""
    first = about.partition("\n")[0].partition(". ")[0].removesuffix(".")
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1].rstrip()}…"


def _posix(path: str, lines: Iterable[str]) -> str:
    quoted = ("'{}'".format(line.replace("'", "'\\''")) for line in lines)
    return "    '{}') printf '%s\\n' \\\n      {} ;;\n".format(path, " \\\n      ".join(quoted))


def _fish(path: str, lines: Iterable[str]) -> str:
    escaped = (line.replace("\\", "\\\\").replace("'", "\\'") for line in lines)
    quoted = " \\\n                ".join(f"'{line}'" for line in escaped)
    return f"        case '{path}'\n            printf '%s\\n' \\\n                {quoted}\n"
