"""The command `nylas-bookings`."""

from __future__ import annotations

import importlib.util
import io
import sys

from .loading import without_collection

_NEEDS = ("cyclopts", "rich")


def main() -> None:
    """Run the command; say what to install when the packages that it needs are not there."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDS):
        sys.exit("The command needs a little more: pip install 'nylas-bookings[cli]'")
    try:
        _run()
    except KeyboardInterrupt:  # while it loads; the commands themselves see to theirs
        sys.stderr.write("Interrupted.\n")
        sys.exit(130)


def _run() -> None:
    with without_collection():
        from cyclopts import CycloptsError

        from .app import app
        from .running import nobody_reads

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a character gets a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    try:
        app(sys.argv[1:], exit_on_error=False, print_error=False)
    except CycloptsError as error:
        from .misuse import told

        sys.exit(told(error))
    except BrokenPipeError:
        sys.exit(nobody_reads())
