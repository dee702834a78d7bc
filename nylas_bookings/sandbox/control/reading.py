"""Bodies and queries of the controls: what is given, checked before anything is done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import orjson

from ..api import BODY_LIMIT
from ..refusals import Refusal, bad_request

Reader: TypeAlias = Callable[[Any], Any]
"""Gives the value, or raises a `ValueError` that says what it must be."""


def parsed(raw: bytes | None) -> dict[str, Any]:
    """The JSON object of a body; an empty one, if there is nothing."""
    if len(raw or b"") > BODY_LIMIT:
        raise Refusal(413, "invalid_request_error", "the request body is too large")
    try:
        body = orjson.loads(raw or b"{}")
    except ValueError:
        raise bad_request("the body is not JSON") from None
    if not isinstance(body, dict):
        raise bad_request("the body must be a JSON object")
    return body


def given(
    body: Mapping[str, Any], required: Mapping[str, Reader], optional: Mapping[str, Reader]
) -> dict[str, Any]:
    """The values that were given; refuses others, and the lack of one that is required."""
    readers = {**required, **optional}
    if missing := [name for name in required if name not in body]:
        raise bad_request(f"{missing[0]} is required")
    if unknown := [name for name in body if name not in readers]:
        known = ", ".join(readers) or "nothing"
        raise bad_request(f"{unknown[0]!r} is not known here; what can be given: {known}")
    return {name: _read(name, value, readers[name]) for name, value in body.items()}


def _read(name: str, value: Any, reader: Reader) -> Any:
    try:
        return reader(value)
    except ValueError as problem:
        raise bad_request(f"{name} must be {problem}") from None


def text(value: Any) -> str:
    """A text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text that is not empty")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - readers raise ValueErrors
    return value


def whole(value: Any) -> int:
    """A whole number."""
    if type(value) is not int:
        raise ValueError("a whole number")
    return value


def number(value: Any) -> float:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a number")  # noqa: TRY004 - readers raise ValueErrors
    return value


def moment(value: Any) -> datetime:
    """A moment, in epoch seconds or as text with an offset."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
        else:
            found = datetime.fromtimestamp(number(value), UTC)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError("epoch seconds, or a time with an offset such as 2026-11-23T09:00:00Z")
    return found


def anything(value: Any) -> Any:
    """What the receiver checks itself."""
    return value


def or_null(reader: Reader) -> Reader:
    """The same, or null."""
    return lambda value: None if value is None else reader(value)
