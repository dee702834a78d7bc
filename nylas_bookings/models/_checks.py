"""What is refused before it is sent: the checks that the attrs classes share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from ..errors import InvalidRequest
from ._secret import plain
from ._unset import UNSET


def text(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """A string with something in it."""
    if type(value) is not str:
        value = _set_plain(instance, attribute.name, value)
    if not isinstance(value, str) or not value.strip():
        raise InvalidRequest(f"{attribute.name} must be a str that is not empty")


def texts_or_none(instance: object, *names: str) -> None:
    """Each of those fields is a string, or nothing; one check for all of them is a quick one."""
    for name in names:
        value = getattr(instance, name)
        if value is None or type(value) is str:
            continue
        if not isinstance(value, str):
            raise InvalidRequest(f"{name} must be a str, not {type(value).__name__}")
        _set_plain(instance, name, value)


def _set_plain(instance: object, name: str, value: object) -> object:
    """Have a field hold what a text of another class holds; what is no text is left alone."""
    known = plain(value)
    if known is not value:
        object.__setattr__(instance, name, known)
    return known


def address(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """An e-mail address, as far as anybody but its mail server can tell."""
    text(instance, attribute, value)
    given = str(plain(value))
    before, at, after = given.rpartition("@")
    if not (before and at and after) or given.split() != [given]:  # with whitespace it is several
        raise InvalidRequest(f"{attribute.name} is not an e-mail address")


def copy_texts(name: str, value: object) -> dict[str, str]:
    """A mapping of strings to strings, as one that nobody else holds."""
    if not isinstance(value, Mapping):
        raise InvalidRequest(f"{name} must be a mapping of str to str")
    result = {plain(key): plain(item) for key, item in value.items()}
    for key, item in result.items():
        if not isinstance(key, str) or not isinstance(item, str):
            raise InvalidRequest(
                f"{name}[{key!r}] must be a str, not {type(item).__name__}: "
                "the API takes texts only"
            )
    return result


def texts_by_name_or_nothing(
    instance: object, attribute: attrs.Attribute[Any], value: object
) -> None:
    """A mapping of strings to strings, null, or nothing."""
    if value is not None and value is not UNSET:
        object.__setattr__(instance, attribute.name, copy_texts(attribute.name, value))


def many(kind: type) -> Callable[[object, attrs.Attribute[Any], object], None]:
    """A list whose items are all of one kind, or nothing."""

    def check(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value is None or value is UNSET:
            return
        name = _name(instance, attribute)
        if not isinstance(value, Sequence):
            # A generator would be used up by the look at its items.
            raise InvalidRequest(f"{name} must be a list of {kind.__name__}")
        each(kind, value, name)

    return check


def some_change(instance: Any) -> None:
    """At least one field is given: a change of nothing is a mistake."""
    if all(getattr(instance, name) is UNSET for name in attrs.fields_dict(type(instance))):
        raise InvalidRequest("nothing to change was given")


def listed(kind: type, values: object, name: str) -> tuple[Any, ...]:
    """The values as a tuple; a lone string is not a list of letters."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise InvalidRequest(
            f"{name} must be a list of {kind.__name__}, not {type(values).__name__}"
        )
    return tuple(values)


def each(kind: type, values: object, name: str) -> tuple[Any, ...]:
    """The values as a tuple, all of one kind; a bool is not a number."""
    result = listed(kind, values, name)
    if kind is str:
        result = tuple(map(plain, result))
    for index, value in enumerate(result):
        if not isinstance(value, kind) or (type(value) is bool and kind is not bool):
            raise InvalidRequest(
                f"{name}[{index}] must be {kind.__name__}, not {type(value).__name__}"
            )
    return result


def _name(instance: object, attribute: attrs.Attribute[Any]) -> str:
    return f"{type(instance).__name__}.{attribute.name}"
