"""Models as JSON documents for the output, and JSON documents of the user's as models."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import attrs

from ..errors import InvalidRequest
from ..models import UNSET
from .asking import interruptible

_ONLY_TOLD: Final = {"id", "request_id", "type", "created_at", "updated_at", "modified_at"}
"""What the API tells of a thing and does not take back: what was read can be sent as it is."""


def document(value: Any) -> Any:
    """A model as the API would tell it: its names, epoch seconds, and only what is there."""
    if attrs.has(type(value)):
        told = {a.name: getattr(value, a.name) for a in attrs.fields(type(value))}
        return document({**told.pop("extra", {}), **told})
    if isinstance(value, Mapping):
        return {str(k): document(v) for k, v in value.items() if v is not None and v is not UNSET}
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, tuple | list):
        return [document(item) for item in value]
    return value


def read(file: str) -> Any:
    """The JSON in a file, or on stdin if it is `-`."""
    import orjson

    try:
        with interruptible():
            content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return orjson.loads(content)
    except OSError as error:
        raise InvalidRequest(f"{file} cannot be read: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidRequest(f"{_name(file)} is not JSON ({where}): {error.msg}") from None


def read_model(kind: Any, file: str) -> Any:
    """What a file of JSON describes, as a model of that kind."""
    return model(kind, read(file), _name(file))


def given(kind: type, file: str, **defaults: object) -> dict[str, Any]:
    """The fields of a model that a file of JSON gives, each as the client's methods take it."""
    value = read(file)
    if not isinstance(value, dict):
        raise InvalidRequest(f"{_name(file)} must hold a JSON object")
    names = set(attrs.fields_dict(kind))
    value = {key: item for key, item in value.items() if key in names or key not in _ONLY_TOLD}
    for name in value.keys() - names:
        raise InvalidRequest(f"{_name(file)}: {unknown(name, names)}")
    made = model(kind, {**defaults, **value}, _name(file))
    return {name: getattr(made, name) for name in value}


def model(kind: Any, value: Any, name: str) -> Any:
    """A JSON value as a model; what does not fit is told with its path."""
    from .._wire.converter import as_model

    return as_model(kind, value, name)


def unknown(name: str, known: set[str]) -> str:
    """That there is no such name, and which one may have been meant."""
    import difflib

    alike = difflib.get_close_matches(name, known, 1)
    return f"there is no {name!r}" + (f" (did you mean {alike[0]!r}?)" if alike else "")


def _name(file: str) -> str:
    return "stdin" if file == "-" else Path(file).name
