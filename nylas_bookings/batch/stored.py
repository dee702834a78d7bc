"""Results as a journal keeps them, without anything that is a credential, and back again."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from attrs import asdict, evolve

from .. import errors
from .._wire.converter import structurer
from ..errors import APIError, BookingsError, InvalidRequest, NoAnswer, UnexpectedAnswer
from ..models.bookings import Booking, NewBooking
from .results import Created, Evidence, Failed, Result, Unknown
from .rows import Row

_CLASSES: Final[dict[str, type[BookingsError]]] = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, BookingsError)
}

FACTS: Final = (
    "state",
    "attempts",
    "doubts",
    "sent_at",
    "elapsed",
    "booking_id",
    "booking",
    "error",
    "evidence",
)
"""The columns that change while a row lives."""


def sending(row: Row) -> list[Any]:
    """The facts of a row that is about to be sent."""
    return ["sending", row.sends, row.doubts, row.sent_at, None, None, None, None, None]


def planned(row: Row) -> list[Any]:
    """The facts of a row that is still to be sent."""
    return ["planned", row.sends, row.doubts, row.sent_at, None, None, None, None, None]


def facts(row: Row, result: Result) -> list[Any]:
    """The facts of a row that has a result, as the columns of a journal."""
    sent = [row.sends, row.doubts, row.sent_at, result.elapsed]
    if isinstance(result, Created):
        booking = result.booking
        told = [booking.booking_id, _text(_booking(booking)), None, _text(_evidence(result))]
        return ["created", *sent, *told]
    state = "failed" if isinstance(result, Failed) else "unknown"
    return [state, *sent, None, None, _text(_error(result.error)), _text(_evidence(result))]


def line_of(result: Result) -> list[Any]:
    """Convert a result to JSON values that `result_in` reads, with all that its booking has."""
    line: list[Any] = [result.key, result.request.booking_timezone, result.attempts]
    line += [result.sent_at and result.sent_at.timestamp(), result.elapsed]
    if isinstance(result, Created):
        booking = result.booking
        # They hold a salt, so no journal has them.
        secret = {"description": booking.description, "booking_ref": booking.booking_ref}
        return [*line, "created", _booking(booking) | secret, None, _evidence(result)]
    state = "failed" if isinstance(result, Failed) else "unknown"
    return [*line, state, None, _error(result.error), _evidence(result)]


def _booking(booking: Booking) -> dict[str, Any]:
    """The booking without the description and the reference."""
    organizer = booking.organizer
    return {
        "booking_id": booking.booking_id,
        "event_id": booking.event_id,
        "title": booking.title,
        "organizer": {
            "email": organizer.email,
            "name": organizer.name,
            "is_organizer": organizer.is_organizer,
        },
        "status": booking.status,
        "location": booking.location,
        "request_id": booking.request_id,
    }


def _evidence(result: Result) -> dict[str, Any] | None:
    evidence = None if isinstance(result, Failed) else result.evidence
    return None if evidence is None else asdict(evidence)


def _text(value: dict[str, Any] | None) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _error(error: BookingsError) -> dict[str, Any]:
    """What can be told of an error: no body, no headers, nothing that the provider said."""
    told: dict[str, Any] = {
        "class": type(error).__name__,
        "message": error.message,
        "outcome": error.outcome.value,
        "attempts": error.attempts,
        "request_id": error.request_id,
        "retry_after": error.retry_after,
    }
    if isinstance(error, APIError | UnexpectedAnswer):
        told["status"] = error.status
    if isinstance(error, APIError):
        told["type"] = error.type
    return told


def error_of(text: str) -> BookingsError:
    """The error that a journal tells of."""
    return _read_error(orjson.loads(text))


def _read_error(told: dict[str, Any]) -> BookingsError:
    cls = _CLASSES.get(told["class"], NoAnswer)
    facts = {name: told[name] for name in ("request_id", "retry_after")}
    facts["outcome"] = errors.Outcome(told["outcome"])
    if issubclass(cls, APIError):
        facts |= {"status": told["status"], "type": told["type"]}
    elif issubclass(cls, UnexpectedAnswer):
        facts |= {"status": told["status"], "body": b""}
    error = cls(told["message"], **facts)
    error.operation = "bookings.create"
    error.attempts = told["attempts"]
    return error


def may_repeat(error: BookingsError) -> bool:
    """Whether a row that failed so may be sent by a later run: it never got as far as a no."""
    if isinstance(error, InvalidRequest):
        return False
    return error.outcome is errors.Outcome.NOT_SENT or isinstance(error, errors.RateLimited)


def request_of(body: str, zone: str | None, key: str) -> NewBooking:
    """The booking that was asked for."""
    told: NewBooking = structurer(NewBooking)(orjson.loads(body), NewBooking)
    return evolve(told, booking_timezone=zone, key=None if key.startswith("#") else key)


def results(page: Callable[[int], Iterable[tuple[Any, ...]]]) -> Iterator[Result]:
    """The results in a journal, in the order of its rows.

    Args:
        page: The next lines after that number: each a number, and then what `result_of` reads.
    """
    last = -1
    while lines := page(last):
        for number, *columns in lines:
            yield result_of(tuple(columns))
            last = number


def result_of(columns: tuple[Any, ...]) -> Result:
    """The result in a line of `SELECT key, request, booking_timezone, …FACTS`."""
    key, body, zone, state, sends, _, sent_at, elapsed, _, *texts = columns
    values = (None if text is None else orjson.loads(text) for text in texts)
    return result_in(body, [key, zone, sends, sent_at, elapsed, state, *values])


def result_in(body: str, line: list[Any]) -> Result:
    """The result that `line_of` has converted, for a request with that body."""
    key, zone, sends, sent_at, elapsed, state, booking, error, evidence = line
    common: dict[str, Any] = {
        "request": request_of(body, zone, key),
        "key": key,
        "attempts": sends,
        "sent_at": None if sent_at is None else datetime.fromtimestamp(sent_at, UTC),
        "elapsed": elapsed or 0.0,
    }
    found = None if evidence is None else _read_evidence(evidence)
    if state == "created":
        made = structurer(Booking)(booking, Booking)
        return Created(booking=made, evidence=found, **common)
    if state == "failed":
        return Failed(error=_read_error(error), **common)
    lost = interrupted() if error is None else _read_error(error)
    return Unknown(error=lost, evidence=found, **common)


def evidence_of(text: str) -> Evidence:
    """The evidence that a journal tells of."""
    return _read_evidence(orjson.loads(text))


def _read_evidence(told: dict[str, Any]) -> Evidence:
    lists = {name: tuple(told[name]) for name in ("events", "bookings")}
    return Evidence(**(told | lists))


def interrupted() -> NoAnswer:
    """What became of a call when its process was stopped in the middle of it."""
    error = NoAnswer("the batch was stopped while the call was on its way")
    error.operation, error.attempts = "bookings.create", 1
    return error
