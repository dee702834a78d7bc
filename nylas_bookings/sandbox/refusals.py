"""What the sandbox says no with: the documented errors."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A call that is refused: nothing was changed."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.more = more


def bad_request(message: str) -> Refusal:
    """400: the request is not what the API takes."""
    return Refusal(400, "invalid_request_error", message)


def unavailable() -> Refusal:
    """400: the slot is not on offer. Official clients go by the first words of the message."""
    return Refusal(400, "invalid_request_error", "The selected timeslot is unavailable")


def unauthorized(message: str = "Unauthorized") -> Refusal:
    """401: no credential, or none that is known."""
    return Refusal(401, "unauthorized", message)


def not_found(message: str = "requested object not found") -> Refusal:
    """404: nothing has that id."""
    return Refusal(404, "not_found_error", message)


def unprocessable(message: str) -> Refusal:
    """422: understood, but not acceptable."""
    return Refusal(422, "invalid_request_error", message)


def rate_limited() -> Refusal:
    """429: too many calls."""
    return Refusal(429, "rate_limit_error", "Too many requests, please try again shortly.")
