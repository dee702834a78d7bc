"""What users can import: all of it, from where the documentation says, and cheaply."""

from __future__ import annotations

import ast
import importlib
import inspect
import pickle
import subprocess
import sys
import typing
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

import nylas_bookings
from nylas_bookings import errors, models, references, webhooks

PACKAGES = pytest.mark.parametrize("package", [nylas_bookings, models], ids=lambda m: m.__name__)
MODULES = pytest.mark.parametrize(
    "module",
    [nylas_bookings, models, errors, references, webhooks],
    ids=lambda module: module.__name__,
)
HEAVY = {"aiohttp", "cattrs", "anyio", "orjson", "asyncio", "ssl", "sqlite3", "opentelemetry"}


def loaded_by(code: str) -> set[str]:
    """The top-level packages that code brings into a Python of its own."""
    program = f"import sys; before = set(sys.modules); {code}; print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.split()}


def branches(package: ModuleType) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """What `if TYPE_CHECKING` imports, and what is there when the package runs."""
    tree = ast.parse(Path(package.__file__ or "").read_text(encoding="utf-8"))
    (choice,) = (node for node in tree.body if isinstance(node, ast.If))
    assert ast.unparse(choice.test) == "TYPE_CHECKING"
    return choice.body, choice.orelse


@PACKAGES
def test_the_type_checker_sees_what_is_there(package: ModuleType) -> None:
    """The imports for type checkers and the table for the running program name the same things."""
    checked, running = branches(package)
    imports = [node for node in checked if isinstance(node, ast.ImportFrom)]
    assert len(imports) == len(checked)
    (assignment,) = running
    homes = ast.literal_eval(assignment.value.args[1])
    table = {(home, name) for home, names in homes.items() for name in names}
    assert {
        (f".{node.module or alias.name}", alias.name) for node in imports for alias in node.names
    } == table
    assert all(alias.asname == alias.name for node in imports for alias in node.names)


@PACKAGES
def test_every_name_loads(package: ModuleType) -> None:
    """Every public name is there, listed, and the same each time."""
    assert package.__all__ == dir(package) == sorted(set(package.__all__))
    for name in package.__all__:
        assert getattr(package, name) is getattr(package, name)


@PACKAGES
def test_a_name_that_is_not_there(package: ModuleType) -> None:
    """A name that is not public is missing in the usual way."""
    with pytest.raises(AttributeError, match=f"'{package.__name__}' has no attribute 'Nothing'"):
        _ = package.Nothing
    with pytest.raises(ImportError):
        exec(f"from {package.__name__} import Nothing")


def public_classes(module: ModuleType) -> dict[str, Any]:
    """The classes that users find in a module."""
    names = getattr(module, "__all__", [name for name in dir(module) if not name.startswith("_")])
    found = {name: getattr(module, name) for name in names}
    return {
        name: value
        for name, value in found.items()
        if inspect.isclass(value) and value.__module__.startswith("nylas_bookings")
    }


@MODULES
def test_public_classes_show_their_public_path(module: ModuleType) -> None:
    """A class names the path that it can be imported from, and no private module."""
    for name, value in public_classes(module).items():
        assert "._" not in value.__module__
        home = importlib.import_module(value.__module__)
        assert getattr(home, name) is value
        assert value.__qualname__ == name


@MODULES
def test_public_classes_are_understood(module: ModuleType) -> None:
    """Annotations can be looked up, and classes pickled, under the public path."""
    for value in public_classes(module).values():
        assert pickle.loads(pickle.dumps(value)) is value
        assert typing.get_type_hints(value) is not None
        if attrs.has(value):
            attrs.resolve_types(value)


@MODULES
def test_public_names_are_documented(module: ModuleType) -> None:
    """Every public class and function says what it is."""
    names = getattr(module, "__all__", [name for name in dir(module) if not name.startswith("_")])
    for name in names:
        value = getattr(module, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            doc = value.__doc__ or ""
            assert doc, name
            assert not doc.startswith(f"{name}("), name


def test_the_import_is_cheap() -> None:
    """`import nylas_bookings` brings in nothing that is heavy; a name brings in what it needs."""
    assert HEAVY.isdisjoint(loaded_by("import nylas_bookings"))


@pytest.mark.parametrize("names", ["PublicConfiguration", "errors, models", "Guest", "references"])
def test_values_are_cheap(names: str) -> None:
    """What says who asks, and for what, comes without the machinery that asks."""
    assert {"aiohttp", "cattrs", "anyio"}.isdisjoint(
        loaded_by(f"from nylas_bookings import {names}")
    )


def test_a_submodule_is_found_without_its_import() -> None:
    """`import nylas_bookings` is enough for `nylas_bookings.errors.NotFound`."""
    assert loaded_by("import nylas_bookings; nylas_bookings.errors.NotFound") >= {"nylas_bookings"}


def test_the_version() -> None:
    """The package says its version."""
    assert nylas_bookings.__version__.count(".") == 2
