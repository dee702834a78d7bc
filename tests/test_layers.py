"""Imports go down: the table of the design, and the code held against it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "nylas_bookings"

LAYERS = {
    "_version": 0,
    "_lazy": 0,
    "_scopes": 0,
    "errors": 0,
    "_frames": 0,
    "_deadlines": 0,
    "_expiry": 0,
    "_termination": 0,
    "_bridge": 0,
    "models": 1,
    "_api_url": 1,
    "_waits": 1,
    "_wire": 1,
    "_retry": 1,
    "_pace": 1,
    "_redaction": 1,
    "references": 1,
    "operations": 2,
    "auth": 2,
    "webhooks": 2,
    "_observing": 2,
    "_tracing": 2,
    "_call": 3,
    "_minting": 3,
    "_http": 3,
    "_transport": 3,
    "_client": 4,
    "batch": 5,
    "sandbox": 5,
    "_sync": 6,
    "workers": 6,
    "cli": 7,
    "pytest_plugin": 7,
    "__main__": 8,
}

SIDEWAYS = {
    ("errors", "_scopes"),
    ("_bridge", "errors"),
    ("_expiry", "errors"),
    ("_bridge", "_termination"),
    ("_client", "batch"),
    ("_wire", "models"),
    ("references", "models"),
    ("models", "_lazy"),
    ("auth", "operations"),
    ("_observing", "operations"),
    ("_tracing", "operations"),
    ("_transport", "_call"),
    ("_transport", "_minting"),
}

DOORS = {
    "aiohttp": {"_http", "_client", "_sync", "cli", "sandbox", "webhooks"},
    "yarl": {"_http"},
    "anyio": {"_bridge"},
    "cattrs": {"_wire"},
    "orjson": {"_wire", "batch", "cli", "sandbox"},
    "cyclopts": {"cli"},
    "rich": {"cli"},
    "pytest": {"pytest_plugin"},
    "aiolimiter": {"_pace"},
    "redis": {"_pace"},
    "pyrate_limiter": {"_pace"},
    "psycopg": {"_pace", "workers"},
    "procrastinate": {"workers"},
    "icalendar": {"sandbox"},
    "starlette": {"webhooks"},
    "flask": {"webhooks"},
    "django": {"webhooks"},
    "opentelemetry": {"_tracing"},
}

FILES = sorted(PACKAGE.rglob("*.py"))


def unit(path: Path) -> str:
    """The file, or the folder it is in, as the table names it."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_units(path: Path) -> set[str]:
    """The units of the package that a file imports, wherever in the file it does."""
    found = set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [alias.name for alias in node.names] if node.module is None else [node.module]
            found |= {name.split(".")[0] for name in names}
    return found - {unit(path)}


def third_parties(path: Path) -> set[str]:
    """The top-level packages that a file imports from elsewhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    """A file imports only what is in a lower layer, or sideways where the table says so."""
    here = unit(path)
    if here == "__init__":
        return
    for there in imported_units(path):
        allowed = LAYERS[there] < LAYERS[here] or (here, there) in SIDEWAYS
        assert allowed, f"{here} (layer {LAYERS[here]}) imports {there} (layer {LAYERS[there]})"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_third_party_has_one_door(path: Path) -> None:
    """A third-party package is imported only where the table says so."""
    for package in third_parties(path) & DOORS.keys():
        assert unit(path) in DOORS[package], f"{unit(path)} imports {package}"


def test_the_sandbox_and_the_client_do_not_know_each_other() -> None:
    """The sandbox shares models, codec and operations with the client, and nothing that calls."""
    calling = {"_bridge", "_client", "_http", "_minting", "_sync", "_transport", "auth"}
    for path in FILES:
        if unit(path) == "sandbox":
            assert not imported_units(path) & calling, path
        elif LAYERS.get(unit(path), 0) < LAYERS["cli"]:
            assert "sandbox" not in imported_units(path), path


def test_the_table_names_what_exists() -> None:
    """Every row of the table is a file or a folder, and every file has a row."""
    assert {unit(path) for path in FILES} - {"__init__"} == LAYERS.keys()


def test_nothing_inside_imports_the_package_itself() -> None:
    """`__init__` is for users: inside, modules import each other."""
    for path in FILES:
        assert "nylas_bookings" not in third_parties(path), path
