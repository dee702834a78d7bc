"""The command starts quickly."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .commands import CommandLine

HEAVY = {
    "aiohttp",
    "anyio",
    "asyncio",
    "cattrs",
    "orjson",
    "sqlite3",
    "rich.markdown",
    "rich.progress",
    "nylas_bookings.sandbox",
    "nylas_bookings.batch",
    "nylas_bookings._client",
    "nylas_bookings.cli.parts",
}


def test_ctrl_c_while_it_loads(bare: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C before a command has begun is no traceback."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nylas_bookings.cli.app.app", interrupted)
    done = bare("slots")
    assert (done.code, done.out, done.err) == (130, "", "Interrupted.\n")


def test_help_loads_little() -> None:
    """`--help` loads nothing of what the commands need to do their work."""
    script = (
        "import sys; sys.argv = ['nylas-bookings', '--help']\n"
        "from nylas_bookings.cli import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    # Who measures what is covered does so in this process too, and loads more for it.
    plain = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=plain
    )
    assert "Book meetings" in done.stdout
    assert not HEAVY & set(done.stderr.split())
