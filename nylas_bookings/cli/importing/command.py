"""The command itself: check the file, send the bookings, say what became of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter, validators

from ..options import Json, OrStdin, Zone
from ..running import guarded

Count = Annotated[int, Parameter(validator=validators.Number(gte=1))]
Amount = Annotated[float | None, Parameter(validator=validators.Number(gt=0))]


@guarded
def run(
    file: Annotated[str, OrStdin],
    /,
    *,
    zone: Zone = None,
    kind: Annotated[Literal["csv", "jsonl"] | None, Parameter(name="--format")] = None,
    dry_run: bool = False,
    resume: bool = False,
    moved: bool = False,
    journal: Path | None = None,
    results: Path | None = None,
    concurrency: Count = 32,
    per_second: Amount = None,
    settle: bool = False,
    settle_limit: Annotated[float, Parameter(validator=validators.Number(gte=0))] = 110.0,
    json: Json = False,
) -> int:
    """Make many bookings out of a file, each of them once.

    The whole file is checked first, and nothing is sent if anything in it is wrong. A journal
    remembers every step: whatever stops the import, the same command with --resume goes on with it.

    A CSV file has the columns start_time, end_time, name and email, and may have key, timezone,
    email_language, booking_timezone, participants, additional_guests, event_id, master_id,
    calendar_id and additional_fields.LABEL. JSON lines have the fields of the API.

    Exit codes: 0 all created, 1 some failed or not sent, 2 nothing sent because of the file or the
    arguments, 3 some may have been made, 130 stopped by Ctrl-C.

    Parameters
    ----------
    file
        A file of CSV or JSON lines, or - for stdin.
    kind
        What is in the file, if its name does not say it.
    dry_run
        Check the file, and send nothing.
    resume
        Go on with the journal of an earlier import of the same file.
    moved
        With --resume: the journal was moved or restored to where it is now, and no other copy of it
        will be used.
    journal
        The journal; FILE.journal.sqlite3 if not given.
    results
        Write what became of each booking to that file, as CSV or, if it ends so, as .jsonl.
    concurrency
        How many calls may be on their way at a time.
    per_second
        How many calls a second there are at most; if not given, the API's limit is searched.
    settle
        Look for bookings whose answer was lost, in the calendar of NYLAS_GRANT_ID, with
        NYLAS_API_KEY.
    settle_limit
        How many seconds the API may still be working on a call whose answer was lost.
    """
    from .. import times
    from . import carrying, source

    plan = carrying.Plan(
        file=file,
        journal=journal or carrying.journal_of(file),
        results=results,
        resume=resume,
        moved=moved,
        concurrency=concurrency,
        per_second=per_second,
        settle_limit=settle_limit if settle else None,
        json=json,
    )
    with source.opened(file, kind, times.zone(zone)) as opened:
        return carrying.carried_out(plan, opened, dry_run=dry_run)
