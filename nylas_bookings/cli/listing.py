"""What commands there are, with their options: for the documentation, and for tests."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from cyclopts import App, Argument

from .app import app


@frozen(kw_only=True)
class Option:
    """An argument or an option.

    Attributes:
        names: Such as `--yes` and `-y`; an argument has one without hyphens.
        variable: The environment variable that is read if it is not given.
        choices: What it can be, where that is one of a few words.
        takes: `flag` if nothing follows it, else `files` or any other `value`.
    """

    names: tuple[str, ...]
    about: str
    required: bool
    variable: str | None
    choices: tuple[str, ...] = ()
    takes: str = "value"


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


def parts() -> Iterator[tuple[str, dict[str, str]]]:
    """The command itself, and those that have commands: which ones, and what these do."""
    yield "", {name: app[name].help for name in _names(app)}
    for name in _names(app):
        if app[name].default_command is None:
            yield name, {inner: app[name][inner].help for inner in _names(app[name])}


def _names(part: App) -> Iterator[str]:
    return (name for name in part if not name.startswith("-"))


def _within(part: App, path: tuple[str, ...]) -> Iterator[Command]:
    for name in _names(part):
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
            choices=_choices(argument.hint),
            takes=_takes(argument),
        )


def _choices(hint: object) -> tuple[str, ...]:
    """The words of a literal, which may be optional."""
    kinds = (hint, *typing.get_args(hint))
    return next((typing.get_args(k) for k in kinds if typing.get_origin(k) is typing.Literal), ())


def _takes(argument: Argument) -> str:
    kinds = {argument.hint, *typing.get_args(argument.hint)}
    if bool in kinds:
        return "flag"
    # What may be - for stdin is the name of a file otherwise.
    may_be_stdin = argument.parameter.allow_leading_hyphen
    return "files" if Path in kinds or may_be_stdin else "value"
