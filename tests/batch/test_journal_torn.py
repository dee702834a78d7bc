"""A journal and its `-wal`: one file when a batch has ended, and never one without the other."""

from __future__ import annotations

import io
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import errors
from nylas_bookings.batch import tables, write_ahead
from nylas_bookings.batch.commit_record import record_of
from nylas_bookings.batch.export import to_jsonl
from nylas_bookings.batch.journal_file import JournalFile
from nylas_bookings.sandbox import Sandbox

from .asking import client, many
from .test_journal import states

API = "https://api.us.nylas.com"
TORN = "is not whole: .*-wal, which has its latest rows, is not beside it"
COUNT = 12


pytestmark = pytest.mark.usefixtures("_copies_go_on")


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The `-wal` is put into the journal every few rows, not every few hundred."""
    monkeypatch.setattr(write_ahead, "_MOST_PAGES", 16)


def beside(journal: Path) -> Path:
    """The `-wal` of a journal."""
    return journal.with_name(f"{journal.name}-wal")


def copied(journal: Path, name: str, *, whole: bool) -> Path:
    """A copy of a journal that is in use, as a kill would leave it: with all files, or torn."""
    copy = journal.with_name(name)
    shutil.copy(journal, copy)
    if whole:
        shutil.copy(beside(journal), beside(copy))
        shutil.copy(record_of(journal), record_of(copy))
    return copy


def alone(journal: Path) -> bool:
    """Whether a journal is good without its `-wal`."""
    try:
        JournalFile(journal, API).close()
    except errors.BatchError as error:
        if "is not whole" in error.message:
            return False
        raise
    return True


async def test_torn_at_any_row(sandbox: Sandbox, journal: Path) -> None:
    """Whenever a process dies, its journal is refused without its `-wal`, and goes on with it."""
    seen: list[list[str]] = []

    async def send(request: Any) -> Any:
        number = len(seen)
        torn = copied(journal, f"torn-{number}", whole=False)
        for _ in range(2):
            with pytest.raises(errors.BatchError, match=TORN):
                JournalFile(torn, API)
        whole = copied(journal, f"whole-{number}", whole=True)
        JournalFile(whole, API).close()
        seen.append(states(whole))
        return await sandbox.send(request)

    await client(sandbox, send=send).bookings.create_many(
        many(COUNT), concurrency=1, journal=journal
    )
    assert [found[-1] for found in seen] == ["sending"] * COUNT
    sent = len(sandbox.requests())
    with pytest.raises(errors.BatchError, match=TORN):
        await client(sandbox).bookings.create_many(many(COUNT), journal=journal.with_name("torn-9"))
    assert len(sandbox.requests()) == sent


async def test_what_others_tidy_up(sandbox: Sandbox, journal: Path) -> None:
    """After a kill, another program that looks makes one file of the two, and that one is whole."""

    async def send(request: Any) -> Any:
        copied(journal, "killed", whole=True)
        return await sandbox.send(request)

    await client(sandbox, send=send).bookings.create_many(many(5), concurrency=1, journal=journal)
    killed = journal.with_name("killed")
    assert states(killed) == ["created"] * 4 + ["sending"]
    assert not beside(killed).exists()
    to_jsonl(killed, io.BytesIO())
    assert not beside(killed).exists()
    report = await client(sandbox).bookings.create_many(many(5), journal=killed)
    assert (report.created, report.unknown) == (4, 1)


async def test_at_any_step(
    sandbox: Sandbox, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between any two statements, a journal alone is refused, or has all that both have."""
    instants: dict[tuple[bytes, ...], None] = {}
    opened = sqlite3.connect

    def look(statement: str) -> None:
        if not statement.startswith("--"):
            files = (journal, beside(journal), record_of(journal))
            instants[tuple(path.read_bytes() if path.exists() else b"" for path in files)] = None

    def watched(*args: Any, **settings: Any) -> sqlite3.Connection:
        connection = opened(*args, **settings)
        connection.set_trace_callback(look)
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", watched)
        for count in (5, 10):
            await client(sandbox).bookings.create_many(
                many(10),
                concurrency=2,
                journal=journal,
                stop_on=lambda result, last=f"#{count}": result.key == last,
            )
    assert len(instants) > 10
    refused = 0
    for number, (file, wal, record) in enumerate(instants):
        whole, torn = (journal.with_name(f"{kind}-{number}") for kind in ("whole", "torn"))
        torn.write_bytes(file)
        whole.write_bytes(file)
        beside(whole).write_bytes(wal)
        record_of(whole).write_bytes(record)
        JournalFile(whole, API).close()
        if alone(torn):
            assert states(torn) == states(whole)
        else:
            refused += 1
    assert refused > 5


async def test_one_file_remains(sandbox: Sandbox, journal: Path) -> None:
    """A batch that has ended leaves one file, which is read without another beside it."""
    report = await client(sandbox).bookings.create_many(many(3), journal=journal)
    journal.parent.chmod(0o555)
    assert len(list(report)) == 3
    to_jsonl(journal, io.BytesIO())
    assert states(journal) == ["created"] * 3
    assert [path.name for path in journal.parent.iterdir()] == [journal.name]


async def test_somebody_looks_on(sandbox: Sandbox, journal: Path) -> None:
    """Somebody who reads the journal until after the end does not disturb it."""
    reader = sqlite3.connect(journal)

    async def send(request: Any) -> Any:
        if not reader.in_transaction:
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM rows").fetchone() == (1,)
        return await sandbox.send(request)

    with closing(reader):
        nylas = client(sandbox, send=send)
        report = await nylas.bookings.create_many(many(COUNT), concurrency=1, journal=journal)
        assert report.created == len(list(report)) == COUNT
    assert states(journal) == ["created"] * COUNT
    assert not beside(journal).exists()


async def test_reading_while_it_goes_on(
    sandbox: Sandbox, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads a report when the next run begins reads on."""
    monkeypatch.setattr(tables, "RESULTS", tables.RESULTS.replace("LIMIT 500", "LIMIT 2"))
    nylas = client(sandbox)
    first = await nylas.bookings.create_many(
        many(COUNT), concurrency=1, journal=journal, stop_on=lambda result: result.key == "#4"
    )
    results = iter(first)
    read = [next(results)]
    await nylas.bookings.create_many(many(COUNT), journal=journal)
    read += results
    assert [result.key for result in read] == [f"#{n + 1}" for n in range(COUNT)]


async def test_the_wal_stays_short(sandbox: Sandbox, journal: Path) -> None:
    """However long a batch goes on, its `-wal` does not grow on."""
    sizes: list[int] = []

    async def send(request: Any) -> Any:
        sizes.append(beside(journal).stat().st_size)
        return await sandbox.send(request)

    nylas = client(sandbox, send=send)
    await nylas.bookings.create_many(many(40), concurrency=1, journal=journal)
    assert max(sizes) < 25 * 4096


def test_what_is_committed_is_on_disk(journal: Path) -> None:
    """A commit is in the `-wal`, waits for the disk, and stays there until it is folded in."""
    file = JournalFile(journal, API)
    assert file.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert file.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert file.connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    file.close()


def test_a_torn_journal_is_not_read(sandbox: Sandbox, journal: Path) -> None:
    """What is not whole is not told as if it were."""
    file = JournalFile(journal, API)
    torn = copied(journal, "torn", whole=False)
    file.close()
    with pytest.raises(errors.BatchError, match=TORN):
        to_jsonl(torn, io.BytesIO())
    assert not beside(torn).exists()
