"""The command at a terminal: colours, width, questions; and none of that in a pipe."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from nylas_bookings.sandbox import Sandbox

from .commands import CommandLine, environment
from .conftest import SUNDAY
from .processes import COMMAND
from .terminal import terminal

JANE = ("--name", "Jane Doe", "--email", "jane@example.com", "--json")
WEEK = ("slots", "--from", "2027-01-04", "--zone", "UTC")


@pytest.fixture
def env(sandbox: Sandbox) -> dict[str, str]:
    """What the command needs to know."""
    sandbox.clock.freeze(SUNDAY)
    return environment(sandbox)


def test_colours_and_width(env: dict[str, str]) -> None:
    """A terminal gets colours, and no line that is wider than it."""
    with terminal(*WEEK, columns=40, env=env) as at:
        assert at.ended() == 0
    assert "\x1b[32m" in at.raw
    assert max(len(line.rstrip()) for line in at.text.splitlines()) <= 40
    assert "Mon 4" in at.text


def test_no_color(env: dict[str, str]) -> None:
    """NO_COLOR is honoured."""
    with terminal(*WEEK, env={**env, "NO_COLOR": "1"}) as at:
        assert at.ended() == 0
    assert "\x1b[32m" not in at.raw
    assert "09:00" in at.text


def test_pipe(env: dict[str, str]) -> None:
    """A pipe gets text alone; who stops reading stops the command without a word."""
    command = " ".join([*COMMAND, *WEEK])
    script = f"{command} | head -c 40; echo; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, **env, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\x1b" not in done.stdout
    assert done.stdout.startswith("4 – 10 January 2027, UTC")
    assert done.stdout.split()[-1] in ("0", "141")
    assert done.stderr == ""


def test_no_is_no(env: dict[str, str], nylas: CommandLine, sandbox: Sandbox) -> None:
    """At a terminal it asks before it cancels; anything but yes changes nothing."""
    booking_id = nylas("create", "--start", "2027-01-04T09:00Z", *JANE).json["booking_id"]
    with terminal("cancel", booking_id, env=env) as at:
        at.until("[y/N]")
        at.type("\n")
        assert at.ended() == 2
    assert "nothing was done" in at.text
    assert sandbox.bookings()[0]["status"] == "booked"


def test_yes_is_yes(env: dict[str, str], nylas: CommandLine, sandbox: Sandbox) -> None:
    """Yes is asked for once; `--yes` says it beforehand."""
    booking_id = nylas("create", "--start", "2027-01-04T09:00Z", *JANE).json["booking_id"]
    with terminal("cancel", booking_id, env=env) as at:
        at.until("[y/N]")
        at.type("y\n")
        assert at.ended() == 0
    assert sandbox.bookings()[0]["status"] == "cancelled"
    with terminal("config", "delete", sandbox.confirming, "--yes", env=env) as at:
        assert at.ended() == 0
    assert "[y/N]" not in at.text


def test_secret_is_not_echoed(env: dict[str, str], nylas: CommandLine, sandbox: Sandbox) -> None:
    """A reference that is asked for is not shown while it is typed."""
    nylas.env(configuration_id=sandbox.confirming)
    made = nylas("create", "--start", "2027-01-04T09:00Z", *JANE).json
    asker = {**env, "NYLAS_CONFIGURATION_ID": sandbox.confirming}
    with terminal("confirm", "--json", env=asker) as at:
        at.until("The booking reference: ")
        at.type(made["booking_ref"] + "\n")
        assert at.ended() == 0
    shown = at.text.partition("\n")[2]
    assert made["booking_ref"] not in at.text.partition("{")[0]
    assert json.loads(shown)["status"] == "booked"


def test_ctrl_c_at_a_question(env: dict[str, str]) -> None:
    """Ctrl-C at a question ends it with a line and code 130."""
    with terminal("cancel", "b-1", env=env) as at:
        at.until("[y/N]")
        at.type("\x03")
        assert at.ended() == 130
    assert "Interrupted. Nothing was sent." in at.text
    assert "Traceback" not in at.text


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_ids_can_be_copied(env: dict[str, str], sandbox: Sandbox, columns: int) -> None:
    """However narrow the terminal is, an id is not broken, and nothing is wider than it."""
    with terminal("config", "list", columns=columns, env=env) as at:
        assert at.ended() == 0
    for configuration_id in (sandbox.public, sandbox.private, sandbox.confirming):
        assert configuration_id in at.text
    assert max(map(len, at.text.splitlines())) <= columns
