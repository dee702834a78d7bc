"""The documentation lists the known bugs of the official clients, each with its test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "official-clients.md"
CLIENTS = {
    "Python SDK": "python",
    "Node SDK": "node",
    "Browser components": "web_elements",
}


def _tests(client: str) -> list[str]:
    tree = ast.parse((HERE / f"test_{client}_known_bugs.py").read_text())
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [name for name in names if name.startswith("test_")]


@pytest.mark.parametrize("heading", CLIENTS)
def test_each_bug_is_listed(heading: str) -> None:
    """A row for each test, in the same order, and no row without a test."""
    _, _, section = PAGE.read_text().partition(f"### {heading}")
    rows = re.findall(r"\| `(test_\w+)` \|", section.partition("###")[0])
    assert rows == _tests(CLIENTS[heading])
