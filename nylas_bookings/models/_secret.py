"""Texts that are credentials: used like any text, and not shown by a repr."""

from __future__ import annotations


class Secret(str):
    """A text whose repr does not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'•••'"


def hidden(value: str) -> str:
    """The converter of a field that is a credential."""
    return Secret(value)


def hidden_or_none(value: str | None) -> str | None:
    """The converter of a field that may be a credential."""
    return None if value is None else Secret(value)
