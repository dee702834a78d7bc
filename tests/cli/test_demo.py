"""`demo`: the life of a booking, which goes well each time."""

from __future__ import annotations

import json
import urllib.request

from .commands import CommandLine
from .terminal import terminal


def test_told_to_programs(bare: CommandLine) -> None:
    """Each step is told in lines of JSON, with what came of it."""
    done = bare("demo", "--json")
    assert (done.code, done.err) == (0, "")
    titles = [line["title"] for line in done.lines if "title" in line]
    assert len(titles) == 9
    last = next(line for line in done.lines if "created" in line)
    assert (last["created"], last["failed"], last["unknown"]) == (24, 0, 0)
    assert last["found"] == 3
    outcomes = [line["error"]["outcome"] for line in done.lines if "error" in line]
    assert outcomes == ["refused", "unknown"]


def test_kept() -> None:
    """With `--keep` the pages stay up until Ctrl-C, and the demo fits into a terminal."""
    with terminal("demo", "--keep", columns=80) as at:
        at.until("Ctrl-C ends it.")
        page = next(word for word in at.text.split() if "/book/" in word)
        with urllib.request.urlopen(page) as answer:
            assert b"Introduction" in answer.read()
        at.type("\x03")
        assert at.ended() == 0
    assert "Traceback" not in at.text
    assert max(len(line.rstrip()) for line in at.text.splitlines()) <= 80
    for words in ("Jane books", "pending, and then booked", "24 created", "/_sandbox/"):
        assert words in at.text


def test_json_lines_are_whole(bare: CommandLine) -> None:
    """Every line is a document of its own."""
    for line in bare("demo", "--json").out.splitlines():
        assert "step" in json.loads(line)
