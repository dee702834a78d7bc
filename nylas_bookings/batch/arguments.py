"""The arguments of a batch: what cannot be meant is refused before anything is read or sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from .._pace import Pacer, checked_pace
from ..errors import BookingsError, InvalidRequest
from .journal import Journal
from .results import Result
from .settling import Settler

StopOn: TypeAlias = (
    Callable[[Result], object] | type[BookingsError] | tuple[type[BookingsError], ...]
)
"""What ends a batch: errors of these classes, or a result of which the function says so."""

_JOURNAL = (
    "find",
    "plan",
    "sending",
    "unsent",
    "record",
    "belongs_to_another",
    "claim",
    "rivals",
    "contested",
    "finish",
    "results",
)


def check(
    concurrency: int,
    pace: Pacer | None,
    journal: str | Path | Journal | None,
    settle: Settler | None,
    on_result: Callable[[Result], object] | None,
) -> None:
    """Refuse what is not of its kind."""
    if type(concurrency) is not int or concurrency < 1:
        raise InvalidRequest("concurrency is a number from 1")
    checked_pace(pace)
    _check_journal(journal)
    if settle is not None:
        check_settler(settle)
    if on_result is not None and not callable(on_result):
        raise InvalidRequest(f"on_result is a function, not {type(on_result).__name__}")


def check_settler(settler: Settler) -> None:
    """Refuse what cannot look for a booking."""
    if not _has(settler, "look", "limit", "pause"):
        raise InvalidRequest(f"a Settler is needed here, not {_kind(settler)}")


def ending(stop_on: StopOn | None) -> Callable[[Result], bool] | None:
    """Whether a result ends the batch, if any can; refuses what cannot be asked that."""
    if stop_on is None:
        return None
    if isinstance(stop_on, type | tuple):
        kinds: Any = stop_on
        for kind in (kinds,) if isinstance(kinds, type) else kinds:
            if not (isinstance(kind, type) and issubclass(kind, BaseException)):
                raise InvalidRequest("stop_on has something that is not a class of errors")
        return lambda result: isinstance(getattr(result, "error", None), kinds)
    if not callable(stop_on):
        raise InvalidRequest(
            f"stop_on is a function, or classes of errors, not {type(stop_on).__name__}"
        )
    asked = stop_on
    return lambda result: bool(asked(result))


def _check_journal(journal: str | Path | Journal | None) -> None:
    if str(journal) in ("", ":memory:"):
        raise InvalidRequest("a journal is a file; without one, results are kept in memory")
    if isinstance(journal, str | Path | None) or _has(journal, *_JOURNAL):
        return
    raise InvalidRequest(f"a journal is a path, or a Journal, not {_kind(journal)}")


def _has(value: object, *names: str) -> bool:
    return not isinstance(value, type) and all(hasattr(value, name) for name in names)


def _kind(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
