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


def facts(row: Row, result: Result, *, whole: bool) -> list[Any]:
    """The facts of a row that has a result.

    Args:
        row: The row.
        result: What became of it.
        whole: Whether the booking is kept with its description and its reference.
    """
    sent = [row.sends, row.doubts, row.sent_at, result.elapsed]
    if isinstance(result, Created):
        booking, evidence = result.booking, _evidence(result.evidence)
        told = [booking.booking_id, _booking(booking, whole=whole), None, evidence]
        return ["created", *sent, *told]
    error = orjson.dumps(_error(result.error)).decode()
    if isinstance(result, Failed):
        return ["failed", *sent, None, None, error, None]
    return ["unknown", *sent, None, None, error, _evidence(result.evidence)]


def _booking(booking: Booking, *, whole: bool) -> str:
    """The booking; not whole, it is without the description and the reference: they hold a salt."""
    organizer = booking.organizer
    told = {
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
    if whole:
        told |= {"description": booking.description, "booking_ref": booking.booking_ref}
    return orjson.dumps(told).decode()


def _evidence(evidence: Evidence | None) -> str | None:
    return None if evidence is None else orjson.dumps(asdict(evidence)).decode()


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
    told = orjson.loads(text)
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
    key, body, zone, state, sends, _, sent_at, elapsed, _, booking, error, evidence = columns
    common: dict[str, Any] = {
        "request": request_of(body, zone, key),
        "key": key,
        "attempts": sends,
        "sent_at": None if sent_at is None else datetime.fromtimestamp(sent_at, UTC),
        "elapsed": elapsed or 0.0,
    }
    found = None if evidence is None else evidence_of(evidence)
    if state == "created":
        made = structurer(Booking)(orjson.loads(booking), Booking)
        return Created(booking=made, evidence=found, **common)
    if state == "failed":
        return Failed(error=error_of(error), **common)
    lost = interrupted() if error is None else error_of(error)
    return Unknown(error=lost, evidence=found, **common)


def evidence_of(text: str) -> Evidence:
    """The evidence that a journal tells of."""
    told: dict[str, Any] = orjson.loads(text)
    lists = {name: tuple(told[name]) for name in ("events", "bookings")}
    return Evidence(**(told | lists))


def interrupted() -> NoAnswer:
    """What became of a call when its process was stopped in the middle of it."""
    error = NoAnswer("the batch was stopped while the call was on its way")
    error.operation, error.attempts = "bookings.create", 1
    return error
