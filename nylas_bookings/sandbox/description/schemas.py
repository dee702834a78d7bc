"""JSON Schemas of the models: of what the sandbox takes, and of what it tells."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

import attrs

from ...models._unset import Unset
from ..behaviour import Behaviour
from .facts import ALWAYS_TOLD, BEYOND_CONTRACT, LIMITS, MAY_BE_LEFT_OUT, TIME

Schema: TypeAlias = dict[str, Any]

_PLAIN: Final[Mapping[Any, Schema]] = {
    Any: {},
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
}

_NULL: Final[Schema] = {"type": "null"}


class Schemas:
    """The schemas of one document, each made when something refers to it.

    Attributes:
        made: By name, as the components of the document have them.
    """

    def __init__(self, behaviour: Behaviour) -> None:
        self.made: dict[str, Schema] = {}
        self._extras = behaviour.booking_extras
        self._booked = behaviour.booked_status

    def taken(self, cls: Any) -> Schema:
        """What is sent as that model. Null counts as not given, in whatever may be left out."""
        return self._of(cls, told=False)

    def told(self, cls: Any) -> Schema:
        """What is answered as that model."""
        return self._of(cls, told=True)

    def _of(self, kind: Any, *, told: bool) -> Schema:
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin is Literal:
            return {"type": "string", "enum": list(inner)}
        if origin in (typing.Union, types.UnionType):
            return self._union(inner, told=told)
        if origin in (tuple, Sequence):
            return {"type": "array", "items": self._of(inner[0], told=told)}
        if origin is Mapping:
            item = self._of(inner[1], told=told)
            return {"type": "object", "additionalProperties": item if told else nullable(item)}
        if kind is datetime:
            return dict(_PLAIN[int] if told else TIME)
        return dict(_PLAIN[kind]) if kind in _PLAIN else self._reference(kind, told=told)

    def _union(self, kinds: Sequence[Any], *, told: bool) -> Schema:
        """One kind of value, or one of several models; of a text, the words that are known."""
        some = [self._of(k, told=told) for k in kinds if k not in (Unset, types.NoneType)]
        found = some[0] if len(some) == 1 else {"anyOf": some}
        null_says_something = types.NoneType in kinds and Unset in kinds
        return nullable(found) if null_says_something else found

    def _reference(self, cls: type, *, told: bool) -> Schema:
        name = f"Told{cls.__name__}" if told and _is_taken_too(cls) else cls.__name__
        if name not in self.made:
            self.made[name] = {}
            self.made[name].update(self._model(cls, told=told))
        return {"$ref": f"#/components/schemas/{name}"}

    def _model(self, cls: type, *, told: bool) -> Schema:
        hints = typing.get_type_hints(cls)
        fields = {field.name: field for field in attrs.fields(cls)}
        is_open = fields.pop("extra", None) is not None or not told
        kept = [field for field in fields.values() if self._is_kept(cls, field, told=told)]
        model: Schema = {
            "type": "object",
            "properties": {
                field.name: self._field(cls, field, hints[field.name], told=told) for field in kept
            },
            "required": [field.name for field in kept if _is_required(cls, field, told=told)],
        }
        return model if is_open else {**model, "additionalProperties": False}

    def _is_kept(self, cls: type, field: attrs.Attribute[Any], *, told: bool) -> bool:
        if told:
            beyond = not self._extras and field.name in BEYOND_CONTRACT.get(cls.__name__, ())
            return field.name != "request_id" and not beyond
        return bool(field.metadata.get("sent", True))

    def _field(self, cls: type, field: attrs.Attribute[Any], hint: Any, *, told: bool) -> Schema:
        found = self._of(hint, told=told)
        limits = LIMITS.get((cls.__name__, field.name), {})
        if (cls.__name__, field.name) == ("Booking", "status"):
            limits = {"type": "string", "enum": [self._booked, "pending", "cancelled"]}
        if "type" in limits or "anyOf" in limits:
            found = dict(limits)
        elif limits:
            found = {**found, **limits}
        return found if told or _is_required(cls, field, told=False) else nullable(found)


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    if not schema or schema.get("anyOf", [{}])[-1] == _NULL:
        return schema
    if schema.keys() == {"type"}:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return {"type": [*(kind for kind in kinds if kind != "null"), "null"]}
    return {"anyOf": [schema, _NULL]}


def _is_taken_too(cls: type) -> bool:
    """Whether it is what the API keeps as it was sent, with all that came along."""
    return any(field.metadata.get("extra") for field in attrs.fields(cls))


def _is_required(cls: type, field: attrs.Attribute[Any], *, told: bool) -> bool:
    if told and field.name in ALWAYS_TOLD.get(cls.__name__, ()):
        return True
    if not told and field.name in MAY_BE_LEFT_OUT.get(cls.__name__, ()):
        return False
    return field.default is attrs.NOTHING
