"""How long the command takes to start: beside the smallest command, and beside its own imports."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from . import processes
from .figures import Row
from .imports import milliseconds
from .rounds import Figures, Work, interleaved

NAME = "startup"
CASE, HELP, CYCLOPTS = "nylas-bookings", "--help", "a cyclopts app, --help"
SANDBOX, LIBRARIES, UNTIL_IT_ANSWERS = "sandbox", "its libraries alone", "until it answers"
_COMMAND = ("-m", "nylas_bookings")
MEASURE = "until done ms"
_SMALLEST_APP = """
from cyclopts import App

app = App(name="alone")

@app.command
def greet(name: str = "you") -> None:
    \"\"\"Say hello.\"\"\"

app()
"""
_LIST_MODULES = """
import atexit, sys
path = sys.argv.pop(1)
def write():
    own = ("nylas_bookings", "__main__")
    names = [name for name in sys.modules if name.partition(".")[0] not in own]
    with open(path, "w") as file:
        file.write("\\n".join(names))
atexit.register(write)
from nylas_bookings.cli import main
main()
"""
_IMPORT_MODULES = """
import importlib, sys
for name in open(sys.argv[1]).read().split():
    importlib.import_module(name)
"""


def _run_python(*arguments: str) -> Figures:
    return {MEASURE: milliseconds(*arguments)}


def _start_sandbox() -> Figures:
    """Measure until the sandbox has printed its address."""
    began = time.perf_counter()
    command = [sys.executable, *_COMMAND, "sandbox", "--json"]
    with processes.first_line(command, pinned=False):
        return {MEASURE: (time.perf_counter() - began) * 1e3}


def _list_libraries(file: Path) -> None:
    """Write the names of all modules that a running sandbox has loaded, except our own."""
    command = [sys.executable, "-c", _LIST_MODULES, str(file), "sandbox", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=processes.environment()) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()


def _command_works() -> dict[str, Work]:
    return {
        "a bare Python": partial(_run_python, "-c", "pass"),
        "--version": partial(_run_python, *_COMMAND, "--version"),
        CYCLOPTS: partial(_run_python, "-c", _SMALLEST_APP, "--help"),
        HELP: partial(_run_python, *_COMMAND, "--help"),
    }


def run(*, quick: bool) -> list[Row]:
    """Measure it, where the command is installed."""
    if find_spec("cyclopts") is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder) / "modules.txt"
        _list_libraries(names)
        sandbox: dict[str, Work] = {
            LIBRARIES: partial(_run_python, "-c", _IMPORT_MODULES, str(names)),
            UNTIL_IT_ANSWERS: _start_sandbox,
        }
        return interleaved(NAME, {CASE: _command_works(), SANDBOX: sandbox}, 1 if quick else 31)
