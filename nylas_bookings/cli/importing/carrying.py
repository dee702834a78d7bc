"""Carries out an import, from the check to the exit code."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import sys
from pathlib import Path

from attrs import evolve, frozen

from ... import batch
from ..._pace import Pace
from ...batch import BatchReport, CalendarSettler, Result
from ...batch.journal_file import reading
from ...errors import BatchError, InvalidRequest
from .. import asking, printing
from . import telling
from .source import Source
from .stopping import StoppedByHand, Stopping
from .tally import Tally, display


@frozen(kw_only=True)
class Plan:
    """What an import is about.

    Attributes:
        moved: Whether the journal may be another file than the one it was written as.
        settle_limit: For how long lost calls are looked for, if they are.
    """

    file: str
    journal: Path
    results: Path | None
    resume: bool
    moved: bool
    concurrency: int
    per_second: float | None
    settle_limit: float | None
    json: bool


def journal_of(file: str) -> Path:
    """Where the journal of an import is, unless it is said."""
    return Path("stdin.journal.sqlite3" if file == "-" else f"{file}.journal.sqlite3")


def carried_out(plan: Plan, source: Source, *, dry_run: bool) -> int:
    """Check the file and import it; says the exit code."""
    _check_results(plan)
    checked = source.check()
    if not checked.rows:
        raise InvalidRequest(f"there is nothing to import: {source.what_is_there()}")
    if checked.problems:
        return telling.problems(checked, as_json=plan.json)
    if dry_run:
        return telling.nothing_sent(checked, as_json=plan.json)
    if plan.moved and not plan.resume:
        raise InvalidRequest("--moved is about a journal to go on with: it needs --resume")
    if plan.journal.exists() and not plan.resume:
        raise InvalidRequest(
            f"there is a journal of an earlier import, {plan.journal}: --resume goes on with it, "
            "and --journal names another"
        )
    if plan.moved:
        batch.adopt_journal(plan.journal)
    tally = Tally(checked.rows, _done_before(plan.journal), Pace(plan.per_second))
    code = asyncio.run(_sent(plan, source, tally))
    _write_results(plan)
    return code


async def _sent(plan: Plan, source: Source, tally: Tally) -> int:
    """Send what is to be sent, and tell how it ended."""
    stopping = Stopping(tally)

    def told(result: Result) -> None:
        tally.count(result)
        if plan.json:
            telling.result(result)

    quiet = plan.json and sys.stdout.isatty()
    report: BatchReport | None = None
    async with asking.client() as nylas:
        with stopping.listening(), display(tally, quiet=quiet):
            try:
                report = await nylas.bookings.create_many(
                    stopping.until(source.bookings()),
                    concurrency=plan.concurrency,
                    pace=tally.pace,
                    journal=plan.journal,
                    settle=_settler(plan),
                    on_result=told,
                    stop_on=stopping.ends,
                )
            except (StoppedByHand, asyncio.CancelledError):
                if not stopping.asked:
                    raise
    if report is None or stopping.asked:
        return telling.stopped(tally, plan.journal, as_json=plan.json)
    return telling.ended(report, tally, plan.journal, plan.results, as_json=plan.json)


def _settler(plan: Plan) -> CalendarSettler | None:
    """What looks for lost bookings, if it was asked for."""
    if plan.settle_limit is None:
        return None
    key, grant = (os.environ.get(f"NYLAS_{name}", "").strip() for name in ("API_KEY", "GRANT_ID"))
    if not (key and grant):
        raise InvalidRequest("--settle needs NYLAS_API_KEY and NYLAS_GRANT_ID")
    settler = CalendarSettler(key, grant, limit=plan.settle_limit)
    named = os.environ.get("NYLAS_CONFIGURATION_ID", "").strip()
    return evolve(settler, configuration_id=named) if named else settler


def _done_before(journal: Path) -> int:
    """How many bookings earlier runs were done with; the display begins there."""
    if not journal.exists():
        return 0
    # Whether it is a journal at all is found out when it is opened to be written.
    with contextlib.suppress(sqlite3.Error), contextlib.closing(reading(journal)) as opened:
        query = "SELECT count(*) FROM readable WHERE state IN ('created', 'failed')"
        return int(opened.execute(query).fetchone()[0])
    return 0


def _check_results(plan: Plan) -> None:
    """Refuse what can be known beforehand to be no place for results."""
    results = plan.results
    if results is None:
        return
    if results.resolve() in (Path(plan.file).resolve(), plan.journal.resolve()):
        raise InvalidRequest(f"the results would overwrite {results}")
    if results.is_dir() or not results.parent.is_dir():
        why = "it is a directory" if results.is_dir() else f"there is no {results.parent}"
        raise InvalidRequest(f"{results} cannot be written: {why}")


def _write_results(plan: Plan) -> None:
    if plan.results is None:
        return
    try:
        if plan.results.suffix.lower() in (".jsonl", ".ndjson"):
            with plan.results.open("wb") as lines:
                batch.to_jsonl(plan.journal, lines)
        else:
            with plan.results.open("w", newline="", encoding="utf-8") as rows:
                batch.to_csv(plan.journal, rows)
    except OSError as error:
        raise BatchError(f"{plan.results} cannot be written: {error.strerror}") from None
    printing.say(f"The results are in {plan.results}.")
