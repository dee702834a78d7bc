"""What the command's exit codes mean, and which one an error stands for."""

from __future__ import annotations

from typing import Final

from ..errors import BookingsError, InvalidRequest, Outcome

DONE: Final = 0
"""All that was asked for was done."""
FAILED: Final = 1
"""Nothing was changed; in an import: some bookings were not made."""
MISUSED: Final = 2
"""What was given cannot be used: an argument, the environment, a file. Nothing was sent."""
UNKNOWN: Final = 3
"""Something may have taken effect: look before you repeat it."""
INTERRUPTED: Final = 130
"""Ctrl-C."""
NOBODY_READS: Final = 141
"""Whoever read the output has stopped reading."""


def code(error: BookingsError) -> int:
    """The exit code for an error."""
    if isinstance(error, InvalidRequest):
        return MISUSED
    return UNKNOWN if may_have_taken_effect(error) else FAILED


def may_have_taken_effect(error: BookingsError) -> bool:
    """Whether something may be different now from what it was before the call."""
    return not error.reads and error.outcome in (Outcome.UNKNOWN, Outcome.DONE)
