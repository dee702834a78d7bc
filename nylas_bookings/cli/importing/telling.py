"""What an import says: problems of its file, results as they come, and the summary at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
from rich.console import Group, RenderableType
from rich.text import Text

from ...batch import BatchReport, Created, Failed, Result, Unknown
from .. import exits, printing
from ..documents import document
from ..running import described
from .source import Checked
from .tally import Tally


def problems(checked: Checked, *, as_json: bool) -> int:
    """What is wrong with the file, on stderr; or as JSON lines."""
    for problem in checked.problems:
        if as_json:
            told = {"line": problem.line, **attrs.asdict(problem.place)}
            printing.write_line({"problem": {**told, "message": problem.message}})
        else:
            printing.say(str(problem))
    number = len(checked.problems) + checked.more
    more = f", of which these are the first {len(checked.problems)}" if checked.more else ""
    found = "1 problem" if number == 1 else f"{number} problems"
    printing.say(f"Error: the file has {found}{more}. Nothing was sent.", "red")
    return exits.MISUSED


def nothing_sent(checked: Checked, *, as_json: bool) -> int:
    """What a dry run has found."""
    ends = {"first": checked.first, "last": checked.last}
    if as_json:
        printing.write_document(document({"bookings": checked.rows, **ends}))
    else:
        shown = {name: f"{end:%Y-%m-%d %H:%M %z}" for name, end in ends.items() if end}
        printing.show(printing.facts({"bookings": checked.rows, **shown}))
    printing.say("The file is good. Nothing was sent.")
    return exits.DONE


def result(told: Result) -> None:
    """One result, as a line of JSON."""
    line: dict[str, Any] = {"key": told.key, "attempts": told.attempts}
    if isinstance(told, Created):
        line |= {"result": "created", "booking_id": told.booking.booking_id}
        line |= {"status": told.booking.status}
    else:
        line |= {"result": _name(told), "error": described(told.error)}
    if not isinstance(told, Failed) and told.evidence is not None:
        line["evidence"] = told.evidence.says
    printing.write_line(line)


def _name(told: Failed | Unknown) -> str:
    return "failed" if isinstance(told, Failed) else "unknown"


def _why(told: Failed | Unknown) -> str:
    return f"{type(told.error).__name__}: {told.error.message}"


def ended(
    report: BatchReport, tally: Tally, journal: Path, results: Path | None, *, as_json: bool
) -> int:
    """The summary; says the exit code."""
    left = tally.total - len(report)
    counts = {"created": report.created, "failed": report.failed, "unknown": report.unknown}
    counts["left"] = left
    _summarize(counts, tally, journal, as_json=as_json)
    if report.stopped and left:
        printing.say("Stopped: no other booking would have fared better. --resume goes on.")
    if report.unknown:
        return exits.UNKNOWN
    return exits.FAILED if report.failed or left else exits.DONE


def stopped(tally: Tally, journal: Path, *, as_json: bool) -> int:
    """The summary of an import that was stopped by Ctrl-C; says the exit code."""
    counts = {"created": tally.created, "failed": tally.failed, "unknown": tally.unknown}
    counts["left"] = max(0, tally.total - tally.earlier - tally.results)
    _summarize(counts, tally, journal, as_json=as_json)
    printing.say("Interrupted. The same command with --resume goes on, and books nobody twice.")
    return exits.INTERRUPTED


def _summarize(counts: dict[str, int], tally: Tally, journal: Path, *, as_json: bool) -> None:
    if as_json:
        pace = {"seconds": round(tally.seconds, 3), "pace": round(tally.pace.rate, 2)}
        printing.write_line({"summary": {**counts, **pace, "journal": str(journal)}})
        return
    printing.show(_people(counts, tally, journal))


def _people(counts: dict[str, int], tally: Tally, journal: Path) -> RenderableType:
    styles = {"created": "green", "failed": "red", "unknown": "yellow", "left": "yellow"}
    facts: dict[str, object] = {
        name: Text(str(number), style=styles[name] if number else "dim")
        for name, number in counts.items()
    }
    facts["took"] = f"{tally.seconds:.1f} s"
    if tally.results:
        facts["took"] = f"{tally.seconds:.1f} s, {tally.rate:.1f} bookings a second"
        facts["pace"] = f"{tally.pace.rate:.1f} a second in the end"
    facts["journal"] = journal
    rows = [(bad.key, _name(bad), _why(bad)) for bad in tally.bad]
    parts: list[RenderableType] = [printing.facts(facts)]
    if rows:
        more = tally.failed + tally.unknown - len(rows)
        parts += [Text(), printing.table(("booking", "result", "why"), rows)]
        parts += [Text(f"… and {more} more; --results FILE has all of them", "dim")] * bool(more)
    return Group(*parts)
