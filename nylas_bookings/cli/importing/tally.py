"""What became of the bookings so far, and the display of it while it goes on."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Final

from attrs import define, field
from rich.console import RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ..._pace import Pace
from ...batch import Created, Failed, Result, Unknown
from .. import printing

_KEPT: Final = 10


@define
class Tally:
    """The counts of an import.

    Attributes:
        total: How many bookings the file asks for.
        earlier: How many of them earlier runs were done with.
        bad: The first results that are no bookings.
        note: What else the display shall say.
    """

    total: int
    earlier: int
    pace: Pace
    created: int = 0
    failed: int = 0
    unknown: int = 0
    bad: list[Failed | Unknown] = field(factory=list)
    note: str = ""
    began: float = field(factory=time.monotonic)

    def count(self, result: Result) -> None:
        """One more result."""
        if isinstance(result, Created):
            self.created += 1
            return
        if isinstance(result, Failed):
            self.failed += 1
        else:
            self.unknown += 1
        if len(self.bad) < _KEPT:
            self.bad.append(result)

    @property
    def results(self) -> int:
        """How many results this run has had."""
        return self.created + self.failed + self.unknown

    @property
    def seconds(self) -> float:
        """How long this run has taken."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Results a second in this run."""
        return self.results / max(self.seconds, 0.001)


class Display(Progress):
    """A bar, and a line of counts below it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        super().__init__(
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}/s"),
            TimeRemainingColumn(compact=True),
            console=printing.console(stderr=True),
            # What goes to stdout is for a program: not a word of it may end up on the terminal.
            redirect_stdout=False,
            redirect_stderr=False,
            expand=True,
        )
        self.add_task("", total=tally.total, completed=tally.earlier, rate="0.0")

    def get_renderables(self) -> Iterable[RenderableType]:
        """The display as it is now."""
        tally = self._tally
        done = min(tally.earlier + tally.results, tally.total)
        for task in self.task_ids:
            self.update(task, completed=done, rate=f"{tally.rate:.1f}")
        yield self.make_tasks_table(self.tasks)
        yield counts(tally)
        if tally.note:
            yield Text(tally.note)


def counts(tally: Tally) -> Text:
    """The counts in a line, those that call for attention in colour."""
    return Text.assemble(
        (f"{tally.created} created", "green"),
        " · ",
        (f"{tally.failed} failed", "red" if tally.failed else "dim"),
        " · ",
        (f"{tally.unknown} unknown", "yellow" if tally.unknown else "dim"),
        (f" · pace {tally.pace.rate:.1f}/s", "dim"),
    )


def display(tally: Tally, *, quiet: bool) -> AbstractContextManager[object]:
    """The display while the import goes on, for whoever sits at a terminal."""
    shown = not quiet and printing.console(stderr=True).is_terminal
    return Display(tally) if shown else contextlib.nullcontext()
