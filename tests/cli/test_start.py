"""The command starts quickly, and completes itself in the shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(bare: CommandLine, tmp_path: Path, shell: str) -> None:
    """The script for a shell names all commands, and the shell, if it is here, takes it."""
    done = bare("completion", shell)
    assert done.code == 0
    for word in ("reschedule", "rotate-secret", "validate-timeslot", "dry-run"):
        assert word in done.out
    script = tmp_path / "script"
    script.write_text(done.out)
    if shutil.which(shell):
        subprocess.run([shell, "-n", str(script)], check=True)


def test_bash_completes(bare: CommandLine, tmp_path: Path) -> None:
    """In bash, the beginning of a command is completed."""
    script = tmp_path / "script"
    script.write_text(bare("completion", "bash").out)
    asked = (
        f"source {script}; COMP_WORDS=(nylas-bookings resch); COMP_CWORD=1; "
        "_nylas_bookings; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["reschedule"]
