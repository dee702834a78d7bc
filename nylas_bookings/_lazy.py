"""Names that load the module they live in only when somebody asks for them."""

from __future__ import annotations

import importlib
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def names(
    package: str, homes: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """`__getattr__`, `__dir__` and `__all__` for a package, from module → names."""
    home_of = {name: module for module, exported in homes.items() for name in exported}

    def load(name: str) -> Any:
        module = home_of.get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        loaded = importlib.import_module(module, package)
        value = loaded if module == f".{name}" else getattr(loaded, name)
        if isinstance(value, type) and "._" in value.__module__:
            _publish(value, package)
        setattr(importlib.import_module(package), name, value)
        return value

    return load, lambda: sorted(home_of), sorted(home_of)


def _publish(cls: type, package: str) -> None:
    """Let a class say where users find it, not which private module it lives in."""
    # Later, its annotations would be looked up in the package, which lacks most of the names.
    cls.__annotations__ = typing.get_type_hints(cls)
    cls.__module__ = package
