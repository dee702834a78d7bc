"""Everything that can go wrong with a call, and whether the call may have taken effect.

```
BookingsError                      .outcome .operation .request_id .attempts
├── InvalidRequest (ValueError)    refused here, before anything was sent
├── NotSent                        no connection: nothing reached the API
├── NoAnswer                       sent, then a timeout or a lost connection
├── UnexpectedAnswer               an answer that this package cannot read
├── APIError                       the API said no
│   ├── BadRequest 400 ── SlotUnavailable
│   ├── Unauthorized 401 · Forbidden 403 · NotFound 404 · Conflict 409 · Unprocessable 422
│   ├── RateLimited 429
│   └── ServerError 5xx ── ProviderFailure 504
├── WebhookRejected                a delivery with a wrong signature, size or shape
└── BatchError                     a batch cannot go on, or not all of it went well
```
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from . import _scopes


class Outcome(enum.Enum):
    """Whether a call that failed may have taken effect."""

    NOT_SENT = "not sent"
    """Nothing reached the API: repeat the call whenever you like."""
    REFUSED = "refused"
    """The API said no, and changed nothing."""
    UNKNOWN = "unknown"
    """It may have taken effect, now or a little later. Look before you repeat it."""
    DONE = "done"
    """It took effect; only the answer could not be used."""


_EFFECT = {
    Outcome.NOT_SENT: "Nothing was sent.",
    Outcome.REFUSED: "Nothing was changed.",
    Outcome.UNKNOWN: "It may have taken effect.",
    Outcome.DONE: "It took effect.",
}
_LONGEST = 1000
_ONLY_READS = "The call only reads."


def printable(text: str) -> str:
    """A text that came from elsewhere, in one line and of a length that people read."""
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 200]} … {text[-200:]}"
    return "".join(c if c.isprintable() else " " for c in text)


class BookingsError(Exception):
    """The root of every error that this package raises.

    Attributes:
        outcome: Whether the call may have taken effect.
        operation: Which one it was, such as `bookings.create`.
        request_id: What to quote to the vendor's support, when the API answered.
        attempts: How many times the request was sent, or tried to be.
        reads: Whether the call leaves everything as it is, whatever its outcome.
        retry_after: How many seconds the API asked to wait, when it did; no more than
            `Retry.longest_pause`.
        request: The `NewBooking` that may have been made, for `bookings.settle`.
        sent_at: When it was sent, in seconds since the epoch.
        asked_for: The configuration of which it was asked, in words without a credential.
    """

    outcome: Outcome = Outcome.NOT_SENT
    operation: str | None = None
    request_id: str | None = None
    attempts: int = 0
    reads: bool = False
    retry_after: float | None = None
    request: Any = None
    sent_at: float | None = None
    asked_for: str | None = None

    def __init__(
        self,
        message: str,
        *,
        outcome: Outcome | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        if retry_after is not None:
            self.retry_after = retry_after
        if outcome is not None:
            self.outcome = outcome
        if request_id is not None:
            self.request_id = request_id

    @property
    def message(self) -> str:
        """What happened, without the operation, the request id and the outcome."""
        return str(self.args[0])

    def __str__(self) -> str:
        subject = f"{self.operation}: " if self.operation else ""
        facts = [f"request id {self.request_id}"] if self.request_id else []
        if self.attempts > 1:
            facts.append(f"{self.attempts} attempts")
        details = f" ({', '.join(facts)})" if facts else ""
        return printable(f"{subject}{self._what()}{details}. {self._effect()}".strip())

    def _what(self) -> str:
        return self.message.rstrip(".")

    def _effect(self) -> str:
        if self.reads and self.outcome in (Outcome.UNKNOWN, Outcome.DONE):
            return _ONLY_READS
        return _EFFECT[self.outcome]

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(
    cls: type[BookingsError], args: tuple[Any, ...], state: dict[str, Any]
) -> BookingsError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class InvalidRequest(BookingsError, ValueError):
    """The call was refused here: a value is missing, of the wrong kind, or cannot work."""

    def _effect(self) -> str:
        return _EFFECT[self.outcome] if self.operation else ""


class NotSent(BookingsError):
    """Nothing reached the API: no connection, or none of the request was written."""


class NoAnswer(BookingsError):
    """The request was sent, and then a timeout or a lost connection ate the answer."""

    outcome = Outcome.UNKNOWN


class UnexpectedAnswer(BookingsError):
    """The API answered something that this package cannot read.

    Attributes:
        status: The HTTP status of the answer.
        body: What came, as far as it was read, and 256 KB of it at most; nothing, where it may hold
            a credential. It may hold personal data, so the text of the error never shows it.
        incomplete: Whether the answer stopped in the middle, or was cut off for its size.
    """

    outcome = Outcome.UNKNOWN

    def __init__(
        self, message: str, *, status: int, body: bytes, incomplete: bool = False, **facts: Any
    ) -> None:
        super().__init__(message, **facts)
        self.status = status
        self.body = body
        self.incomplete = incomplete


class APIError(BookingsError):
    """The API refused the call, or failed at it.

    Attributes:
        status: The HTTP status.
        type: The API's own word for the failure, without the `api.` that some answers carry.
        provider_error: What Google, Microsoft, … said, as it came: any JSON.
        headers: The headers of the answer, with lower-case names.
    """

    outcome = Outcome.REFUSED

    def __init__(
        self,
        message: str,
        *,
        status: int,
        type: str | None = None,
        provider_error: Any = None,
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, **facts)
        self.status = status
        self.type = type
        self.provider_error = provider_error
        self.headers: dict[str, str] = dict(headers or {})

    def _what(self) -> str:
        kind = f" {self.type}" if self.type else ""
        return f"{self.status}{kind}: {super()._what()}"


class BadRequest(APIError):
    """400: the API could not accept the request as it stands."""


class SlotUnavailable(BadRequest):
    """The time is not, or no longer, on offer."""


class Unauthorized(APIError):
    """401: the credential is missing, wrong, expired, or of the other region."""


class Forbidden(APIError):
    """403: the credential is known, but may not do this. The text names the scopes of the call."""

    def _effect(self) -> str:
        return f"{super()._effect()} {_scopes.hint(self.operation)}".strip()


class NotFound(APIError):
    """404: nothing has that id."""


class Conflict(APIError):
    """409: something else is in the way."""


class Unprocessable(APIError):
    """422: understood, but not acceptable."""


class RateLimited(APIError):
    """429: too many calls; this one was not carried out."""


class ServerError(APIError):
    """5xx: the API failed, possibly after it had done what was asked."""

    outcome = Outcome.UNKNOWN


class ProviderFailure(ServerError):
    """504: the calendar's provider did not answer the API in time."""


class WebhookRejected(BookingsError):
    """A delivery that must not be trusted: wrong signature, size or shape.

    Attributes:
        status: The HTTP status to refuse it with.
    """

    outcome = Outcome.REFUSED

    def __init__(self, message: str, *, status: int = 400, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.status = status

    def _effect(self) -> str:
        return ""


class BatchError(BookingsError):
    """A batch cannot go on, because its journal or its input is not usable, or has gone wrong.

    Attributes:
        errors: What became of single bookings, when that is what it is about; the first hundred.
    """

    def __init__(
        self, message: str, *, errors: tuple[BookingsError, ...] = (), **facts: Any
    ) -> None:
        super().__init__(message, **facts)
        self.errors = errors

    def _effect(self) -> str:
        return ""


_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Unprocessable,
    429: RateLimited,
    504: ProviderFailure,
}


def class_for(status: int) -> type[APIError]:
    """Which error stands for an HTTP status: the one table of it."""
    return _BY_STATUS.get(status, ServerError if status >= 500 else APIError)
