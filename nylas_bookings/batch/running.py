"""`bookings.create_many` and `bookings.settle`: from their arguments to their results."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import evolve

from .. import _termination
from .._bridge import CALLER, Caller
from .._pace import Pacer
from .._wire.converter import to_json
from ..auth import Auth, asks_for
from ..errors import BookingsError, InvalidRequest
from ..models.bookings import NewBooking
from . import arguments
from .arguments import StopOn
from .carrier import Carrier
from .journal import Counts, Journal
from .journal_file import JournalFile
from .report import BatchReport, report
from .results import Result
from .rows import Row, is_doubtful
from .runner import Plan, Runner, Tell
from .scratch import Scratch
from .settling import Settler
from .slots import Slots
from .source import Source
from .sqlite_journal import SqliteJournal

if TYPE_CHECKING:
    from .._transport import Transport


async def create_many(
    transport: Transport,
    requests: Iterable[NewBooking] | AsyncIterable[NewBooking],
    *,
    concurrency: int,
    pace: Pacer | None,
    journal: str | Path | Journal | None,
    settle: Settler | None,
    on_result: Callable[[Result], object] | None,
    stop_on: StopOn | None,
) -> BatchReport:
    """Carry out a batch."""
    arguments.check(concurrency, pace, journal, settle, on_result)
    ends = arguments.ending(stop_on)
    pace = transport.pace if pace is None else pace
    caller = CALLER.get()
    source = Source(requests, caller)
    try:
        opened = await _journal(journal, transport, settle)
        is_plain = journal is None and pace is None and settle is None
        slots = Slots(concurrency)
        plan = Plan(
            carrier=Carrier(transport, opened, pace, slots),
            journal=opened,
            settler=settle,
            tell=_teller(on_result, caller),
            ends=ends,
            slots=slots,
            memory=opened if is_plain and isinstance(opened, Scratch) else None,
        )
    except BaseException:
        await source.close()
        raise
    return await _run(Runner(plan, source), plan.journal)


async def _run(runner: Runner, journal: Journal) -> BatchReport:
    with _termination.held_back(_canceller()):
        counts = await carried_out(runner)
    return report(counts, journal.results, stopped=runner.stopped)


async def carried_out(runner: Runner) -> Counts:
    """Run. However that ends, the journal is closed then, and all of it on disk."""
    try:
        await runner.run()
    except BaseException as error:
        await _closed(runner, error)
        raise
    counts = await runner.finish()
    await runner.tell_contested()
    return counts


async def _closed(runner: Runner, error: BaseException) -> None:
    try:
        await runner.finish()
    except BookingsError as more:
        if more is not error:
            error.add_note(str(more))


def _canceller() -> Callable[[], object]:
    """What cancels this task, from a signal handler."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    return lambda: loop.call_soon_threadsafe(task.cancel)


async def _journal(
    journal: str | Path | Journal | None, transport: Transport, settler: Settler | None
) -> Journal:
    if journal is None:
        return Scratch(indexed=settler is not None)
    if not isinstance(journal, str | Path):
        return journal
    file = await _open_file(Path(journal), api_of(transport.api_url))
    try:
        return SqliteJournal(file, transport.auth)
    except BaseException:
        file.close()
        raise


async def _open_file(path: Path, api: str) -> JournalFile:
    """Open a journal in a thread; cancelled, close it as soon as that thread has opened it."""
    opening = asyncio.ensure_future(asyncio.to_thread(JournalFile, path, api))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_file)
        # The thread cannot be interrupted, and the next batch must not find the file in use.
        await asyncio.wait([opening])
        raise


def _close_file(opening: asyncio.Task[JournalFile]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


async def settle(
    transport: Transport, error: BookingsError, settler: Settler, *, auth: Auth | None
) -> Result:
    """What became of a single `bookings.create` whose answer was lost."""
    request = error.request
    if not isinstance(request, NewBooking) or error.sent_at is None:
        raise InvalidRequest(
            "only the error of a bookings.create that may have booked can be settled"
        )
    if not is_doubtful(error):
        raise InvalidRequest(f"there is nothing to settle: {error}")
    arguments.check_settler(settler)
    _refuse_other_configuration(error, auth or transport.auth)
    wanted, key = evolve(request, auth=auth), request.key or "#1"
    row = Row(1, 1, key, wanted, to_json(wanted), error.attempts, 1, error.sent_at)
    scratch = Scratch(indexed=True)
    carrier = Carrier(transport, scratch, transport.pace, Slots(1), auth)
    return await carrier.settle(row, error, settler)


def _refuse_other_configuration(error: BookingsError, auth: Auth | None) -> None:
    """What was asked of one configuration must not be looked for in another, and made there."""
    asked_for, asks = error.asked_for, asks_for(auth)
    if asked_for is not None and asked_for != asks:
        raise InvalidRequest(
            f"the booking was asked of the configuration {asked_for}, and this call asks {asks}: "
            "give it the auth of that call, with auth=…"
        )


def _teller(on_result: Callable[[Result], object] | None, caller: Caller | None) -> Tell | None:
    """What hands a result to the user's function, in the thread that it belongs to."""
    if on_result is None:
        return None

    async def tell(result: Result) -> None:
        if caller is not None and not inspect.iscoroutinefunction(on_result):
            await caller.run(lambda: on_result(result))
            return
        told = on_result(result)
        if inspect.isawaitable(told):
            await told

    return tell


def api_of(url: str) -> str:
    """Which API a journal is of; servers on this machine have a new port each time."""
    local = urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
    return "a server on this machine" if local else url
