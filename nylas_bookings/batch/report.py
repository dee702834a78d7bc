"""The report of a batch: how many of which result, and all of them, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from attrs import frozen

from ..errors import BatchError, BookingsError, Outcome
from .journal import Counts
from .results import Created, Result

_MOST_ERRORS: Final = 100


@frozen(kw_only=True, eq=False)
class BatchReport:
    """What became of a batch. With a journal: of all its runs.

    Iterating reads the results one by one, however many there are.

    Attributes:
        created: How many bookings there are.
        failed: How many were refused, or could not be sent.
        unknown: How many may have been made.
        left: How many were read from the input and not sent, because the batch was stopped. Rows
            that were read ahead are among them.
        stopped: Whether `stop_on` has ended it.
    """

    created: int
    failed: int
    unknown: int
    left: int
    stopped: bool
    _results: Callable[[], Iterator[Result]]

    def __iter__(self) -> Iterator[Result]:
        """The results, in the order of the input."""
        return self._results()

    def __len__(self) -> int:
        """How many results there are."""
        return self.created + self.failed + self.unknown

    def __bool__(self) -> bool:
        """There is a report, whatever it says."""
        return True

    def __repr__(self) -> str:
        """The counts."""
        return (
            f"<BatchReport: {self.created} created, {self.failed} failed, {self.unknown} unknown, "
            f"{self.left} left>"
        )

    def raise_for_failures(self) -> None:
        """Raise a `BatchError` when not all bookings were made; its `errors` say why."""
        if not (self.failed or self.unknown or self.left):
            return
        bad = (result for result in self if not isinstance(result, Created))
        errors: list[BookingsError] = []
        first = ""
        for result in bad:
            first = first or f"; the first is {result.key!r}: {result.error}"
            errors.append(result.error)
            if len(errors) >= _MOST_ERRORS:
                break
        raise BatchError(
            f"of {len(self) + self.left} bookings {self.failed} failed, {self.unknown} may have "
            f"been made and {self.left} were not sent{first}",
            outcome=Outcome.UNKNOWN if self.unknown else Outcome.REFUSED,
            errors=tuple(errors),
        )


def report(
    counts: Counts, results: Callable[[], Iterator[Result]], *, stopped: bool
) -> BatchReport:
    """The report of a batch that has finished."""
    return BatchReport(
        created=counts.created,
        failed=counts.failed,
        unknown=counts.unknown + counts.sending,
        left=counts.planned,
        stopped=stopped,
        results=results,
    )
