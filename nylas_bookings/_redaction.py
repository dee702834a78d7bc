"""Takes secrets out of what an answer may have echoed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .errors import APIError, BookingsError, UnexpectedAnswer

_HIDDEN = "•••"
_DEEPEST = 40
"""How many levels of a JSON value are kept: an answer may nest deeper than Python can walk."""


def redact(error: BookingsError, secrets: Sequence[str]) -> None:
    """Remove the secrets from everything that the error holds."""
    error.args = tuple(without(arg, secrets) for arg in error.args)
    error.request_id = without(error.request_id, secrets)
    if isinstance(error, APIError):
        error.type = without(error.type, secrets)
        error.provider_error = without(error.provider_error, secrets)
        error.headers = without(error.headers, secrets)
    if isinstance(error, UnexpectedAnswer):
        error.body = without(error.body, secrets)


def without(value: Any, secrets: Sequence[str], levels: int = _DEEPEST) -> Any:
    """The same JSON value, text or bytes, with the secrets blotted out."""
    if not levels:
        return _HIDDEN
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, _HIDDEN)
    elif isinstance(value, bytes):
        for secret in secrets:
            value = value.replace(secret.encode(), _HIDDEN.encode())
    elif isinstance(value, dict):
        return {
            without(key, secrets): without(item, secrets, levels - 1) for key, item in value.items()
        }
    elif isinstance(value, list):
        return [without(item, secrets, levels - 1) for item in value]
    return value
