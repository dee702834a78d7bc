"""Runs a command: prints its answer, or tells in a line what went wrong, and says the exit code."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeAlias

from attrs import frozen
from rich.console import RenderableType

from .. import errors
from ..errors import BookingsError
from . import asking, exits, printing

P = ParamSpec("P")


class NotOffered(BookingsError):
    """No slot begins at the time that was asked for."""


_HINTS: Final[tuple[tuple[type[BookingsError], str], ...]] = (
    (NotOffered, "`nylas-bookings slots` shows what can be booked."),
    (errors.SlotUnavailable, "`nylas-bookings slots` shows what can be booked."),
    (errors.Unauthorized, "Is the key of this region? NYLAS_API_URI names the region's server."),
    (errors.NotSent, "NYLAS_API_URI names the server, if it is not the API in the US."),
)


@frozen
class Answer:
    """What a command has to say.

    Attributes:
        document: For programs.
        people: For people.
    """

    document: Any
    people: RenderableType
    code: int = exits.DONE


Work: TypeAlias = Callable[P, Coroutine[Any, Any, Answer | int]]

_MAY_HAVE: Final = "Interrupted. A call that was on its way may have taken effect."
_NOTHING: Final = "Interrupted. Nothing was sent."
_READING: Final = "Interrupted."


def command(work: Work[P]) -> Callable[P, int]:
    """A command of the command line out of a coroutine that changes something."""
    return guarded(_awaited(work), interrupted=_MAY_HAVE)


def reading(work: Work[P]) -> Callable[P, int]:
    """The same out of a coroutine that leaves everything as it is."""
    return guarded(_awaited(work))


def _awaited(work: Work[P]) -> Callable[P, Answer | int]:
    @functools.wraps(work)
    def wait(*args: P.args, **kwargs: P.kwargs) -> Answer | int:
        import asyncio

        return asyncio.run(work(*args, **kwargs))

    return wait


def guarded(work: Callable[P, Answer | int], *, interrupted: str = _READING) -> Callable[P, int]:
    """A command out of a function: its answer is printed; what it raises is told. Says the code."""

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        as_json = bool(kwargs.get("json"))
        try:
            answer = work(*args, **kwargs)
            return answer if isinstance(answer, int) else _shown(answer, as_json=as_json)
        except BookingsError as error:
            return failed(error, as_json=as_json)
        except KeyboardInterrupt as key:
            printing.say(_NOTHING if isinstance(key, asking.StillAsking) else interrupted)
            return exits.INTERRUPTED

    return run


def _shown(answer: Answer, *, as_json: bool) -> int:
    if as_json:
        printing.write_document(answer.document)
    else:
        printing.show(answer.people)
    return answer.code


def failed(error: BookingsError, *, as_json: bool) -> int:
    """Tell what went wrong, what it concerns, and whether it may have taken effect."""
    if as_json:
        printing.write_document({"error": described(error)})
    printing.say(f"Error: {error}", "red")
    for kind, hint in _HINTS:
        if isinstance(error, kind):
            printing.say(hint)
    if "no credentials" in error.message and asking.names_nobody():
        printing.say("No account? `nylas-bookings sandbox` says what to set to try it out.")
    if exits.may_have_taken_effect(error):
        printing.say("Look in the host's calendar before you repeat it.")
    return exits.code(error)


def described(error: BookingsError) -> dict[str, Any]:
    """An error as data."""
    told = {
        "class": type(error).__name__,
        "message": errors.printable(error.message),
        "outcome": error.outcome.value,
        "operation": error.operation,
        "status": getattr(error, "status", None),
        "type": getattr(error, "type", None),
        "request_id": error.request_id,
        "attempts": error.attempts,
    }
    return {name: value for name, value in told.items() if value is not None}


def nobody_reads() -> int:
    """Whoever read the output has gone, such as `head`: end without a word, as others do."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exits.NOBODY_READS
