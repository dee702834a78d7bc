"""What the sandbox says no with: the documented errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .behaviour import Behaviour

KINDS: Final[Mapping[int, str]] = {
    400: "invalid_request_error",
    401: "unauthorized",
    403: "insufficient_scopes",
    404: "not_found_error",
    409: "conflict",
    413: "invalid_request_error",
    422: "invalid_request_error",
    423: "resource_blocked",
    429: "rate_limit_error",
    504: "provider_error",
}
"""The type of an error, by its status, unless a refusal says more."""

LOST_SLOT: Final = "timeslot_not_available"
_TIMED_OUT: Final = "Provider request timed out."


class Refusal(Exception):
    """A call that is refused: nothing was changed."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message


def of_status(status: int, message: str) -> Refusal:
    """The refusal that goes with a status."""
    usual = "internal_error" if status >= 500 else "invalid_request_error"
    return Refusal(status, KINDS.get(status, usual), message)


def told(refusal: Refusal, behaviour: Behaviour) -> dict[str, Any]:
    """The error of an answer, as the switches have it."""
    error: dict[str, Any] = {"type": named(refusal.kind, behaviour), "message": refusal.message}
    if refusal.kind == "provider_error" and behaviour.provider_error is not None:
        error["provider_error"] = _PROVIDER_ERRORS[behaviour.provider_error]
    return error


_PROVIDER_ERRORS: Final[Mapping[str, Any]] = {
    "nested": {"error": {"title": "Gateway timeout", "message": _TIMED_OUT}},
    "code and message": {"code": "504", "message": _TIMED_OUT},
    "text": _TIMED_OUT,
}


def named(kind: str, behaviour: Behaviour) -> str:
    """The type of an error, as the switches have it."""
    if kind == LOST_SLOT:
        kind = behaviour.lost_slot
    elif kind == "rate_limit_error":
        kind = behaviour.rate_limit_type
    # Numbers, and the vendor's newest word for a 429, are never seen with it.
    has_prefix = behaviour.error_prefix and not kind.isdigit() and not kind.startswith("nylas_")
    return f"api.{kind}" if has_prefix else kind


def bad_request(message: str) -> Refusal:
    """400: the request is not what the API takes."""
    return of_status(400, message)


def unavailable() -> Refusal:
    """400: the slot is not on offer. Official clients go by the first words of the message."""
    return Refusal(400, LOST_SLOT, "The selected timeslot is unavailable")


def unauthorized(message: str = "Unauthorized") -> Refusal:
    """401: no credential, or none that is known."""
    return of_status(401, message)


def not_found(message: str = "requested object not found") -> Refusal:
    """404: nothing has that id."""
    return of_status(404, message)


def unprocessable(message: str) -> Refusal:
    """422: understood, but not acceptable."""
    return of_status(422, message)


def rate_limited() -> Refusal:
    """429: too many calls."""
    return of_status(429, "Too many requests, please try again shortly.")
