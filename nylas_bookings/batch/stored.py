"""Results as a journal keeps them, without anything that is a credential, and back again."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final

import orjson
from attrs import asdict, evolve, fields

from .. import errors
from .._wire.converter import structurer
from ..errors import APIError, BookingsError, InvalidRequest, NoAnswer, UnexpectedAnswer
from ..models.bookings import Booking, NewBooking, Organizer
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

_ORGANIZER: Final = ("email", "name", "is_organizer")
_BOOKING: Final = tuple(field.name for field in fields(Booking) if field.name != "organizer")
_WHOLE: Final = attrgetter(*(f"organizer.{name}" for name in _ORGANIZER), *_BOOKING)


def sending(row: Row) -> list[Any]:
    """The facts of a row that is about to be sent."""
    return ["sending", row.sends, row.doubts, row.sent_at, None, None, None, None, None]


def planned(row: Row) -> list[Any]:
    """The facts of a row that is still to be sent."""
    return ["planned", row.sends, row.doubts, row.sent_at, None, None, None, None, None]


def created(row: Row, booking: Booking) -> list[Any]:
    """The facts of a row that was created just now."""
    sent = (row.sends, row.doubts, row.sent_at, row.elapsed())
    return ["created", *sent, booking.booking_id, _text(_booking(booking)), None, None]


def facts(row: Row, result: Result) -> list[Any]:
    """The facts of a row that has a result, as the columns of a journal."""
    sent = (row.sends, row.doubts, row.sent_at, result.elapsed)
    if isinstance(result, Created):
        booking = result.booking
        told = [booking.booking_id, _text(_booking(booking)), None, _text(_evidence(result))]
        return ["created", *sent, *told]
    state = "failed" if isinstance(result, Failed) else "unknown"
    return [state, *sent, None, None, _text(_error(result.error)), _text(_evidence(result))]


def contested(row: Row, booking: Booking) -> Unknown:
    """The result of a row to whose call the API has responded with another row's booking."""
    error, evidence = _contested(row.sends, booking.booking_id)
    return row.unknown(error, evidence)


def contested_facts(facts: list[Any]) -> list[Any]:
    """The facts of a row that was created, by its response, but whose booking another row has."""
    _, sends, doubts, sent_at, elapsed, booking_id, *_ = facts
    error, evidence = _contested(sends, booking_id)
    told = [_text(_error(error)), _text(asdict(evidence))]
    return ["unknown", sends, doubts + 1, sent_at, elapsed, None, None, *told]


def _contested(sends: int, booking_id: str) -> tuple[NoAnswer, Evidence]:
    error = NoAnswer(
        "the response has a booking that another row has already, so it is not known what the call "
        "has made"
    )
    error.operation, error.attempts = "bookings.create", sends
    return error, Evidence(says="another row has the booking", bookings=(booking_id,))


def line_of(result: Result) -> list[Any]:
    """Convert a result to values that JSON has and `result_in` reads, with all of its booking."""
    if isinstance(result, Created):
        outcome = ["created", _WHOLE(result.booking), None, _evidence(result)]
    else:
        state = "failed" if isinstance(result, Failed) else "unknown"
        outcome = [state, None, _error(result.error), _evidence(result)]
    zone, sent_at = result.request.booking_timezone, result.sent_at
    seconds = None if sent_at is None else sent_at.timestamp()
    return [result.key, zone, result.attempts, seconds, result.elapsed, *outcome]


def created_line(row: Row, booking: Booking) -> tuple[Any, ...]:
    """Do the same for a row that was created just now, without its result."""
    facts = (row.key, row.request.booking_timezone, row.sends, row.sent_at, row.elapsed())
    return (*facts, "created", _WHOLE(booking), None, None)


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
    key, body, zone, state, sends, _, sent_at, elapsed, _, booking, error, evidence = columns
    facts = {
        "request": request_of(body, zone, key),
        "key": key,
        "attempts": sends,
        "sent_at": None if sent_at is None else datetime.fromtimestamp(sent_at, UTC),
        "elapsed": elapsed or 0.0,
    }
    made = None if booking is None else structurer(Booking)(orjson.loads(booking), Booking)
    lost = None if error is None else error_of(error)
    return _result(state, facts, made, lost, None if evidence is None else evidence_of(evidence))


def result_in(body: str, line: list[Any]) -> Result:
    """The result that `line_of` has converted, for a request with that body."""
    key, zone, sends, sent_at, elapsed, state, booking, error, evidence = line
    facts = {
        "request": request_of(body, zone, key),
        "key": key,
        "attempts": sends,
        "sent_at": None if sent_at is None else datetime.fromtimestamp(sent_at, UTC),
        "elapsed": elapsed,
    }
    made = None if booking is None else _whole_booking(booking)
    lost = None if error is None else _read_error(error)
    seen = None if evidence is None else _read_evidence(evidence)
    return _result(state, facts, made, lost, seen)


def _whole_booking(values: list[Any]) -> Booking:
    count = len(_ORGANIZER)
    organizer = Organizer(**dict(zip(_ORGANIZER, values[:count], strict=True)))
    return Booking(organizer=organizer, **dict(zip(_BOOKING, values[count:], strict=True)))


def _result(
    state: str,
    facts: dict[str, Any],
    booking: Booking | None,
    error: BookingsError | None,
    evidence: Evidence | None,
) -> Result:
    if booking is not None:
        return Created(booking=booking, evidence=evidence, **facts)
    error = error or interrupted()
    if state == "failed":
        return Failed(error=error, **facts)
    return Unknown(error=error, evidence=evidence, **facts)


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
