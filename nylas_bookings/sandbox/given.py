"""What a JSON body gives, as a model: official clients send null for what they do not give."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from ..errors import InvalidRequest
from .refusals import bad_request

Model = TypeVar("Model")

_DEEPEST: Final = 100
_CONTAINERS: Final = (dict, list)


def as_model(cls: type[Model], given: Any, path: str) -> Model:
    """What is given, read as a model; refuses what does not fit, and says where."""
    from .._wire import converter  # what it needs takes a moment to load: not before a request

    read: Any = converter.structurer
    try:
        model: Model = read(cls)(given, cls)
    except Exception:  # noqa: BLE001 - cattrs raises many kinds for a wrong value
        model = _explained(cls, given, path)
    return model


def _explained(cls: Any, given: Any, path: str) -> Any:
    """The same, by the reader that takes longer and can say what does not fit."""
    from .._wire import converter

    try:
        return converter.as_model(cls, given, path)
    except InvalidRequest as misfit:
        raise bad_request(misfit.message) from None


def without_nulls(value: Any) -> Any:
    """The value without the keys, however deep, whose value is null."""
    if isinstance(value, dict):
        return {
            key: without_nulls(item) if isinstance(item, _CONTAINERS) else item
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def is_too_deep(raw: bytes, value: Any) -> bool:
    """Whether lists and objects are nested so deep that what is kept could not be told again."""
    if raw.count(b"[") + raw.count(b"{") <= _DEEPEST:
        return False
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    if not isinstance(value, dict | list):
        return []
    items = value.values() if isinstance(value, dict) else value
    return [item for item in items if isinstance(item, dict | list)]
