"""The scripts of `completion`, tried in the shells that they are for."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nylas_bookings.cli.listing import commands

from ..services import program
from .processes import ended
from .terminal import Terminal, running_in

_ZSHRC = """
fpath=($ZDOTDIR $fpath)
autoload -Uz compinit && compinit -u -D
compadd() {
  local -a found
  if ((! ${@[(I)-[OAD]*]})); then
    builtin compadd -O found "$@"
    print -rl -- $found >>$ZDOTDIR/completed
  fi
  builtin compadd "$@"
}
cd $ZDOTDIR/files
unsetopt prompt_cr
PROMPT='READY> '
"""
"""Writes down what zsh offers, for what it shows is made for eyes."""

SHELLS = ("bash", "fish", "zsh")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the scripts where the shells look for them, and a directory with two files."""
    home = tmp_path_factory.mktemp("home")
    for shell in SHELLS:
        script = home / ("_nylas-bookings" if shell == "zsh" else f"script.{shell}")
        script.write_text(ended("completion", shell).stdout)
    (home / ".zshrc").write_text(_ZSHRC)
    (home / "files").mkdir()
    for name in ("rows.csv", "rooms"):
        (home / "files" / name).touch()
    return home


@pytest.fixture(scope="module")
def zsh(home: Path) -> Iterator[Terminal]:
    """A zsh that waits for somebody to type."""
    with running_in([program("zsh"), "-d", "-i"], env={"ZDOTDIR": str(home)}) as at:
        at.until("READY> ")
        yield at


def _in_zsh(line: str, home: Path, at: Terminal) -> set[str]:
    offered = home / "completed"
    offered.write_text("")
    at.raw = ""
    # The line goes away again, and what is printed then tells that it was completed.
    at.type(f"{line}\t\x15print -- ENDED''WELL\n")
    at.until("ENDEDWELL\nREADY> ")
    return set(offered.read_text().split())


def _in_bash(line: str, home: Path) -> set[str]:
    words = line.replace("=", " = ").split(" ")  # as readline does
    script = (
        f"source ../script.bash; COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; "
        "_nylas_bookings; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    return _printed([program("bash"), "--norc", "-c", script], home)


def _in_fish(line: str, home: Path) -> set[str]:
    script = f"source ../script.fish; complete -C {shlex.quote(line)}"
    told = _printed([program("fish"), "--no-config", "-c", script], home)
    return {one.partition("\t")[0].rpartition("=")[2] for one in told}


def _printed(command: list[str], home: Path) -> set[str]:
    # Nothing of what the shell is set up with at home.
    env = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=env, cwd=home / "files"
    )
    assert done.stderr == ""
    return set(filter(None, done.stdout.splitlines()))


def completed(shell: str, line: str, request: pytest.FixtureRequest) -> set[str]:
    """What a shell offers where that was typed after the command."""
    home = request.getfixturevalue("home")
    line = f"nylas-bookings {line}"
    if shell == "zsh":
        return _in_zsh(line, home, request.getfixturevalue("zsh"))
    return _in_bash(line, home) if shell == "bash" else _in_fish(line, home)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("resch", {"reschedule"}),
        ("config ", {"list", "get", "create", "update", "delete"}),
        ("config l", {"list"}),
        ("completion ", {"bash", "zsh", "fish"}),
        ("import --format ", {"csv", "jsonl"}),
        ("import --format=c", {"csv"}),
        ("import --format=csv --zon", {"--zone"}),
        ("import --results=roo", {"rooms"}),
        ("import --zone UTC rows", {"rows.csv"}),
        ("import --resu", {"--results", "--resume"}),
        ("import rows.csv --results roo", {"rooms"}),
        ("webhook update some-id --status pa", {"pause"}),
        ("webhook create --uncompressed --not", {"--notify"}),
        ("create --name cancel --sta", {"--start"}),
        ("config create --grant-id get roo", {"rooms"}),
        ("import nowhere", set()),
        ("get ro", set()),
        ("slots --days ", set()),
    ],
)
def test_completes(shell: str, line: str, words: set[str], request: pytest.FixtureRequest) -> None:
    """A shell completes commands, options, choices and files, each where it belongs."""
    assert completed(shell, line, request) == words


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command(shell: str, request: pytest.FixtureRequest) -> None:
    """After the command alone a shell offers all commands, and no files."""
    offered = completed(shell, "", request)
    assert offered == {command.name.split()[0] for command in commands()}


@pytest.mark.parametrize("name", ["script.bash", "script.fish", "_nylas-bookings"])
def test_nothing_is_left_out(home: Path, name: str) -> None:
    """The scripts know every command and every option."""
    words = set(re.findall(r"'([\w-]+)\t", (home / name).read_text()))
    for command in commands():
        options = {name for option in command.options for name in option.names}
        assert words >= {command.name.split()[-1]} | {one for one in options if one[0] == "-"}
