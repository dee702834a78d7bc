"""Measure contenders in short turns: one process, one event loop, a random order each time.

The speed of a machine drifts by more than the differences that are measured. Turns of a few
milliseconds follow each other at once, so the ratio of two turns is that of the contenders.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    ExitStack,
    contextmanager,
)
from importlib import import_module
from importlib.util import find_spec
from typing import TypeAlias, TypeVar

from attrs import evolve, frozen

from .. import rounds
from ..figures import Row
from ..rounds import Figures

T = TypeVar("T")

Turn: TypeAlias = Callable[[], Figures]
"""Make a few calls and return what each of them took."""

Loop: TypeAlias = asyncio.AbstractEventLoop

QUICK_SECONDS, MIN_TURNS = 0.05, 2


@frozen
class Contender:
    """Something to measure.

    Attributes:
        name: Its name in the tables.
        open: Prepare it on an event loop that does not run yet; closed when the block ends.
    """

    name: str
    open: Callable[[Loop], AbstractContextManager[Turn]]


@frozen(kw_only=True)
class Case:
    """Contenders that are compared with each other.

    Attributes:
        name: Its name in the tables.
        contenders: The first is the reference of the others.
        seconds: How long to measure; turns are repeated until then.
        openings: How often to open all contenders anew, when they get slower with use.
        warm_up: How many turns are not counted.
        uvloop: Whether the event loop is uvloop's.
    """

    name: str
    contenders: Sequence[Contender]
    seconds: float
    openings: int = 1
    warm_up: int = 3
    uvloop: bool = False

    def is_possible(self) -> bool:
        """Whether its event loop is installed."""
        return not self.uvloop or find_spec("uvloop") is not None


class Stopwatch:
    """Measures wall time and CPU from its creation on."""

    def __init__(self) -> None:
        self._cpu = time.process_time()
        self._wall = time.perf_counter()

    def per_call(self, calls: int) -> Figures:
        """Return the microseconds of each call, when there were that many."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return {"call µs": wall / calls * 1e6, "CPU µs": cpu / calls * 1e6}


def measure(benchmark: str, case: Case, *, quick: bool) -> list[Row]:
    """Open all contenders of a case, let them take turns, and return their rows."""
    rounds.report_progress(f"{benchmark}: {case.name}, {case.seconds:.0f} s")
    measured = evolve(case, seconds=QUICK_SECONDS, openings=1, warm_up=1) if quick else case
    figures: dict[str, list[Figures]] = {one.name: [] for one in case.contenders}
    for _ in range(measured.openings):
        with _runner(case) as runner, open_all(measured, runner.get_loop()) as turns:
            for name, more in take_turns(turns, measured.seconds / measured.openings).items():
                figures[name] += more
    rounds.report_progress("")
    return [
        row for name in figures for row in rounds.rows(benchmark, case.name, name, figures[name])
    ]


def _runner(case: Case) -> asyncio.Runner:
    # Imported by name: uvloop does not exist on Windows.
    factory = import_module("uvloop").new_event_loop if case.uvloop else None
    return asyncio.Runner(loop_factory=factory)


@contextmanager
def open_all(case: Case, loop: Loop) -> Iterator[Mapping[str, Turn]]:
    """Open the contenders and warm them up; yields their turns by name."""
    with ExitStack() as stack:
        turns = {one.name: stack.enter_context(one.open(loop)) for one in case.contenders}
        for turn in turns.values():
            for _ in range(case.warm_up):
                turn()
        gc.collect()
        yield turns


def take_turns(
    turns: Mapping[str, Turn], seconds: float, at_least: int = MIN_TURNS
) -> dict[str, list[Figures]]:
    """Repeat all turns for that long, in another order each time; returns the figures by name."""
    figures: dict[str, list[Figures]] = {name: [] for name in turns}
    number, end = 0, time.perf_counter() + seconds
    while number < at_least or time.perf_counter() < end:
        for _, name in rounds.order({"": turns}, number):
            figures[name].append(turns[name]())
        number += 1
    return figures


@contextmanager
def enter(loop: Loop, manager: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Enter an asynchronous context manager on a loop that runs only during the turns."""
    stack = AsyncExitStack()
    value = loop.run_until_complete(stack.enter_async_context(manager))
    try:
        yield value
    finally:
        loop.run_until_complete(stack.aclose())
