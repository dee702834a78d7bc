"""The command that runs a sandbox, and says what is in it."""

from __future__ import annotations

import logging
import signal
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Annotated

import orjson
from cyclopts import Parameter, validators
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..sandbox import Sandbox

Port = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))]


def run(
    *,
    port: Port = 0,
    host: str = "127.0.0.1",
    db: Path | None = None,
    seed: int | None = None,
    smtp: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Run the Scheduler API on this machine until Ctrl-C or SIGTERM.

    There is a host with a calendar, and a public, a private and an organizer-confirmation
    configuration. No account is needed, and nothing leaves this machine.

    Parameters
    ----------
    port
        Where to listen; any port that is free if 0.
    host
        The address to listen on. Others can reach the sandbox when it is not a loopback one.
    db
        A file that keeps everything; in memory if not given.
    seed
        The same seed gives the same ids.
    smtp
        A mail server that the mails are really sent through, such as localhost:1025.
    json
        Print what is in it as one line of JSON.
    """
    # Warnings of the sandbox, such as that others can reach it, and what it fails at.
    logging.basicConfig(format="%(levelname)s: %(message)s")
    ended = _told_to_end()
    try:
        with Sandbox(db, host=host, port=port, seed=seed, smtp=smtp) as sandbox:
            if json:
                print(orjson.dumps(sandbox.facts()).decode(), flush=True)  # noqa: T201 - the result
            else:
                _show(sandbox)
            ended.wait()
    except (OSError, ValueError, OverflowError, sqlite3.Error) as error:
        sys.exit(f"The sandbox cannot start: {error}")


def _show(sandbox: Sandbox) -> None:
    """The same for people, with the pages to look at."""
    table = Table.grid(padding=(0, 2))
    known = sandbox.facts()
    configurations = known.pop("configurations")
    for name, value in known.items():
        table.add_row(Text(name, style="bold"), Text(value, overflow="fold"))
    for name, configuration_id in configurations.items():
        table.add_row(Text(name, style="bold"), Text(configuration_id, overflow="fold"))
        table.add_row("", Text(f"{sandbox.url}/book/{configuration_id}", overflow="fold"))
    table.add_row(Text("inspector", style="bold"), Text(f"{sandbox.url}/_sandbox/"))
    console = Console(highlight=False)
    console.print(table)
    console.print("Ctrl-C ends it.")


def _told_to_end() -> threading.Event:
    """Set when the process is told to end, by Ctrl-C or with SIGTERM."""
    ended = threading.Event()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    return ended
