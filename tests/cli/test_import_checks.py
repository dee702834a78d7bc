"""`import` looks at the whole file first, and tells all that is wrong with it and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings.cli.importing import source
from nylas_bookings.models import NewBooking
from nylas_bookings.sandbox import Sandbox

from .commands import CommandLine
from .files import csv_file

HEADER = "key,start_time,end_time,name,email\n"
NINE = "2027-01-04T09:00Z,2027-01-04T09:30Z"
GOOD = {
    "start_time": 1799053200,
    "end_time": 1799055000,
    "guest": {"name": "A", "email": "a@x"},
}


@pytest.mark.parametrize(
    ("content", "complaints"),
    [
        (
            "start_time;emial\n",
            [
                "line 1, column 2 (emial): there is no 'emial' (did you mean 'email'?)",
                "line 1, end_time: this column is missing",
            ],
        ),
        (
            HEADER + "a,soon,,,x\n",
            [
                "line 2, column 2 (start_time): start_time is not a time",
                "line 2, column 3 (end_time): end_time is missing",
                "line 2, column 4 (name): name is missing",
                "line 2, column 5 (email): email is not an e-mail address",
            ],
        ),
        (HEADER + "a,2027-01-04T09:00,2027-01-04T09:30Z,A,a@x\n", ["line 2, column 2", "--zone"]),
        (HEADER + "a,2027-01-04T09:30Z,2027-01-04T09:00Z,A,a@x\n", ["line 2, column 3", "later"]),
        (
            HEADER + f'a,{NINE},"A\nB",a@x\na,{NINE},A,a@x\n',
            ["line 4, column 1 (key): the key 'a' is in line 2 too"],
        ),
        (HEADER + f"#1,{NINE},A,a@x\n", ["line 2, column 1 (key)"]),
        (HEADER + "\n\na,b\n", ["line 4: there are 2 cells where the header has 5 columns"]),
        (
            HEADER + f'a,{NINE},A,a@x\nb\n"c,{NINE},A,a@x\nd,{NINE},A,a@x\n',
            [
                "line 3: there is 1 cell where the header has 5 columns\n",
                "line 4: there is 1 cell where the header has 5 columns; is a quotation mark not",
            ],
        ),
        (
            HEADER.encode() + f"a,{NINE},M\xfcller,a@x\n".encode("latin-1"),
            ["line 2, column 4 (name): this is not UTF-8"],
        ),
        (
            "key,key,start_time,end_time,name,email\n",
            ["line 1, column 2 (key): this column is there twice"],
        ),
        (HEADER.encode("utf-16"), ["line 1: this is not UTF-8", "1 problem."]),
        (
            HEADER + f"a,{NINE},A,x\na,2027-01-04T09:30Z,2027-01-04T09:00Z,,a@x\n",
            [
                "line 2, column 5 (email)",
                "line 3, column 1 (key): the key 'a' is in line 2 too",
                "line 3, column 3 (end_time): ",
                "line 3, column 4 (name)",
            ],
        ),
    ],
)
def test_csv(
    nylas: CommandLine, sandbox: Sandbox, content: str | bytes, complaints: list[str]
) -> None:
    """What is wrong with a CSV file is told with line and column, all of it; nothing is sent."""
    done = nylas("import", "-", "--format", "csv", stdin=content)
    assert (done.code, done.out) == (2, "")
    for complaint in complaints:
        assert complaint in done.err
    assert "Nothing was sent." in done.err
    assert not sandbox.requests()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"start_time": }', "line 2, column 16: this is not JSON"),
        ("[1]", "line 2, column 1: this is not a JSON object"),
        ({"start_time": 1.5}, "line 2, start_time: start_time must be a text or epoch seconds"),
        ({"start_time": True}, "line 2, start_time: "),
        ({"end_time": None}, "line 2, end_time: end_time is missing"),
        ({"guest": {"name": "A", "email": 5}}, "line 2, guest.email: "),
        ({"guest": {"name": "A", "email": "a@x", "age": 5}}, "line 2, guest: there is no 'age'"),
        ({"guest": None}, "line 2, guest.name: "),
        ({"gest": 1}, "line 2, gest: there is no 'gest' (did you mean 'guest'?)"),
        ({"participants": 3}, "line 2, participants: participants must be a list"),
        ({"additional_guests": [{}]}, "line 2, additional_guests[0].name: "),
        ({"additional_fields": {"a": 1}}, "line 2, additional_fields: "),
        ({"timezone": 4}, "line 2, timezone: timezone must be a str, not int"),
        ({"key": ""}, "line 2, key: key must be a text"),
    ],
)
def test_jsonl(nylas: CommandLine, line: Any, complaint: str) -> None:
    """What is wrong with a line of JSON is told with the path of the part."""
    second = line if isinstance(line, str) else json.dumps({**GOOD, **line})
    done = nylas("import", "-", stdin=f"{json.dumps(GOOD)}\n{second}\n")
    assert done.code == 2
    assert complaint in done.err
    assert "line 1" not in done.err


@pytest.mark.parametrize(
    ("content", "places"),
    [
        (HEADER + "a,soon,,A,a@x\n", [(2, "start_time", 2), (2, "end_time", 3)]),
        (HEADER + "a,b\n", [(2, None, None)]),
        ("start_time,end_time,name,emial\n", [(1, "emial", 4), (1, "email", None)]),
        (json.dumps({**GOOD, "guest": {"name": "A"}}), [(1, "guest.email", None)]),
        ('{"start_time": }', [(1, None, 16)]),
    ],
)
def test_problems_as_json(
    nylas: CommandLine, content: str, places: list[tuple[int, str | None, int | None]]
) -> None:
    """Programs get a line of JSON for each problem, with the name and the number of the column."""
    done = nylas("import", "-", "--json", stdin=content)
    problems = [one["problem"] for one in done.lines]
    assert [(one["line"], one["column"], one["position"]) for one in problems] == places
    assert all(set(one) == {"line", "column", "position", "message"} for one in problems)


def test_more_problems_than_anybody_reads(nylas: CommandLine) -> None:
    """Of very many problems the first are told, and the number."""
    done = nylas("import", "-", stdin=HEADER + "a,b\n" * 1000)
    assert done.err.count("\n") == 101
    assert "1000 problems, of which these are the first 100" in done.err


def test_dry_run(nylas: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    """A dry run sends nothing and leaves nothing."""
    file = csv_file(tmp_path / "rows.csv", 20)
    done = nylas("import", str(file), "--dry-run", "--json")
    assert done.json == {"bookings": 20, "first": 1799053200, "last": 1799145000}
    assert "20" in nylas("import", str(file), "--dry-run").out
    assert not sandbox.requests()
    assert list(tmp_path.iterdir()) == [file]


def bookings(tmp_path: Path, name: str, content: str | bytes) -> list[NewBooking]:
    """What a good file asks for."""
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with source.opened(str(file), None, None) as opened:
        assert not opened.check().problems
        return list(opened.bookings())


def test_everything_a_row_can_say(tmp_path: Path) -> None:
    """A spreadsheet says all that the API can be told; its separator and its mark are no matter."""
    header = (
        "start_time; end_time ;name;email;timezone;booking_timezone;participants;"
        "additional_guests;additional_fields.Company name;event_id"
    )
    row = (
        "1799053200;2027-01-04T09:30Z;Jane;jane@x;Europe/Berlin;UTC;a@x b@x;"
        '"Joe <joe@x>, ""Doe, J"" <j@x>";ACME;'
    )
    (made,) = bookings(tmp_path, "rows.txt", f"\ufeff{header}\r\n{row}\r\n\r\n")
    assert [guest.name for guest in made.additional_guests] == ["Joe", "Doe, J"]
    assert [host.email for host in made.participants or ()] == ["a@x", "b@x"]
    assert made.additional_fields == {"Company name": "ACME"}
    assert (made.timezone, made.booking_timezone) == ("Europe/Berlin", "UTC")
    assert (made.event_id, made.key) == (None, None)


def test_jsonl_is_recognized(tmp_path: Path) -> None:
    """JSON lines are recognized by how they begin, or by the name of the file."""
    line = json.dumps({**GOOD, "key": "k", "participants": ["h@x", {"email": "i@x"}]})
    for name in ("rows.ndjson", "rows"):
        (made,) = bookings(tmp_path, name, f"\ufeff{line}\n\n")
        assert made.key == "k"
        assert [host.email for host in made.participants or ()] == ["h@x", "i@x"]


def test_list_of_json(nylas: CommandLine) -> None:
    """A JSON list is not JSON lines, and that is what it says."""
    done = nylas("import", "-", stdin="[{}]")
    assert done.code == 2
    assert "write one object in each line" in done.err


@pytest.mark.parametrize("more", [(), ("--dry-run",), ("--format", "jsonl", "--json")])
def test_nothing_to_import(
    nylas: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    """A file without bookings is no good file: that is told, and no journal is left."""
    monkeypatch.chdir(tmp_path)
    done = nylas("import", "-", *more, stdin="")
    assert done.code == 2
    assert "there is nothing to import: the file is empty" in done.err
    if "jsonl" not in more:
        done = nylas("import", "-", *more, stdin=HEADER + "\n,,,,\n")
        assert done.code == 2
        assert "there is nothing to import: the file has a header and no rows" in done.err
    assert not list(tmp_path.iterdir())
