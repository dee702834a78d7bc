"""Puts commands into the tree, in the order of reading, with help that the terminal breaks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Final

from cyclopts import App, Group, Parameter

_ALL: Final = Parameter(negative=(), show_default=False)
"""How all options are: no --no-json, and defaults are told in words where they matter."""


def add(to: App, commands: Mapping[str, Callable[..., int]], group: Group | None = None) -> None:
    """Put commands into an app, after those that it has."""
    for name, run in commands.items():
        to.command(
            run,
            name=name,
            group=group,
            help=_prose(run),
            sort_key=place(to),
            default_parameter=_ALL,
        )


def place(within: App) -> int:
    """The place after all that an app has."""
    return len(list(within))


def _prose(run: Callable[..., int]) -> str:
    """What a command says of itself, with each paragraph in one line."""
    about = (inspect.getdoc(run) or "").partition("\n\nParameters\n")[0]
    return "\n\n".join(" ".join(part.split()) for part in about.split("\n\n"))
