"""The command `nylas-bookings`."""

from __future__ import annotations

import gc
import importlib.util
import io
import sys

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
    # Loading makes very many objects, none of which is garbage: a tenth of the start is saved.
    gc.disable()
    from cyclopts import CycloptsError

    from .app import app
    from .running import nobody_reads

    gc.enable()

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
