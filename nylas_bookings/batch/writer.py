"""The one thread that writes a journal: everything that has come up meanwhile, in one commit."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import orjson
from attrs import define, field

from ..errors import BatchError
from . import tables
from .belonging import twice
from .commit_timer import CommitTimer
from .journal_file import JournalFile, explained
from .owners import ONCE, Owners
from .write_ahead import WriteAhead

_LONGEST_WAIT: Final = 0.05
"""How many seconds facts that nobody waits for may stay in memory."""

_FACTS_FROM: Final = len(tables.PLANNED)


@define(eq=False)
class _Work:
    """What is to be done in the next commit; the last word on a row counts.

    Attributes:
        inserts: New rows, by number.
        updates: The new facts of rows, by number.
        finds: Keys to be looked up.
        questions: What is asked of the journal.
        waiting: Who waits for the commit, with the number of the row.
    """

    inserts: dict[int, list[Any]] = field(factory=dict)
    updates: dict[int, list[Any]] = field(factory=dict)
    finds: list[tuple[str, asyncio.Future[Any]]] = field(factory=list)
    questions: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = field(factory=list)
    waiting: list[tuple[int, asyncio.Future[Any]]] = field(factory=list)

    def __bool__(self) -> bool:
        return bool(self.inserts or self.updates or self.finds or self.questions)


class Writer:
    """Takes work from the event loop's thread, and tells it when the work is on disk."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self._connection = connection = file.connection
        self._path = file.path
        self._ahead = WriteAhead(connection)
        self.owners: Owners = Owners(connection)
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._work = _Work()
        self._stopping = False
        self._timer = CommitTimer(self._loop, self._wake)
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self.broken: BatchError | None = None
        self._thread = threading.Thread(target=self._run, name="nylas journal", daemon=True)
        self._thread.start()

    def insert(self, number: int, columns: list[Any]) -> None:
        """A new row, with its first facts."""
        with self._lock:
            self._check()
            self._work.inserts[number] = columns

    def update(self, number: int, facts: list[Any]) -> None:
        """New facts of a row."""
        with self._lock:
            self._check()
            self._work.updates[number] = [number, *facts]
        self._timer.closed(number)

    def updated(self, number: int, facts: list[Any]) -> asyncio.Future[Any]:
        """The same, to be awaited until it is on disk."""
        future: asyncio.Future[Any] = self._loop.create_future()
        with self._lock:
            self._check()
            self._work.updates[number] = [number, *facts]
            self._work.waiting.append((number, future))
            waiting = len(self._work.waiting)
        self._timer.opened(number, waiting)
        return future

    def found(self, key: str) -> asyncio.Future[Any]:
        """The row with that key, or None."""
        future: asyncio.Future[Any] = self._loop.create_future()
        with self._lock:
            self._check()
            self._work.finds.append((key, future))
        self._wake.set()
        return future

    def owned_by_another(self, booking_id: str, number: int) -> asyncio.Future[Any]:
        """Whether another row has that booking."""
        return self._ask(partial(self.owners.is_anothers, booking_id, number))

    def claimed(self, booking_id: str, number: int) -> asyncio.Future[Any]:
        """Give a booking to a row, unless another row has it; whether the row has it then."""
        return self._ask(partial(self.owners.claim, booking_id, number))

    def rivals(self, slot: tuple[int, int], number: int) -> asyncio.Future[Any]:
        """What the other rows for that slot have sent that are not resolved, and when."""
        return self._ask(partial(self._find_rivals, (*slot, number)))

    def _ask(self, question: Callable[[], Any]) -> asyncio.Future[Any]:
        """Have the thread answer a question when all work so far is on disk."""
        future: asyncio.Future[Any] = self._loop.create_future()
        with self._lock:
            self._check()
            self._work.questions.append((question, future))
        self._wake.set()
        return future

    async def stop(self) -> None:
        """Write what is left, and end."""
        self._stopping = True
        self._wake.set()
        await self._ended
        # It has said its last word, so this takes no time.
        self._thread.join()
        self.owners.close()
        if self.broken is not None:
            left = len(self._work.updates)
            self.broken.add_note(
                f"{left} rows were left in it as they were before. Go on with it, and they are "
                "sent or settled as that needs."
            )
            raise self.broken

    def _check(self) -> None:
        if self.broken is not None:
            raise self.broken

    def _run(self) -> None:
        try:
            self._work_until_stopped()
        finally:
            self._tell([(self._ended, None)])

    def _work_until_stopped(self) -> None:
        while True:
            self._wake.wait(_LONGEST_WAIT)
            self._wake.clear()
            # Read before the work is taken: what comes up later is for another round.
            stopping = self._stopping
            with self._lock:
                work, self._work = self._work, _Work()
            if work:
                try:
                    with explained(self._path):
                        told = self._carry_out(work)
                except BatchError as error:
                    self._break(work, error)
                    return
                except Exception as error:  # noqa: BLE001 - else everybody would wait for this thread
                    failure = BatchError(f"the journal {self._path.name} failed unexpectedly")
                    failure.__cause__ = error
                    self._break(work, failure)
                    return
                self._tell(told)
            if stopping:
                self._end()
                return

    def _end(self) -> None:
        try:
            with explained(self._path):
                self._connection.execute(ONCE)
        except BatchError as error:
            self._break(_Work(), error)

    def _carry_out(self, work: _Work) -> list[tuple[asyncio.Future[Any], Any]]:
        found = self._find([key for key, _ in work.finds])
        told: list[tuple[asyncio.Future[Any], Any]] = [
            (future, found.get(key)) for key, future in work.finds
        ]
        taken = self._write(work)
        told += self._answer(work)
        told += [(future, taken.get(number)) for number, future in work.waiting]
        return told

    def _answer(self, work: _Work) -> list[tuple[asyncio.Future[Any], Any]]:
        before = self._connection.total_changes
        answers = [(future, question()) for question, future in work.questions]
        if self._connection.total_changes != before:
            # What a question has written is a commit, too.
            self._commit([])
        return answers

    def _find(self, keys: list[str]) -> dict[str, list[Any]]:
        if not keys:
            return {}
        ((text,),) = self._connection.execute(tables.FIND, (_text(keys),)).fetchall()
        return {found[0]: found for found in orjson.loads(text)}

    def _find_rivals(self, values: tuple[int, int, int]) -> list[tuple[str, float | None]]:
        self._connection.execute(tables.RIVALS_INDEX)
        return self._connection.execute(tables.RIVALS, values).fetchall()

    def _write(self, work: _Work) -> dict[int, BatchError]:
        """Write all lines, in one commit; says which of the new ones have the key of another."""
        self.owners.contest(work.updates)
        for number in work.inserts.keys() & work.updates.keys():
            work.inserts[number][_FACTS_FROM:] = work.updates.pop(number)[1:]
        lines = [*work.inserts.values(), *work.updates.values()]
        if not lines:
            return {}
        if self._commit(lines) == len(lines):
            return {}
        text = _text(work.inserts.values())
        taken = self._connection.execute(tables.TAKEN, (text,)).fetchall()
        return {number: twice(key) for number, key in taken}

    def _commit(self, lines: list[list[Any]]) -> int:
        """Write lines and the number of the commit; returns how many lines were written."""
        number = self._file.commits + 1
        before, text = self._connection.total_changes, _text([*lines, number])
        self._connection.execute(tables.WRITE, (text,))
        written = self._connection.total_changes - before
        self._file.committed(number)
        self._ahead.grew(len(lines), len(text))
        return written - 1

    def _break(self, work: _Work, error: BatchError) -> None:
        """Nothing can be written any more: say so to everybody who waits, or ever will."""
        if self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.DatabaseError:
                error.add_note("The last transaction could not be rolled back.")
        with self._lock:
            self.broken = error
            later, self._work = self._work, work
        self._work.updates |= later.updates
        futures = [
            *(future for w in (work, later) for _, future in (*w.waiting, *w.finds)),
            *(future for w in (work, later) for _, future in w.questions),
        ]
        self._tell([(future, error) for future in futures])

    def _tell(self, told: list[tuple[asyncio.Future[Any], Any]]) -> None:
        if told:
            try:
                self._loop.call_soon_threadsafe(_resolve, told)
            except RuntimeError:  # the loop has ended, and nobody waits
                return


def _resolve(told: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, value in told:
        if future.done():
            continue
        if isinstance(value, BatchError):
            future.set_exception(value)
        else:
            future.set_result(value)


def _text(values: Any) -> str:
    return orjson.dumps(list(values)).decode()
