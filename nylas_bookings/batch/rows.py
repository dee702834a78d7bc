"""The rows of a batch: one for each booking that is asked for, with what happened to it so far."""

from __future__ import annotations

import hashlib
import struct
import time
from datetime import UTC, datetime
from typing import Any

import orjson
from attrs import define, frozen

from .._wire.converter import to_json
from ..errors import BookingsError, InvalidRequest, Outcome
from ..models._secret import plain
from ..models.bookings import Booking, NewBooking
from .addresses import comparable_set
from .results import Created, Evidence, Failed, Result, Unknown


@define(eq=False)
class Row:
    """One booking that is asked for.

    Attributes:
        number: Where it is in the journal.
        position: Where it is in the input, from 1.
        body: The JSON that is sent.
        sends: How many requests for it have left.
        doubts: After how many of them nobody knew whether there was a booking.
        sent_at: When it was sent first, in seconds since the epoch.
        sent_clock: When the first of the requests left after which nobody knew, by the event loop's
            clock; None if another run has sent it.
        evidence: What was seen of it last, since it was sent last.
    """

    number: int
    position: int
    key: str
    request: NewBooking
    body: bytes
    sends: int = 0
    doubts: int = 0
    sent_at: float | None = None
    sent_clock: float | None = None
    evidence: Evidence | None = None

    def sending(self) -> None:
        """It is about to be sent: by one request, of which nobody knows yet what it does."""
        self.sends += 1
        self.doubts += 1
        self.evidence = None
        if self.sent_at is None:
            self.sent_at = time.time()

    def leaves(self, clock: float) -> None:
        """It is sent now, by the event loop's clock."""
        if self.doubts == 1:
            self.sent_clock = clock

    def sent(self, requests: int, *, in_doubt: bool) -> None:
        """It was sent, by so many requests, and that may have booked or has not."""
        self.sends += requests - 1
        self.doubts -= not in_doubt
        if self.sends == 0:
            self.sent_at = None

    def not_sent(self) -> None:
        """It was not sent after all."""
        self.sent(0, in_doubt=False)

    def created(self, booking: Booking, evidence: Evidence | None = None) -> Created:
        """Its result: there is a booking."""
        return Created(
            request=self.request,
            key=self.key,
            attempts=self.sends,
            sent_at=self._sent_first(),
            elapsed=self.elapsed(),
            booking=booking,
            evidence=evidence,
        )

    def failed(self, error: BookingsError) -> Failed:
        """Its result: there is none."""
        return Failed(
            request=self.request,
            key=self.key,
            attempts=self.sends,
            sent_at=self._sent_first(),
            elapsed=self.elapsed(),
            error=error,
        )

    def unknown(self, error: BookingsError, evidence: Evidence | None = None) -> Unknown:
        """Its result: there may be one. Without a new look, what was seen before still counts."""
        self.evidence = evidence or self.evidence
        return Unknown(
            request=self.request,
            key=self.key,
            attempts=self.sends,
            sent_at=self._sent_first(),
            elapsed=self.elapsed(),
            error=error,
            evidence=self.evidence,
        )

    def elapsed(self) -> float:
        """How many seconds passed since it was sent first."""
        return 0.0 if self.sent_at is None else max(0.0, time.time() - self.sent_at)

    def _sent_first(self) -> datetime | None:
        return None if self.sent_at is None else datetime.fromtimestamp(self.sent_at, UTC)

    def identity(self) -> tuple[frozenset[str], int, int]:
        """What a calendar shows of it: two rows that share this cannot be told apart there."""
        return people_of(self.request), *slot_of(self.request)


@frozen
class Rival:
    """Another row for the same slot, which may have made a booking that nobody has told of.

    Attributes:
        people: The addresses of all its guests, as they can be compared.
        sent_at: When it was sent first, in seconds since the epoch.
    """

    people: frozenset[str]
    sent_at: float | None

    @classmethod
    def of(cls, body: str, sent_at: float | None) -> Rival:
        """Read the rival from the JSON that it sends."""
        told = orjson.loads(body)
        guests = (told["guest"], *told.get("additional_guests", ()))
        return cls(comparable_set(guest["email"] for guest in guests), sent_at)

    @classmethod
    def from_row(cls, row: Row) -> Rival:
        """Return what a row of this run is to the others."""
        return cls(people_of(row.request), row.sent_at)


def people_of(wanted: NewBooking) -> frozenset[str]:
    """The addresses of all guests, as they can be compared."""
    return comparable_set(guest.email for guest in (wanted.guest, *wanted.additional_guests))


def slot_of(wanted: NewBooking) -> tuple[int, int]:
    """Return when a booking starts and ends, in seconds since the epoch.

    Two `datetime`s in the repeated hour of a clock change are equal, or never equal, whatever
    moments they mean, so that none of them may be compared.
    """
    return int(wanted.start_time.timestamp()), int(wanted.end_time.timestamp())


def is_doubtful(answer: Any) -> bool:
    """Whether there may be a booking that nobody has told of."""
    return isinstance(answer, BookingsError) and answer.outcome in (Outcome.UNKNOWN, Outcome.DONE)


def result_of(row: Row, answer: Booking | BookingsError) -> Result:
    """What an answer means for its row, when nobody looks any further."""
    if not isinstance(answer, BookingsError):
        return row.created(answer)
    return row.unknown(answer) if is_doubtful(answer) else row.failed(answer)


def row(position: int, request: object) -> Row:
    """The row for an item of the input; refuses what is no booking to be made."""
    if not isinstance(request, NewBooking):
        raise InvalidRequest(
            f"item {position} of the batch must be a NewBooking, not {type(request).__name__}"
        )
    try:
        body = to_json(request)
    except InvalidRequest as error:
        raise InvalidRequest(f"item {position} of the batch: {error.message}") from None
    key = plain(request.key)
    if key is None:
        return Row(position, position, f"#{position}", request, body)
    if not isinstance(key, str) or not key or key.startswith("#") or not _can_be_written(key):
        raise InvalidRequest(
            f"item {position} of the batch has a bad key: it must be a text that is not empty, "
            "does not begin with #, and has no NUL and no half of a surrogate pair in it"
        )
    return Row(position, position, key, request, body)


def _can_be_written(key: str) -> bool:
    """Tell whether every journal can write a key; PostgreSQL takes no NUL."""
    try:
        return b"\0" not in key.encode()
    except UnicodeEncodeError:
        return False


def fingerprint(row: Row, configuration: str) -> str:
    """What tells this row from any other: its key, and all that would be sent."""
    zone = row.request.booking_timezone or ""
    parts = (row.key.encode(), configuration.encode(), zone.encode(), row.body)
    lengths = struct.pack(">4Q", *map(len, parts))
    return hashlib.sha256(lengths + b"".join(parts)).hexdigest()
