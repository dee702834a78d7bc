"""A run as tables: its figures, its targets, and its comparison with an earlier run."""

from __future__ import annotations

from attrs import frozen

from ..figures import Row, short
from . import call_targets, other_targets, targets
from .run import Run
from .targets import Verdict

_BUSY = "server busy %"
TARGETS = (*call_targets.TARGETS, *other_targets.TARGETS)


@frozen
class Table:
    """A title, names of columns, and lines of as many texts."""

    title: str
    header: list[str]
    lines: list[list[str]]

    def as_text(self) -> str:
        """For a terminal: the columns below each other."""
        every = [self.header, *self.lines]
        widths = [max(len(line[column]) for line in every) for column in range(len(self.header))]
        rows = (_aligned(line, widths) for line in every)
        return "\n".join((self.title, *(f"  {row}".rstrip() for row in rows), ""))

    def as_markdown(self) -> str:
        """For a document."""
        rule = ["---", *["---:"] * (len(self.header) - 1)]
        every = [[self.title, *self.header[1:]], rule, *self.lines]
        return "\n".join(f"| {' | '.join(line)} |" for line in every) + "\n"


def _aligned(line: list[str], widths: list[int]) -> str:
    first, *others = (
        text.ljust(width) if number == 0 else text.rjust(width)
        for number, (text, width) in enumerate(zip(line, widths, strict=True))
    )
    return "   ".join((first, *others))


def of_run(run: Run) -> list[Table]:
    """A table for each case, and one for the targets."""
    tables = [_of_case(f"{name}: {case}", rows) for (name, case), rows in run.cases().items()]
    return [*tables, of_targets(run)]


def of_targets(run: Run) -> Table:
    """Each target of what was measured, and whether it was met."""
    lines = [
        [
            verdict.target.says,
            "–" if verdict.measured is None else str(verdict.measured),
            verdict.target.limit(),
            str(verdict),
        ]
        for verdict in targets.verdicts(run, TARGETS)
    ]
    return Table("targets", ["", "measured", "target", ""], lines)


def explain_misses(run: Run) -> list[str]:
    """Return the commands that show where the time goes, with the missed targets of each."""
    return hints(targets.verdicts(run, TARGETS))


def hints(verdicts: list[Verdict]) -> list[str]:
    """Return each profile that explains missed targets, and those targets in lines below it."""
    missed: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.is_missed and verdict.target.profile is not None:
            missed.setdefault(verdict.target.profile, []).append(verdict.target.says)
    return ["\n    ".join((profile, *rows)) for profile, rows in missed.items()]


def _of_case(title: str, rows: list[Row]) -> Table:
    """The first measure with its quartiles and its ratio to the first subject, then the others."""
    subjects: dict[str, list[Row]] = {}
    for row in rows:
        subjects.setdefault(row.subject, []).append(row)
    measures = list(dict.fromkeys(row.measure for row in rows))
    lines = [
        [subject, str(own[0].spread()), str(own[0].against(rows[0])), *_medians(own[1:])]
        for subject, own in subjects.items()
    ]
    return Table(title, ["", measures[0], "÷ the first", *measures[1:]], lines)


def _medians(rows: list[Row]) -> list[str]:
    return [short(row.spread().median) for row in rows]


def of_comparison(now: Run, then: Run) -> Table:
    """What both have measured; `better` or `worse` where the ratios lie apart.

    The ratios are those to the first subject of the case: another day, the machine is another.
    """
    earlier = {row.key: row for row in then.rows}
    lines = []
    for rows in now.cases().values():
        for row in rows:
            first = next(other for other in rows if other.measure == row.measure)
            before, first_before = earlier.get(row.key), earlier.get(first.key)
            if before is not None and first_before is not None and row.measure != _BUSY:
                lines.append(_compared(row, first, before, first_before))
    header = ["", "then", "now", "now ÷ then", "ratio then", "ratio now", ""]
    return Table(f"since {then.date}", header, lines)


def _compared(row: Row, first: Row, before: Row, first_before: Row) -> list[str]:
    then, now = before.spread().median, row.spread().median
    ratio_then, ratio_now = before.against(first_before), row.against(first)
    verdict = ""
    if ratio_now.is_apart_from(ratio_then):
        verdict = "better" if (ratio_now.low > ratio_then.high) is row.more_is_better else "worse"
    name = f"{row.benchmark}, {row.case}, {row.subject}, {row.measure}"
    ratios = [short(ratio_then.median), short(ratio_now.median)]
    return [name, short(then), short(now), short(now / then), *ratios, verdict]
