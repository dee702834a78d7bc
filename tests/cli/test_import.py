"""`import`: many bookings out of a file, each once, and an exit code that says how it ended."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from nylas_bookings.sandbox import Fault, Sandbox

from .commands import CommandLine
from .files import csv_file, jsonl_file


def test_all_created(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """All are created, the summary says so, and a journal and the results are left."""
    file = csv_file(tmp_path / "rows.csv", 20)
    results = tmp_path / "results.csv"
    done = nylas("import", str(file), "--results", str(results), "--per-second", "500")
    assert done.code == 0, done.err
    assert done.out.split()[:2] == ["created", "20"]
    assert len(sandbox.bookings()) == 20
    assert (tmp_path / "rows.csv.journal.sqlite3").exists()
    with results.open(newline="") as written:
        rows = list(csv.DictReader(written))
    assert {row["state"] for row in rows} == {"created"}
    assert {row["booking_id"] for row in rows} == {one["id"] for one in sandbox.bookings()}


def test_jsonl_from_stdin(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """Lines come in on stdin and results go out as lines of JSON, with the summary at the end."""
    file = jsonl_file(tmp_path / "rows.jsonl", 5)
    journal, results = tmp_path / "j", tmp_path / "results.jsonl"
    files = ("--journal", str(journal), "--results", str(results))
    done = nylas("import", "-", "--json", *files, stdin=file.read_bytes())
    assert done.code == 0, done.err
    *told, last = done.lines
    assert {one["result"] for one in told} == {"created"}
    assert {one["booking_id"] for one in told} == {one["id"] for one in sandbox.bookings()}
    summary = last["summary"]
    assert (summary["created"], summary["left"], summary["journal"]) == (5, 0, str(journal))
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    assert [line["guest"] for line in lines] == [f"guest{n}@example.com" for n in range(5)]


def test_some_failed(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """A slot that is taken fails alone; the code is 1 and the reason is told."""
    sandbox.add_event(sandbox.organizer_email, 1799053200, 1799055000)
    file = csv_file(tmp_path / "rows.csv", 3)
    done = nylas("import", str(file))
    assert done.code == 1
    assert "row-0" in done.out
    assert "SlotUnavailable" in done.out
    assert len(sandbox.bookings()) == 2
    again = nylas("import", str(file), "--resume", "--json")
    assert again.code == 1
    assert [one["summary"]["failed"] for one in again.lines] == [1]


def test_some_unknown(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """A lost answer makes the code 3, and is never sent again by itself."""
    sandbox.faults.add("create", Fault.drop_after())
    file = csv_file(tmp_path / "rows.csv", 3)
    done = nylas("import", str(file), "--json")
    assert done.code == 3
    assert sorted(one.get("result", "") for one in done.lines) == [
        "",
        "created",
        "created",
        "unknown",
    ]
    assert nylas("import", str(file), "--resume").code == 3
    assert len(sandbox.bookings()) == 3


def test_settled(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """With `--settle`, lost bookings are looked for, and found."""
    sandbox.clock.resume()
    sandbox.faults.add("create", Fault.drop_after(), times=2)
    file = csv_file(tmp_path / "rows.csv", 3)
    done = nylas("import", str(file), "--settle", "--settle-limit", "0.1", "--json")
    assert done.code == 0, done.err
    assert sum("evidence" in one for one in done.lines) == 2
    nylas.env(grant_id=None)
    done = nylas("import", str(file), "--settle", "--resume")
    assert done.code == 2
    assert "NYLAS_GRANT_ID" in done.err


def test_an_earlier_journal(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """A journal that is there is gone on with only when that is asked for."""
    file = csv_file(tmp_path / "rows.csv", 3)
    assert nylas("import", str(file), "--resume").code == 0
    done = nylas("import", str(file))
    assert done.code == 2
    assert "--resume goes on with it" in done.err
    done = nylas("import", str(file), "--resume")
    assert done.code == 0
    assert "a second" not in done.out
    assert len(sandbox.bookings()) == 3


def test_a_journal_that_was_moved(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """A copy of a journal is continued only when somebody says that it is the only one."""
    sandbox.faults.add("create", Fault.drop_after())
    file = csv_file(tmp_path / "rows.csv", 3)
    first, second = tmp_path / "first.sqlite3", tmp_path / "second.sqlite3"
    assert nylas("import", str(file), "--journal", str(first)).code == 3
    shutil.copy(first, second)
    first.unlink()
    resume = ("import", str(file), "--journal", str(second), "--resume")
    done = nylas(*resume)
    assert done.code != 0
    assert "--moved" in done.err
    done = nylas("import", str(file), "--journal", str(second), "--moved")
    assert done.code == 2
    assert "it needs --resume" in done.err
    assert nylas(*resume, "--moved").code == 3
    assert nylas(*resume).code == 3
    assert len(sandbox.bookings()) == 3


def test_a_journal_of_another_file(nylas: CommandLine, tmp_path: Path) -> None:
    """A journal of another file is refused."""
    journal = ("--journal", str(tmp_path / "j"), "--resume")
    assert nylas("import", str(csv_file(tmp_path / "rows.csv", 3)), *journal).code == 0
    done = nylas("import", str(jsonl_file(tmp_path / "rows.jsonl", 3)), *journal)
    assert done.code == 1
    assert done.err.startswith("Error: ")
    (tmp_path / "letter").write_text("Dear Sir or Madam")
    done = nylas(
        "import", str(tmp_path / "rows.csv"), "--journal", str(tmp_path / "letter"), "--resume"
    )
    assert done.code == 1
    assert "is not a journal" in done.err


def test_stops_where_it_is_hopeless(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """When the key is refused, no other booking is tried, and nothing is lost."""
    key = sandbox.api_key
    nylas.env(api_key="wrong")
    file = csv_file(tmp_path / "rows.csv", 40)
    done = nylas("import", str(file), "--concurrency", "2", "--json")
    assert done.code == 1
    summary = done.lines[-1]["summary"]
    assert summary["created"] == 0
    assert summary["left"] >= 36
    assert "--resume goes on" in done.err
    assert not sandbox.bookings()
    nylas.env(api_key=key)
    again = nylas("import", str(file), "--resume", "--json", "--per-second", "500")
    assert again.lines[-1]["summary"]["created"] == 40 - summary["failed"]


def test_rows_that_were_never_sent(nylas: CommandLine, tmp_path: Path) -> None:
    """A row that never got as far as the API counts no attempts, there and in the results."""
    nylas.env(api_uri="http://127.0.0.1:9")
    file, results = csv_file(tmp_path / "rows.csv", 1), tmp_path / "results.csv"
    done = nylas("import", str(file), "--json", "--results", str(results))
    assert done.code == 1
    assert (done.lines[0]["result"], done.lines[0]["attempts"]) == ("failed", 0)
    assert "Stopped" not in done.err
    with results.open(newline="") as written:
        (row,) = csv.DictReader(written)
    assert (row["state"], row["attempts"], row["sent_at"]) == ("failed", "0", "")


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ("nowhere/r.csv", "r.csv cannot be written: there is no "),
        (".", "cannot be written: it is a directory"),
        ("rows.csv", "the results would overwrite "),
        ("rows.csv.journal.sqlite3", "the results would overwrite "),
    ],
)
def test_no_place_for_results(
    nylas: CommandLine, sandbox: Sandbox, tmp_path: Path, results: str, said: str
) -> None:
    """Results that cannot be written, or would destroy something, are told before all else."""
    file = csv_file(tmp_path / "rows.csv", 1)
    before = file.read_bytes()
    done = nylas("import", str(file), "--results", str(tmp_path / results))
    assert done.code == 2
    assert said in done.err
    assert not sandbox.requests()
    assert file.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is full")
def test_results_that_cannot_be_written(nylas: CommandLine, tmp_path: Path) -> None:
    """Results for which there is no room are told, after all was done."""
    done = nylas("import", str(csv_file(tmp_path / "rows.csv", 1)), "--results", "/dev/full")
    assert done.code == 1
    assert "/dev/full cannot be written: No space left on device" in done.err
    assert "created" in done.out
