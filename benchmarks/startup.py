"""How long the command takes to start, beside a Python that does nothing."""

from __future__ import annotations

import sys
import time
from functools import partial
from importlib.util import find_spec

from . import processes
from .figures import Row
from .imports import milliseconds
from .rounds import Figures, Work, interleaved

NAME = "startup"
CASE, HELP, CYCLOPTS = "nylas-bookings", "--help", "cyclopts alone, --help"
_COMMAND = ("-m", "nylas_bookings")
MEASURE = "until it is done ms"
_ALONE = """
from cyclopts import App

app = App(name="alone")

@app.command
def greet(name: str = "you") -> None:
    \"\"\"Say hello.\"\"\"

app()
"""
"""The least that one can write with the library that reads the command line."""


def _runs(*arguments: str) -> Figures:
    return {MEASURE: milliseconds(*arguments)}


def _sandbox() -> Figures:
    """Until the sandbox has told where it is."""
    began = time.perf_counter()
    command = [sys.executable, *_COMMAND, "sandbox", "--json"]
    with processes.first_line(command, pinned=False):
        return {MEASURE: (time.perf_counter() - began) * 1e3}


def run(*, quick: bool) -> list[Row]:
    """Measure it."""
    subjects: dict[str, Work] = {"a bare Python": partial(_runs, "-c", "pass")}
    if find_spec("cyclopts") is not None:
        subjects |= {
            "--version": partial(_runs, *_COMMAND, "--version"),
            CYCLOPTS: partial(_runs, "-c", _ALONE, "--help"),
            HELP: partial(_runs, *_COMMAND, "--help"),
            "sandbox, until it answers": _sandbox,
        }
    return interleaved(NAME, {CASE: subjects}, 1 if quick else 11)
