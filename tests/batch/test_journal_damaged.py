"""A `-wal` that was damaged, cut, exchanged or removed: no row is sent again because of it."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import errors
from nylas_bookings.batch import to_jsonl, write_ahead
from nylas_bookings.batch.commit_record import CommitRecord, record_of
from nylas_bookings.batch.journal_file import JournalFile
from nylas_bookings.sandbox import Sandbox

from .asking import client, guests, many
from .test_journal import change, states
from .test_journal_torn import API, beside

COUNT = 12
FRAME = 24 + 4096
"""A page in the `-wal`, with its header."""

HEADER = 32


pytestmark = pytest.mark.usefixtures("_copies_go_on")


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The `-wal` is put into the journal once in the batches of these tests."""
    monkeypatch.setattr(write_ahead, "_MOST_PAGES", 24)


def copy_files(journal: Path, folder: Path) -> None:
    """Copy what a kill would leave of a journal."""
    folder.mkdir()
    for path in (journal, beside(journal), record_of(journal)):
        shutil.copy(path, folder)


@pytest.fixture
async def killed(sandbox: Sandbox, journal: Path, tmp_path: Path) -> Path:
    """The files of a batch as a kill leaves them while the last row is on its way."""
    sent: list[Any] = []

    async def send(request: Any) -> Any:
        sent.append(request)
        copy_files(journal, tmp_path / f"at-{len(sent)}")
        return await sandbox.send(request)

    await client(sandbox, send=send).bookings.create_many(
        many(COUNT), concurrency=1, journal=journal
    )
    return tmp_path / f"at-{COUNT}" / journal.name


def damaged(wal: bytes) -> Iterator[tuple[str, bytes]]:
    """Whatever may happen to a `-wal`, and what it is called."""
    frames = (len(wal) - HEADER) // FRAME
    places = {"magic": 0, "page size": 11, "salt": 19, "checksum": 27}
    for number in range(frames):
        fields = {"page": 3, "commit": 7, "salt": 11, "checksum": 19, "content": 200, "end": 4100}
        places |= {
            f"{name} of {number}": HEADER + number * FRAME + at for name, at in fields.items()
        }
    for name, at in places.items():
        yield f"flip in {name}", wal[:at] + bytes([wal[at] ^ 4]) + wal[at + 1 :]
    for size in (0, 10, HEADER, *(HEADER + number * FRAME for number in range(1, frames))):
        yield f"cut at {size}", wal[:size]
        yield f"zeros from {size}", wal[:size] + bytes(len(wal) - size)
    yield "last frame torn", wal[:-1000]
    yield "first frame twice", wal[:HEADER] + wal[HEADER : HEADER + FRAME] + wal[HEADER:]
    yield "first frame lost", wal[:HEADER] + wal[HEADER + FRAME :]


def refusal(journal: Path) -> str | None:
    """Why a journal is not opened; None if it is."""
    try:
        JournalFile(journal, API).close()
    except errors.BatchError as error:
        return error.message
    return None


async def test_any_damage(sandbox: Sandbox, killed: Path, tmp_path: Path) -> None:
    """A journal whose `-wal` was damaged is refused as it is, or has lost nothing."""
    wal, sent = beside(killed).read_bytes(), len(sandbox.requests())
    whole = tmp_path / "whole" / killed.name
    shutil.copytree(killed.parent, whole.parent)
    JournalFile(whole, API).close()
    assert states(whole) == ["created"] * (COUNT - 1) + ["sending"]
    refused = 0
    for number, (name, content) in enumerate(damaged(wal)):
        copy = tmp_path / f"damaged-{number}" / killed.name
        shutil.copytree(killed.parent, copy.parent)
        beside(copy).write_bytes(content)
        before = copy.read_bytes()
        for _ in range(2):
            if (says := refusal(copy)) is None:
                assert states(copy) == states(whole), name
            else:
                assert "damaged" in says or "is not whole" in says, name
                assert (copy.read_bytes(), beside(copy).read_bytes()) == (before, content), name
                refused += 1
    assert refused > 2 * 50
    assert len(sandbox.requests()) == sent


@pytest.mark.parametrize("older", [3, COUNT - 1])
async def test_an_older_wal(sandbox: Sandbox, killed: Path, older: int) -> None:
    """A `-wal` of an earlier moment is refused: rows were sent since."""
    shutil.copy(killed.parent.parent / f"at-{older}" / beside(killed).name, killed.parent)
    with pytest.raises(errors.BatchError, match="damaged"):
        await client(sandbox).bookings.create_many(many(COUNT), journal=killed)


async def test_what_another_program_has_tidied_up(sandbox: Sandbox, killed: Path) -> None:
    """What SQLite has made one file of a damaged `-wal` is refused, and not exported."""
    # The first frame says that nothing is missing.
    beside(killed).write_bytes(beside(killed).read_bytes()[: HEADER + FRAME])
    assert states(killed) != ["created"] * (COUNT - 1) + ["sending"]
    assert not beside(killed).exists()
    with pytest.raises(errors.BatchError, match=r"lost its last \d+ commits"):
        await client(sandbox).bookings.create_many(many(COUNT), journal=killed)
    with pytest.raises(errors.BatchError, match=r"lost its last \d+ commits"):
        to_jsonl(killed, io.BytesIO())


async def test_an_older_copy(sandbox: Sandbox, killed: Path, tmp_path: Path) -> None:
    """A whole journal of an earlier moment is refused in the place of one that was killed."""
    older = killed.parent.parent / "at-3" / killed.name
    assert len(states(older)) == 3
    shutil.copyfile(older, killed)
    beside(killed).unlink()
    with pytest.raises(errors.BatchError, match=r"lost its last \d+ commits"):
        JournalFile(killed, API)


async def test_without_its_record(sandbox: Sandbox, killed: Path) -> None:
    """A journal and its `-wal` are refused without the record that says what they must have."""
    record = record_of(killed)
    content = record.read_bytes()
    record.unlink()
    with pytest.raises(errors.BatchError, match="is not beside it"):
        JournalFile(killed, API)
    record.write_bytes(content[:-1] + b"\0")
    with pytest.raises(errors.BatchError, match=r"-commit, which says .* cannot be read"):
        JournalFile(killed, API)
    record.write_bytes(content)
    report = await client(sandbox).bookings.create_many(many(COUNT), journal=killed)
    assert (report.created, report.unknown) == (COUNT - 1, 1)
    assert not record.exists()


async def test_a_record_that_was_left_behind(sandbox: Sandbox, journal: Path) -> None:
    """The record of another journal says nothing of a new one in its place."""
    left = CommitRecord(journal, "0" * 32)
    left.write(1000)
    left.close(remove=False)
    report = await client(sandbox).bookings.create_many(many(2), journal=journal)
    assert report.created == 2
    assert [path.name for path in journal.parent.iterdir()] == [journal.name]


def look(journal: Path) -> None:
    """Read a journal in another process, as people do."""
    code = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1])\n"
        "connection.execute('SELECT count(*) FROM rows').fetchall()\n"
        "connection.close()"
    )
    subprocess.run([sys.executable, "-c", code, str(journal)], check=True, timeout=30)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no such locks")
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
async def test_the_locks_stay(sandbox: Sandbox, journal: Path, suffix: str) -> None:
    """Whoever reads a file of a running batch in its process does not take its locks away."""
    there: list[bool] = []

    async def send(request: Any) -> Any:
        journal.with_name(f"{journal.name}{suffix}").read_bytes()
        look(journal)
        there.append(beside(journal).exists())
        return await sandbox.send(request)

    report = await client(sandbox, send=send).bookings.create_many(
        many(3), concurrency=1, journal=journal
    )
    assert there == [True] * 3
    assert report.created == 3
    assert states(journal) == ["created"] * 3


@pytest.mark.parametrize("gone", ["-wal", ""])
async def test_a_file_that_is_removed(sandbox: Sandbox, journal: Path, gone: str) -> None:
    """When a file of a running batch is removed, nothing more is sent."""
    asked: list[Any] = []

    async def send(request: Any) -> Any:
        asked.append(request)
        if len(asked) == 4:
            journal.with_name(f"{journal.name}{gone}").unlink()
        return await sandbox.send(request)

    nylas = client(sandbox, send=send)
    with pytest.raises(errors.BatchError, match="removed or exchanged"):
        await nylas.bookings.create_many(many(COUNT), concurrency=1, journal=journal)
    assert len(asked) == 4
    if gone:
        # The running batch has put all that it knew into the journal.
        report = await client(sandbox).bookings.create_many(many(COUNT), journal=journal)
        assert (report.created, report.unknown) == (COUNT - 1, 1)
        assert len(guests(sandbox)) == len(set(guests(sandbox))) == COUNT - 1


async def test_another_wal_in_its_place(sandbox: Sandbox, journal: Path) -> None:
    """A `-wal` that another program has made is not taken for the one that was opened."""
    asked: list[Any] = []

    async def send(request: Any) -> Any:
        asked.append(request)
        if len(asked) == 4:
            content = beside(journal).read_bytes()
            beside(journal).unlink()
            beside(journal).write_bytes(content)
        return await sandbox.send(request)

    with pytest.raises(errors.BatchError, match="removed or exchanged"):
        await client(sandbox, send=send).bookings.create_many(
            many(COUNT), concurrency=1, journal=journal
        )
    assert len(asked) == 4


async def test_killed_without_its_wal(sandbox: Sandbox, killed: Path) -> None:
    """A journal whose `-wal` was removed before its process was killed is refused."""
    change(killed, "UPDATE batch SET more_in_wal = 0")
    with closing(sqlite3.connect(killed)) as connection, connection:
        connection.execute("DELETE FROM rows WHERE number = ?", (COUNT,))
        connection.execute("UPDATE batch SET commits = commits - 1")
    with pytest.raises(errors.BatchError, match="lost its last 1 commits"):
        await client(sandbox).bookings.create_many(many(COUNT), journal=killed)


def test_a_second_name(journal: Path) -> None:
    """A journal that is open is not touched under another name, which would drop its locks."""
    file = JournalFile(journal, API)
    other = journal.with_name("other.sqlite3")
    other.hardlink_to(journal)
    with pytest.raises(errors.BatchError, match="is in use"):
        JournalFile(other, API)
    file.close()
