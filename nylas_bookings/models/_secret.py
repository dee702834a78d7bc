"""Texts that are credentials: used like any text, and not shown by a repr."""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..errors import InvalidRequest


class Secret(str):
    """A text whose repr does not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'•••'"


NO_SECRET: Final = Secret("")
"""What stands for an argument that is not even a text."""


def plain(value: Any) -> Any:
    """Return a text as a str, whatever its class says that it is; anything else as it is.

    `str(value)` of an enum of texts is its name, and a subclass may show one text to a check and
    another to whoever writes it. What it holds is what is checked and sent.
    """
    if type(value) is str or type(value) is Secret or not isinstance(value, str):
        return value
    return str.__str__(value)


def hidden(value: str) -> str:
    """Return a credential as one that hides; the converter of a field."""
    if type(value) is Secret or not isinstance(value, str):
        return value
    return Secret(str.__str__(value))


def hidden_or_none(value: str | None) -> str | None:
    """Return what may be a credential as one that hides; the converter of a field."""
    return None if value is None else hidden(value)


def hidden_argument(value: Any) -> str:
    """Return a credential that was given to a call; what is no text is not kept to be shown."""
    return hidden(value) if isinstance(value, str) else NO_SECRET


def is_text(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Refuse a credential that is no text, without a look into it."""
    if not isinstance(value, str):
        raise InvalidRequest(f"{attribute.name} must be a str, not {type(value).__name__}")


def is_text_or_none(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Refuse what is neither a text nor nothing."""
    if value is not None:
        is_text(instance, attribute, value)
