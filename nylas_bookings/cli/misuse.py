"""Tells what cannot be understood of a command line, and where its help is."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import (
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnusedCliTokensError,
)

from ..errors import InvalidRequest
from . import exits, printing
from .listing import Option, commands
from .running import described


def told(error: CycloptsError) -> int:
    """Say it in a line, and as a document to those who asked for one; says the exit code."""
    typed = sys.argv[1:]
    words = _words(error, typed)
    if "--json" in typed:
        printing.write_document({"error": described(InvalidRequest(words))})
    printing.say(f"Error: {words}", "red")
    command = " ".join(("nylas-bookings", *(error.command_chain or ()), "--help"))
    printing.say(f"`{command}` shows what there is.")
    return exits.MISUSED


def _words(error: CycloptsError, typed: Sequence[str]) -> str:
    name, said = " ".join(error.command_chain or ()), str(error)
    if isinstance(error, UnknownCommandError):
        return said.partition(" Available commands")[0]
    if isinstance(error, UnusedCliTokensError):
        return f"`{name}` takes no {' '.join(error.unused_tokens or ())!r}."
    if not isinstance(error, MissingArgumentError):
        return said
    if " Did you mean " in said:
        return "Did you mean " + said.partition(" Did you mean ")[2]
    if error.keyword is not None:
        return f"{error.keyword} needs a value."
    needed = [_name(one) for one in _required(name) if not _is_given(one, error, typed)]
    return f"`{name}` needs {_listed(needed)}."


def _required(name: str) -> tuple[Option, ...]:
    """What a command cannot do without."""
    options = next((one.options for one in commands() if one.name == name), ())
    return tuple(option for option in options if option.required)


def _is_given(option: Option, error: MissingArgumentError, typed: Sequence[str]) -> bool:
    assert error.argument is not None
    if option.names == tuple(error.argument.names):
        return False
    if not option.names[0].startswith("-"):
        return True
    if option.variable is not None and option.variable in os.environ:
        return True
    return any(token.partition("=")[0] in option.names for token in typed)


def _name(option: Option) -> str:
    variable = f" (or {option.variable} in the environment)" if option.variable else ""
    return option.names[0] + variable


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
