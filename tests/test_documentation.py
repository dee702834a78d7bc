"""The documentation is true: its code runs, its examples run, and its tables name what exists."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import runpy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

import nylas_bookings
from nylas_bookings import _http, errors

from . import documented_api

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.py"))


def run_block(example: Example) -> None:
    """Run a block of Python; `await` may stand at its top level, as in a notebook."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    lines = "\n" * (example.line + example.parsed.line_offset)
    code = compile(lines + example.parsed, example.path, "exec", flags, dont_inherit=True)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, example.namespace))
    else:
        exec(code, example.namespace)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    over_a_socket = _http.Http.__call__

    async def answered(
        http: _http.Http, request: nylas_bookings.Request
    ) -> nylas_bookings.Response:
        if urlsplit(request.url).hostname == "127.0.0.1":
            return await over_a_socket(http, request)
        return await documented_api.send(request)

    monkeypatch.setattr(_http.Http, "__call__", answered)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_block_of_python_runs(path: Path) -> None:
    """The blocks of a document run one after the other, as a reader would run them."""
    document = Sybil([CodeBlockParser("python", run_block)]).parse(path)
    blocks = list(document.examples())
    assert len(blocks) == path.read_text().count("```python")
    for block in blocks:
        block.evaluate()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_runs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An example is a program that runs and prints something."""
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """What a document links to in this repository exists."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_table_of_errors_names_all_of_them() -> None:
    """The README's table of errors has every class that a call can raise."""
    table = (ROOT / "README.md").read_text().partition("| error | when |")[2]
    named = set(re.findall(r"`(\w+)`", table.partition("\n\n")[0]))
    public: dict[str, Any] = vars(errors)
    raised = {n for n, c in public.items() if inspect.isclass(c) and issubclass(c, Exception)}
    abstract = {"BookingsError", "APIError"}
    elsewhere = {"WebhookRejected", "BatchError"}
    assert raised - abstract - elsewhere <= named


def test_the_changelog_has_this_version() -> None:
    """The version has a heading in the changelog, and Unreleased is always there."""
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert f"## [{nylas_bookings.__version__}]" in changelog
    assert "## [Unreleased]" in changelog
