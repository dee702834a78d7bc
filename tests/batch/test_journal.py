"""The journal: a batch goes on from it, and it refuses what it does not belong to."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from nylas_bookings import ApiKey, AsyncClient, Response, SessionToken, errors
from nylas_bookings.batch import CalendarSettler, Created, Unknown
from nylas_bookings.batch.journal_file import JournalFile
from nylas_bookings.batch.results import Result
from nylas_bookings.batch.tables import VERSION
from nylas_bookings.sandbox import Fault, Sandbox

from .asking import client, many, wanted


def states(journal: Path) -> list[str]:
    """The states of the rows, in order."""
    with closing(sqlite3.connect(journal)) as connection:
        return [state for (state,) in connection.execute("SELECT state FROM rows ORDER BY number")]


def change(journal: Path, statement: str) -> None:
    """Do something to a journal that nobody does."""
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute(statement)


async def test_nothing_is_sent_twice(sandbox: Sandbox, journal: Path) -> None:
    """A batch that has ended is only read again, in whatever order its input comes."""
    requests = [wanted(n, key=str(n)) for n in range(5)]
    heard: list[Result] = []
    for run in (requests, requests, requests[::-1]):
        report = await client(sandbox).bookings.create_many(
            run, journal=journal, on_result=heard.append
        )
        assert [result.key for result in report] == ["0", "1", "2", "3", "4"]
    assert report.created == len(sandbox.requests()) == len(heard) == 5


async def test_the_row_is_on_disk_before_it_is_sent(sandbox: Sandbox, journal: Path) -> None:
    """Whoever looks at the file while a call is on its way finds it there."""
    seen: list[list[str]] = []

    async def send(request: Any) -> Any:
        seen.append(states(journal))
        return await sandbox.send(request)

    await client(sandbox, send=send).bookings.create_many(many(3), concurrency=1, journal=journal)
    assert [found[-1] for found in seen] == ["sending"] * 3
    assert [len(found) for found in seen] == [1, 2, 3]
    assert states(journal) == ["created"] * 3


async def test_what_was_never_sent_is_sent(sandbox: Sandbox, journal: Path) -> None:
    """What failed before it reached the API, or was refused with 429, is sent by the next run."""
    sandbox.faults.add("create", Fault.status(429), times=5)
    sandbox.faults.add("create", Fault.status(400))
    report = await client(sandbox).bookings.create_many(many(3), concurrency=1, journal=journal)
    assert (report.created, report.failed) == (1, 2)
    report = await client(sandbox).bookings.create_many(many(3), concurrency=1, journal=journal)
    assert (report.created, report.failed) == (2, 1)
    assert len(sandbox.requests()) == 8


async def test_without_a_settler_it_stays_unknown(sandbox: Sandbox, journal: Path) -> None:
    """A row that a killed process was sending is told as unknown, and never sent again."""
    await client(sandbox).bookings.create_many(many(3), journal=journal)
    change(journal, "UPDATE rows SET state = 'sending', booking_id = NULL WHERE number = 2")
    for _ in range(2):
        report = await client(sandbox).bookings.create_many(many(3), journal=journal)
        assert [type(result) for result in report] == [Created, Unknown, Created]
    assert len(sandbox.requests()) == 3


async def test_a_short_input_does_not_shorten_the_batch(sandbox: Sandbox, journal: Path) -> None:
    """After a try with an input that ends too early, the whole input is gone on with."""
    nylas = client(sandbox)
    await nylas.bookings.create_many(
        many(9), journal=journal, concurrency=1, stop_on=lambda result: result.key == "#4"
    )
    with pytest.raises(errors.BatchError, match="has only 2 of them"):
        await nylas.bookings.create_many(many(2), journal=journal)
    report = await nylas.bookings.create_many(many(9), journal=journal)
    assert report.created == len(sandbox.bookings()) == 9


async def test_done_stays_done(sandbox: Sandbox, journal: Path) -> None:
    """A call that took effect is not sent again by a later run, even if nothing of it is found."""

    async def send(request: Any) -> Any:
        return Response(200, {}, b"<html>")

    await client(sandbox, send=send).bookings.create_many(many(1), journal=journal)
    settler = CalendarSettler(sandbox.api_key, sandbox.grant_id, limit=0.0, pause=0.0)
    report = await client(sandbox).bookings.create_many(many(1), journal=journal, settle=settler)
    (unknown,) = report
    assert isinstance(unknown, Unknown)
    assert unknown.error.outcome is errors.Outcome.DONE
    assert unknown.evidence is not None
    assert sandbox.bookings() == []


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ([wanted(0, key="a"), wanted(3, key="b")], "'b' .* with other content"),
        ([wanted(0, key="a")], "2 rows from before, and this input has only 1"),
        ([wanted(0, key="a"), wanted(1, key="b"), wanted(2, key="c")], "has all rows of its own"),
        ([wanted(0, key="x"), wanted(1, key="y")], "'x' is not in it, and 2 of its rows"),
        ([wanted(0, key="a"), wanted(0, key="a")], "'a' is there twice"),
        ([evolve(wanted(0, key="a"), booking_timezone="UTC")], "'a' .* with other content"),
    ],
)
async def test_another_input(sandbox: Sandbox, journal: Path, second: list[Any], says: str) -> None:
    """A journal that belongs to another input is refused, and keeps what it has."""
    first = [wanted(0, key="a"), wanted(1, key="b")]
    await client(sandbox).bookings.create_many(first, journal=journal)
    with pytest.raises(errors.BatchError, match=says):
        await client(sandbox).bookings.create_many(second, journal=journal, concurrency=1)
    assert len(sandbox.requests()) == 2
    assert states(journal) == ["created"] * 2


async def test_another_api(sandbox: Sandbox, journal: Path) -> None:
    """A journal of one API is not gone on with at another."""
    await client(sandbox).bookings.create_many(many(1), journal=journal)
    local = client(sandbox, api_url="http://127.0.0.1:5000")
    with pytest.raises(errors.BatchError, match=r"is of a batch for https://api\.us\.nylas\.com"):
        await local.bookings.create_many(many(1), journal=journal)


def _foreign(path: Path) -> None:
    change(path, "CREATE TABLE t (a)")


def _newer(path: Path) -> None:
    JournalFile(path, "https://api.us.nylas.com").close()
    change(path, f"PRAGMA user_version = {VERSION + 1}")


def _damaged(path: Path) -> None:
    JournalFile(path, "https://api.us.nylas.com").close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 12288)


def _cut(path: Path) -> None:
    JournalFile(path, "https://api.us.nylas.com").close()
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_text("a letter to a friend"), "no SQLite file"),
        (lambda path: path.mkdir(), "cannot be used: Is a directory"),
        (_foreign, "another program's"),
        (_newer, "newer version"),
        (_damaged, "damaged"),
        (_cut, "damaged"),
    ],
    ids=["text", "folder", "foreign", "newer", "damaged", "cut"],
)
def test_what_is_no_journal(sandbox: Sandbox, journal: Path, make: Any, says: str) -> None:
    """A file that is no good journal is refused, and left as it is."""
    make(journal)
    before = journal.read_bytes() if journal.is_file() else None
    with pytest.raises(errors.BatchError, match=says):
        asyncio.run(client(sandbox).bookings.create_many(many(1), journal=journal))
    assert before is None or journal.read_bytes() == before
    assert sandbox.requests() == []


async def test_no_folder(sandbox: Sandbox, tmp_path: Path) -> None:
    """A journal in a folder that is not there cannot be made."""
    with pytest.raises(errors.BatchError, match="No such file"):
        await client(sandbox).bookings.create_many(many(1), journal=tmp_path / "no" / "such")


def test_one_batch_at_a_time(sandbox: Sandbox, journal: Path) -> None:
    """A journal that another batch has open is refused, in this process and in another."""
    file = JournalFile(journal, "https://api.us.nylas.com")
    with pytest.raises(errors.BatchError, match="another batch is running with it"):
        asyncio.run(client(sandbox).bookings.create_many(many(1), journal=journal))
    code = (
        "import sys, pathlib; from nylas_bookings.batch.journal_file import JournalFile\n"
        "JournalFile(pathlib.Path(sys.argv[1]), 'https://api.us.nylas.com')"
    )
    command = [sys.executable, "-c", code, str(journal)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert "another batch is running with it" in done.stderr
    file.close()
    again = asyncio.run(client(sandbox).bookings.create_many(many(1), journal=journal))
    assert again.created == 1


async def test_the_disk_is_full(
    sandbox: Sandbox, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the journal cannot grow, nothing more is sent, and the rest is done when it can."""
    heard: list[Result] = []
    opened = sqlite3.connect

    def small(*args: Any, **settings: Any) -> sqlite3.Connection:
        connection = opened(*args, **settings)
        connection.execute("PRAGMA max_page_count = 16")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", small)
        with pytest.raises(errors.BatchError, match="disk is full"):
            await client(sandbox).bookings.create_many(
                many(100), journal=journal, on_result=heard.append
            )
    sent = len(sandbox.requests())
    assert 0 < sent < 100
    assert len(heard) == sent
    report = await client(sandbox).bookings.create_many(many(100), journal=journal)
    assert len(sandbox.bookings()) == 100
    assert report.created + report.unknown == 100


async def test_no_credential_is_in_it(sandbox: Sandbox, journal: Path) -> None:
    """Keys, sessions, salts and references are in no byte of a journal."""
    admin = AsyncClient(ApiKey(sandbox.api_key), send=sandbox.send)
    session = await admin.sessions.create(configuration_id=sandbox.private)
    token = SessionToken(session.session_id)
    sandbox.faults.add("create", Fault.drop_after())
    requests = [
        *many(3),
        wanted(3, auth=token),
        wanted(4, auth=ApiKey(sandbox.api_key, sandbox.public)),
        wanted(5, auth=SessionToken("planted-token")),
    ]
    heard: list[Result] = []
    report = await client(sandbox).bookings.create_many(
        requests, journal=journal, on_result=heard.append
    )
    assert (report.created, report.failed, report.unknown) == (4, 1, 1)
    salts = [booking["salt"] for booking in sandbox.bookings()]
    references = [r.booking.booking_ref for r in heard if isinstance(r, Created)]
    secrets = [sandbox.api_key, session.session_id, "planted-token", *salts, *references]
    text = b"".join(path.read_bytes() for path in journal.parent.iterdir())
    assert b"guest3@example.com" in text
    for secret in secrets:
        assert secret
        assert secret.encode() not in text


async def test_people_can_read_it(sandbox: Sandbox, journal: Path) -> None:
    """Any SQLite shows the journal; a view has the times as people write them."""
    await client(sandbox).bookings.create_many(many(2), journal=journal)
    with closing(sqlite3.connect(journal)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        first, _ = connection.execute("SELECT key, state, guest, starts FROM readable").fetchall()
    starts = f"{wanted(0).start_time:%Y-%m-%d %H:%M:%S}"
    assert first == ("#1", "created", "guest0@example.com", starts)
    assert [path.name for path in journal.parent.iterdir()] == [journal.name]
