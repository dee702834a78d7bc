"""For the reference of the docs site: the signatures that attrs gives to classes.

The site reads the source without running it, and knows dataclasses only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from griffe import (
    Attribute,
    Class,
    Expr,
    ExprCall,
    Extension,
    Function,
    Parameter,
    ParameterKind,
    Parameters,
)


class AttrsSignatures(Extension):
    """Gives every attrs class the `__init__` that it will have."""

    def on_class(self, *, cls: Class, **_: Any) -> None:
        """Called for each class, once its members are known."""
        if "__init__" not in cls.members and (decorator := _decorator(cls)) is not None:
            cls.set_member("__init__", _init(cls, "kw_only=True" in str(decorator)))


def _decorator(cls: Class) -> Expr | None:
    for decorator in cls.decorators:
        value = decorator.value
        if isinstance(value, Expr) and value.canonical_path in ("attrs.frozen", "attrs.define"):
            return value
    return None


def _init(cls: Class, keywords: bool) -> Function:
    kind = ParameterKind.keyword_only if keywords else ParameterKind.positional_or_keyword
    this = Parameter("self", kind=ParameterKind.positional_or_keyword)
    own = [
        Parameter(field.name, annotation=field.annotation, kind=kind, default=_default(field))
        for field in _fields(cls)
        if _option(field, "init") != "False"
    ]
    return Function("__init__", parameters=Parameters(this, *own), returns="None", parent=cls)


def _fields(cls: Class) -> Iterator[Attribute]:
    for parent in _bases(cls):
        yield from _fields(parent)
    for member in cls.members.values():
        public = not member.name.startswith("_")
        if public and isinstance(member, Attribute) and "instance-attribute" in member.labels:
            yield member


def _bases(cls: Class) -> list[Class]:
    """The classes of the same file that it inherits from."""
    names = {str(base) for base in cls.bases}
    found = [cls.module.members.get(name) for name in names]
    return [one for one in found if isinstance(one, Class)]


def _default(field: Attribute) -> Any:
    if isinstance(field.value, ExprCall) and str(field.value.function) == "field":
        made = _option(field, "factory")
        return _option(field, "default") if made is None else f"{made}()"
    return field.value


def _option(field: Attribute, name: str) -> str | None:
    if not isinstance(field.value, ExprCall):
        return None
    given = {getattr(argument, "name", None): argument for argument in field.value.arguments}
    return str(given[name].value) if name in given else None  # type: ignore[union-attr]  # a keyword has one
