"""The command that runs a sandbox, and says what is in it."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from ..errors import InvalidRequest
from . import exits, printing
from .addresses import cannot_listen
from .loading import without_collection
from .options import Json
from .running import guarded

if TYPE_CHECKING:
    from ..sandbox import Sandbox

Port = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))]


@guarded
def run(
    *,
    port: Port = 0,
    host: str = "127.0.0.1",
    db: Path | None = None,
    seed: int | None = None,
    smtp: str | None = None,
    json: Json = False,
) -> int:
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
    """
    import logging
    import sqlite3

    with without_collection():
        from ..sandbox import Sandbox

    # Warnings of the sandbox, such as that others can reach it, and what it fails at.
    logging.basicConfig(format="%(levelname)s: %(message)s")
    ended = _told_to_end()
    try:
        with Sandbox(db, host=host, port=port, seed=seed, smtp=smtp) as sandbox:
            if json:
                printing.write_line(sandbox.facts())
            else:
                _show(sandbox)
            ended.wait()
    except sqlite3.Error as error:
        raise InvalidRequest(f"the sandbox cannot start with {db}: {error}") from None
    except (ValueError, OverflowError) as error:
        raise InvalidRequest(f"the sandbox cannot start: {error}") from None
    except OSError as error:
        raise cannot_listen(host, port, error) from None
    return exits.DONE


def _show(sandbox: Sandbox) -> None:
    """The same for people, with the pages to look at and what the other commands need."""
    known = sandbox.facts()
    configurations = known.pop("configurations")
    printing.show(printing.facts(known | configurations))
    printing.show("\nPages to look at:\n")
    for name, configuration_id in configurations.items():
        _line(f"{name:10}  {sandbox.url}/book/{configuration_id}")
    _line(f"{'inspector':10}  {sandbox.url}/_sandbox/")
    printing.show("\nFor the other commands, in another terminal:\n")
    for name, value in _environment(sandbox).items():
        _line(f"export {name}={value}")
    printing.show("\nCtrl-C ends it.")


def _line(words: str) -> None:
    """A line that can be copied: it is not broken, however narrow the terminal is."""
    printing.console().print(printing.text(f"  {words}"), soft_wrap=True)


def _environment(sandbox: Sandbox) -> dict[str, str]:
    return {
        "NYLAS_API_URI": sandbox.url,
        "NYLAS_API_KEY": sandbox.api_key,
        "NYLAS_CONFIGURATION_ID": sandbox.public,
        "NYLAS_GRANT_ID": sandbox.grant_id,
    }


def _told_to_end() -> threading.Event:
    """Set when the process is told to end, by Ctrl-C or with SIGTERM."""
    ended = threading.Event()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    return ended
