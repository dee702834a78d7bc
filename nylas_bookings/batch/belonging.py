"""Whether an input is the one that a journal was begun with: the same rows come first."""

from __future__ import annotations

from ..errors import BatchError


class Belonging:
    """Meets the rows of an input, in whatever order, and refuses those of another one.

    Args:
        rows: How many rows the journal has from before.
        last: The highest number among them.
        complete: Whether it has all rows of its input.

    Attributes:
        is_new: Whether the journal has nothing to compare with.
    """

    def __init__(self, rows: int, last: int, *, complete: bool) -> None:
        self.is_new: bool = not rows and not complete
        self._rows = rows
        self._last = last
        self._complete = complete
        self._met = bytearray(last // 8 + 1)
        self._met_count = 0

    @property
    def missing(self) -> int:
        """How many rows of the journal have not come yet."""
        return self._rows - self._met_count

    def meet(self, number: int, key: str, *, same: bool) -> None:
        """A row has come that the journal knows by its key; with the same content?"""
        if number > self._last:
            raise twice(key)
        if not same:
            raise BatchError(
                f"the journal is of another input: it has {key!r} (row {number}) with other content"
            )
        byte, bit = divmod(number, 8)
        if self._met[byte] >> bit & 1:
            raise twice(key)
        self._met[byte] |= 1 << bit
        self._met_count += 1

    def refuse_new(self, key: str) -> None:
        """A row has come that the journal does not know: it may, when all others have."""
        if self.missing:
            raise BatchError(
                f"the journal is of another input: {key!r} is not in it, and {self.missing} of its "
                "rows have not come yet"
            )
        if self._complete:
            raise BatchError(
                f"the journal is of another input: {key!r} is not in it, and it has all rows of "
                "its own"
            )

    def check(self) -> None:
        """The input has ended: the journal has no other rows."""
        if self.missing:
            raise BatchError(
                f"the journal is of another input: it has {self._rows} rows from before, and this "
                f"input has only {self._met_count} of them"
            )


def twice(key: str) -> BatchError:
    """Two rows cannot have the same key: their results could not be told apart."""
    return BatchError(f"the key {key!r} is there twice: every key stands for one booking")
