"""Journal: where a batch writes what it is about to do, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from attrs import frozen

from .._expiry import Expiry
from ..errors import BookingsError
from ..models.bookings import Booking
from .results import Evidence, Result
from .rows import Rival, Row
from .stored import error_of, evidence_of, may_repeat

State: TypeAlias = Literal["planned", "sending", "created", "failed", "unknown"]


@frozen
class Known:
    """A row as an earlier run has left it.

    Attributes:
        sends: How many requests for it have left.
        doubts: After how many of them nobody knew whether there was a booking.
        sent_at: When it was sent first, in seconds since the epoch.
        error: What became of it, if it has failed or is unknown.
        evidence: What was seen of it, if it is unknown.
    """

    number: int
    state: State
    sends: int
    doubts: int
    sent_at: float | None
    error: BookingsError | None = None
    evidence: Evidence | None = None

    @property
    def may_repeat(self) -> bool:
        """Whether it failed in a way that says nothing against sending it again."""
        failed = self.error if self.state == "failed" else None
        return failed is not None and may_repeat(failed)

    @classmethod
    def of(
        cls,
        number: int,
        state: State,
        sends: int,
        doubts: int,
        sent_at: float | None,
        error: str | None,
        evidence: str | None,
    ) -> Known:
        """The row in a line of a table."""
        return cls(
            number,
            state,
            sends,
            doubts,
            sent_at,
            None if error is None else error_of(error),
            None if evidence is None else evidence_of(evidence),
        )


@frozen(kw_only=True)
class Counts:
    """How many rows of a batch are in which state."""

    planned: int = 0
    sending: int = 0
    created: int = 0
    failed: int = 0
    unknown: int = 0


class Journal(Protocol):
    """What the runner needs of a journal. What breaks it raises `BatchError`."""

    async def find(self, row: Row) -> Known | None:
        """What an earlier run says of the row; refuses a row that it contradicts."""

    async def plan(self, row: Row) -> None:
        """The row is part of the batch. Need not be on disk when this returns."""

    async def sending(self, row: Row) -> Expiry | None:
        """Mark the row as about to be sent: the mark is on disk when this returns.

        Returns:
            When the mark stops being a permission to send the row, because somebody else may take
            the row over; None, if nobody can.
        """

    async def unsent(self, row: Row) -> None:
        """The row is to be sent, as if it never had been. Need not be on disk when this returns."""

    async def record(self, row: Row, result: Result) -> None:
        """What became of the row. Need not be on disk when this returns."""

    async def belongs_to_another(self, booking_id: str, row: Row) -> bool:
        """Whether another row of the batch has made that booking."""

    async def claim(self, booking_id: str, row: Row) -> bool:
        """Note that the row has made a booking; False if another row has it.

        Of several that claim a booking at once, one gets it.
        """

    async def rivals(self, row: Row) -> Sequence[Rival]:
        """The other rows for the same slot of which nobody knows what they have made.

        Those of earlier runs and of other workers are among them.
        """

    @property
    def contested(self) -> Collection[str]:
        """The keys of rows that were recorded as created, and of which another has the booking.

        They are unknown.
        """

    async def finish(self, *, complete: bool) -> Counts:
        """The run is over: everything is on disk, and nothing is written any more.

        Args:
            complete: Whether the whole input was read.
        """

    def results(self) -> Iterator[Result]:
        """The results of the batch, in the order of its rows, after it has finished."""


@runtime_checkable
class KeepsBookings(Protocol):
    """A journal that makes the result of a created row when it is read, and needs none before."""

    def record_created(self, row: Row, booking: Booking) -> None:
        """The row was created just now. Need not be on disk when this returns."""
