"""What commands there are, with their options: for the documentation, and for tests."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen
from cyclopts import App

from .app import app


@frozen(kw_only=True)
class Option:
    """An argument or an option.

    Attributes:
        names: Such as `--yes` and `-y`; an argument has one without hyphens.
        variable: The environment variable that is read if it is not given.
    """

    names: tuple[str, ...]
    about: str
    required: bool
    variable: str | None


@frozen(kw_only=True)
class Command:
    """A command.

    Attributes:
        name: As it is typed after `nylas-bookings`, such as `config list`.
        about: What it does; the first line says it in short.
    """

    name: str
    about: str
    options: tuple[Option, ...]


def commands() -> Iterator[Command]:
    """All commands, in the order of the help."""
    yield from _within(app, ())


def _within(part: App, path: tuple[str, ...]) -> Iterator[Command]:
    for name in part:
        if name.startswith("-"):
            continue
        inner = part[name]
        if inner.default_command is None:
            yield from _within(inner, (*path, name))
        else:
            options = tuple(_options(inner))
            yield Command(name=" ".join((*path, name)), about=inner.help, options=options)


def _options(command: App) -> Iterator[Option]:
    for argument in command.assemble_argument_collection(parse_docstring=True):
        variables = argument.parameter.env_var or ()
        yield Option(
            names=tuple(argument.names),
            about=" ".join((argument.parameter.help or "").split()),
            required=bool(argument.required),
            variable=next(iter(variables), None),
        )
