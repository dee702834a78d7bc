"""The examples are programs that run: against a sandbox, as a test suite, in a notebook."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .browser import absent

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*.py"))
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))
RUN_NOTEBOOK = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=50, kernel_name="python3").execute()
for cell in notebook.cells:
    print(*(output.get("text", "") for output in cell.get("outputs", ())), end="")
"""


def ran(*command: str, where: Path) -> str:
    """What a process of its own printed; it has to end well."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NYLAS_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
        cwd=where,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program(path: Path, tmp_path: Path) -> None:
    """An example is a program that runs without an account and without a warning."""
    assert ran("-X", "dev", "-W", "error", str(path), where=tmp_path)


def test_the_import_books_nobody_twice(tmp_path: Path) -> None:
    """The import finds out about the answers that it lost, and has nothing left to do."""
    told = ran(str(EXAMPLES / "import_bookings.py"), where=tmp_path).splitlines()
    assert told == ["40 created, 0 failed, 0 unknown"] * 2 + ["40 bookings, and nobody twice"]


def test_the_booking_service(tmp_path: Path) -> None:
    """The tests of the service pass, as a user's own tests."""
    service = str(EXAMPLES / "booking_service")
    told = ran("-m", "pytest", service, "-q", "-p", "no:cacheprovider", where=tmp_path)
    assert " passed" in told


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook(path: Path, tmp_path: Path) -> None:
    """The cells of a notebook run one after the other in Jupyter, whose loop is running."""
    for needed in ("nbclient", "ipykernel"):
        if importlib.util.find_spec(needed) is None:
            absent(f"{needed} is not installed")
    told = ran("-c", RUN_NOTEBOOK, str(path), where=tmp_path)
    assert "It may have taken effect" in told


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_clean(path: Path) -> None:
    """A notebook is kept without outputs, and without the machine that it ran on."""
    text = path.read_text(encoding="utf-8")
    assert '"outputs": []' in text
    assert '"execution_count": null' in text
    assert "127.0.0.1" not in text
