"""Every model goes to JSON and comes back as it was, whatever is in it.

The values are made from the fields of the attrs classes, so a new model is covered as soon as
`nylas_bookings.models` exports it. Fields marked `metadata={"sent": False}` do not go to the API:
they must be absent from the JSON, and come back as their default.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from nylas_bookings import errors, models
from nylas_bookings._wire.converter import from_json, structurer, to_json
from nylas_bookings.models import UNSET, Unset, _checks

from .examples import examples

MODELS = [
    cls
    for cls in (getattr(models, name) for name in models.__all__)
    if attrs.has(typing.cast(Any, cls)) and cls is not models.Page
]
"""All but a page, which is only ever read."""

ONLY_TOLD = {"created_at", "updated_at", "modified_at"}

TEXT = st.text(max_size=8)
ADDRESSES = st.sampled_from(["a@example.com", "ü@example.com", "a+b@[127.0.0.1]"])
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-3, minutes=-30))])
EARLY = st.builds(datetime.fromtimestamp, st.integers(-(2**31), 2**30), ZONES)
LATE = st.builds(datetime.fromtimestamp, st.integers(2**30 + 1, 2**33), ZONES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    datetime: EARLY,
    type(None): st.none(),
    Unset: st.just(UNSET),
    Any: JSON,
}
NARROW: dict[str, st.SearchStrategy[Any]] = {
    "capacity": st.integers(1, 500),
    "time_to_live": st.integers(1, 30),
    "end_time": LATE,
}
"""Fields that take less than their type says."""


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type as a model declares it."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values(one) for one in inner])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (tuple, Sequence):
        return st.lists(values(inner[0]), max_size=2).map(tuple)
    if origin is Mapping:
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=2)
    return st.deferred(lambda: instances(kind))


@cache
def instances(cls: Any) -> st.SearchStrategy[Any]:
    """Models of a class, with each field given or left to its default."""
    required, optional = {}, {}
    for name, kind in typing.get_type_hints(cls).items():
        attribute = attrs.fields_dict(cls)[name]
        group = required if attribute.default is attrs.NOTHING else optional
        group[name] = values_of_field(cls, attribute, kind)

    def make(fields: dict[str, Any]) -> Any:
        try:
            return cls(**fields)
        except errors.InvalidRequest:
            return reject()

    return st.fixed_dictionaries(required, optional=optional).map(make)


def values_of_field(cls: Any, attribute: Any, kind: Any) -> st.SearchStrategy[Any]:
    """Values that a field takes."""
    if attribute.metadata.get("extra"):
        taken = {a.name for a in attrs.fields(cls)} | ONLY_TOLD
        names = TEXT.filter(lambda name: name not in taken)
        return st.dictionaries(names, JSON, max_size=2)
    if attribute.validator is _checks.address:
        return ADDRESSES
    if attribute.validator is _checks.text:
        return TEXT.filter(str.strip)
    return NARROW[attribute.name] if attribute.name in NARROW else values(kind)


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
@examples(25)
@given(data=st.data())
def test_models_survive_json(cls: Any, data: st.DataObject) -> None:
    """A model is the same after it went to JSON bytes and came back."""
    model = data.draw(instances(cls))
    kept_here = {a.name: a.default for a in attrs.fields(cls) if not a.metadata.get("sent", True)}
    raw = from_json(to_json(model))
    assert raw.keys().isdisjoint(kept_here)
    assert structurer(cls)(raw, cls) == attrs.evolve(model, **kept_here)


def test_there_are_models() -> None:
    """The models of every resource are among those that are tested."""
    tested = {cls.__module__.rpartition(".")[2] for cls in MODELS}
    assert tested >= {"bookings", "availability", "sessions", "configurations", "notifications"}
    assert len(MODELS) > 50
