"""Takes secrets out of what an answer may have echoed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .errors import APIError, BookingsError, UnexpectedAnswer

_HIDDEN = "•••"


def redact(error: BookingsError, secrets: Sequence[str]) -> None:
    """Remove the secrets from everything that the error holds."""
    error.args = tuple(without(arg, secrets) for arg in error.args)
    if isinstance(error, APIError):
        error.type = without(error.type, secrets)
        error.provider_error = without(error.provider_error, secrets)
        error.headers = without(error.headers, secrets)
    if isinstance(error, UnexpectedAnswer):
        error.body = without(error.body, secrets)


def without(value: Any, secrets: Sequence[str]) -> Any:
    """The same JSON value, text or bytes, with the secrets blotted out."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, _HIDDEN)
    elif isinstance(value, bytes):
        for secret in secrets:
            value = value.replace(secret.encode(), _HIDDEN.encode())
    elif isinstance(value, dict):
        return {without(key, secrets): without(item, secrets) for key, item in value.items()}
    elif isinstance(value, list):
        return [without(item, secrets) for item in value]
    return value
