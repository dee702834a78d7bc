"""The documentation is true: its code runs, its tests pass, its links and commands exist."""

from __future__ import annotations

import ast
import asyncio
import inspect
import logging
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

import nylas_bookings
from nylas_bookings import _http, errors
from nylas_bookings.cli.app import app

from . import documented_api

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
TESTS = [
    (path, name) for path in DOCUMENTS for name in TEST.findall(path.read_text(encoding="utf-8"))
]
SERVERS = {"REDIS": "redis_url", "POSTGRES": "dsn"}
"""What a document calls the address of a server, and the fixture that starts one."""
each_document = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


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
def _leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (None, "nylas_bookings"):  # a document has them log
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "level", logger.level)
        monkeypatch.setattr(logger, "handlers", [*logger.handlers])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NYLAS_CONFIGURATION_ID", "")  # a document sets it

    over_a_socket = _http.Http.__call__

    async def answered(
        http: _http.Http, request: nylas_bookings.Request
    ) -> nylas_bookings.Response:
        if urlsplit(request.url).hostname == "127.0.0.1":
            return await over_a_socket(http, request)
        return await documented_api.send(request)

    monkeypatch.setattr(_http.Http, "__call__", answered)


def read(path: Path, request: pytest.FixtureRequest) -> list[Example]:
    """The blocks of Python in a document, which have run one after the other."""
    document = Sybil([CodeBlockParser("python", run_block)]).parse(path)
    document.namespace["__name__"] = __name__
    for name, fixture in SERVERS.items():
        if name in document.text:
            document.namespace[name] = request.getfixturevalue(fixture)
    blocks = list(document.examples())
    for block in blocks:
        block.evaluate()
    return blocks


@each_document
def test_every_block_of_python_runs(path: Path, request: pytest.FixtureRequest) -> None:
    """The blocks of a document run one after the other, as a reader would run them."""
    assert len(read(path, request)) == path.read_text(encoding="utf-8").count("```python")


@pytest.mark.parametrize(("path", "name"), TESTS, ids=lambda value: getattr(value, "name", value))
def test_the_tests_in_the_documentation_pass(
    path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    """A test that a document shows passes, with the fixtures that users have."""
    *_, last = read(path, request)
    shown = last.namespace[name]
    result = shown(*map(request.getfixturevalue, inspect.signature(shown).parameters))
    if inspect.iscoroutine(result):
        asyncio.run(result)


def anchors(path: Path) -> set[str]:
    """What can be linked to within a page of Markdown."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@each_document
def test_links_lead_somewhere(path: Path) -> None:
    """What a document links to in this repository exists, down to the heading."""
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", path.read_text(encoding="utf-8"))
    for link, anchor in links:
        target = path.parent / link if link else path
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{link}#{anchor}"


@each_document
def test_commands_exist(path: Path) -> None:
    """A command of ours that a document shows is one, with options that it has."""
    shown = re.findall(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    for line in "".join(shown).replace("\\\n", " ").splitlines():
        _, found, arguments = line.partition("nylas-bookings ")
        if found:
            words = shlex.split(re.split(" [|<>&;]", arguments)[0], comments=True)
            app.parse_args(words, print_error=False, exit_on_error=False)


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


def test_every_attack_has_its_test() -> None:
    """The tests that the page about reliability names are there."""
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    file, count = "", 0
    for path, name in re.findall(r"`([a-z_0-9/]+\.py)?(?:::([a-z_0-9]+))?`", page):
        if not path and not name:
            continue
        file = path or file
        code = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in code, f"{file}::{name}"
        count += 1
    assert count > 40
