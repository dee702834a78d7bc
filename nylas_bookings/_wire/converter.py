"""Models to JSON and back through cattrs, with nothing converted that the JSON did not say."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import is_not
from typing import Any, Final, Literal

import attrs
import cattrs
import orjson
from cattrs.errors import IterableValidationError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from ..errors import InvalidRequest
from ..models._secret import plain
from ..models._unset import UNSET, Unset
from ..models.bookings import Cancellation, Decision, NewBooking, Reschedule
from ..models.configurations import AnyConfiguration, Configuration, GroupConfiguration
from ..models.sessions import NewSession

_LEFT_OUT = (None, UNSET, ())
_ONLY_TOLD = {"created_at", "updated_at", "modified_at"}
"""What the API tells of a configuration besides the documented fields, and does not take back."""
_SHOWN = 5
_LONGEST = 500
_PLAIN = (str, int, bool)
_CHECK_THEMSELVES = {NewBooking, Reschedule, Decision, Cancellation, NewSession}
"""The bodies that are sent most check their own fields, which is quicker."""


class WrongType(TypeError):
    """A JSON value of another kind than the model says."""


def to_json(model: object) -> bytes:
    """The bytes of a request's body; refuses a model that holds what its fields do not say."""
    try:
        cls: Any = type(model)
        if cls not in _CHECK_THEMSELVES:
            model = _plain(model)
        # orjson's own bytes keep the 4 to 16 KB that it wrote them into, for as long as they live.
        body = b"%b" % orjson.dumps(_unstructurer(cls)(model))
    except Exception as error:  # noqa: BLE001 - a value may be anything, and fail at anything
        misfit = _describe_unwritable(error)
    else:
        if cls not in _CHECK_THEMSELVES:
            _refuse_misfits(model, body)
        return body
    raise InvalidRequest(f"{cls.__name__} does not fit into JSON: {misfit}")


def _plain(value: Any) -> Any:
    """Return a model whose texts are what they say, which is the same one nearly always."""
    if attrs.has(type(value)):
        fields = [a for a in attrs.fields(type(value)) if a.init]
        parts = [(a.alias, getattr(value, a.name)) for a in fields]
        changes = {alias: new for alias, part in parts if (new := _plain(part)) is not part}
        return attrs.evolve(value, **changes) if changes else value
    if type(value) in (list, tuple):
        items = [_plain(item) for item in value]
        return type(value)(items) if any(map(is_not, items, value)) else value
    if type(value) is dict:
        return {plain(key): _plain(item) for key, item in value.items()}
    return plain(value)


def _describe_unwritable(error: Exception) -> str:
    """Return orjson's and Python's own words, and of what a value raises the name alone."""
    known = isinstance(error, TypeError | AttributeError | RecursionError)
    return str(error) if known else type(error).__name__


def _refuse_misfits(model: object, body: bytes) -> None:
    """Read back what would be sent: a text in place of a number is sent as it is, else.

    The API would refuse it as well, but it does not say where it is.
    """
    written = from_json(body)
    parts = zip(model, written, strict=True) if isinstance(model, tuple) else [(model, written)]
    for part, value in parts:
        as_model(type(part), value, type(part).__name__)


from_json: Final[Callable[[bytes], Any]] = orjson.loads
"""The value of an answer's body; raises `ValueError` for everything that is not JSON."""


@cache
def structurer(cls: Any, *, explains: bool = False) -> Callable[[Any, Any], Any]:
    """The function from a JSON value to a model of that class.

    One that explains takes longer, and raises what `problems` can put into words.
    """
    return _converter(explains=explains).get_structure_hook(cls)


@cache
def _unstructurer(cls: Any) -> Callable[[Any], Any]:
    return _converter(explains=False).get_unstructure_hook(cls)


def as_model(cls: Any, value: Any, path: str) -> Any:
    """The value of a JSON as a model of that class; refuses what does not fit, and says where."""
    try:
        return structurer(cls, explains=True)(value, cls)
    except Exception as error:  # noqa: BLE001 - cattrs raises many kinds for a wrong value
        misfit = problems(error, path)
    raise InvalidRequest(misfit)


def problems(error: BaseException, path: str) -> str:
    """What did not fit, and where, as `required field missing @ data.booking_id`."""
    found = cattrs.transform_error(error, path=path, format_exception=_say)
    more = "; and more" if len(found) > _SHOWN else ""
    return "; ".join(found[:_SHOWN])[:_LONGEST] + more


def _say(error: BaseException, kind: type | None) -> str:
    if isinstance(error, KeyError):
        return "required field missing"
    if isinstance(error, WrongType | InvalidRequest):
        return str(error).rstrip(". ")
    return "invalid value"


@cache
def _converter(*, explains: bool) -> cattrs.Converter:
    converter = cattrs.Converter(detailed_validation=explains)
    for kind in _PLAIN:
        converter.register_structure_hook(kind, _exactly(kind))
    converter.register_structure_hook(datetime, _datetime)
    converter.register_unstructure_hook(datetime, lambda value: int(value.timestamp()))
    converter.register_structure_hook_func(lambda cls: cls is Any, lambda value, _: value)
    converter.register_structure_hook_factory(_is_union, lambda cls: _union(cls, converter))
    converter.register_unstructure_hook_factory(_is_union, lambda cls: _sent_as(cls, converter))
    converter.register_structure_hook_func(
        lambda cls: cls == AnyConfiguration, _configuration(explains=explains)
    )
    converter.register_structure_hook_func(_is_texts_by_name, _texts_by_name(explains=explains))
    converter.register_structure_hook_factory(_is_many, lambda cls: _many(cls, converter))
    converter.register_structure_hook_factory(attrs.has, lambda cls: _reader(cls, converter))
    converter.register_unstructure_hook_factory(attrs.has, lambda cls: _writer(cls, converter))
    return converter


def _exactly(kind: type, *, nullable: bool = False) -> Callable[[Any, Any], Any]:
    """Cattrs would make 'None' of null, and True of 'false'."""

    def check(value: Any, _: Any) -> Any:
        if type(value) is kind or (value is None and nullable):
            return value
        raise WrongType(f"expected {kind.__name__}, got {_json_name(value)}")

    return check


def _json_name(value: object) -> str:
    return "null" if value is None else type(value).__name__


def _datetime(value: Any, _: Any) -> datetime:
    # One reader of the vendor's answers reports times as strings of digits.
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if type(value) is not int:
        raise WrongType(f"expected epoch seconds, got {_json_name(value)}")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise WrongType("epoch seconds out of range") from None


def _is_union(cls: Any) -> bool:
    return typing.get_origin(cls) in (typing.Union, types.UnionType)


def _union(cls: Any, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    """`X | None`, `X | Unset`, `Literal[…] | str`: one kind of value, and perhaps null."""
    nullable = type(None) in typing.get_args(cls)
    kind = _kind_of(cls)
    if kind in _PLAIN:
        return _exactly(kind, nullable=nullable)
    inner = converter.get_structure_hook(kind)

    def read(value: Any, _: Any) -> Any:
        return None if value is None and nullable else inner(value, kind)

    return read


def _sent_as(cls: Any, converter: cattrs.Converter) -> Callable[[Any], Any]:
    """By what the model says, not by what the value happens to be: a range is a list of numbers."""
    write = converter.get_unstructure_hook(_kind_of(cls))
    return lambda value: None if value is None else write(value)


def _kind_of(cls: Any) -> Any:
    """The one kind of value in a union, besides null, `Unset` and words that are texts too."""
    aside = (type(None), Unset)
    kinds = [k for k in typing.get_args(cls) if k not in aside]
    return next((k for k in kinds if typing.get_origin(k) is not Literal), str)


def _configuration(*, explains: bool) -> Callable[[Any, Any], Any]:
    def read(value: Any, _: Any) -> Any:
        told = value if isinstance(value, dict) else {}
        is_group = told.get("type") == "group" or told.get("group_booking") is not None
        cls = GroupConfiguration if is_group else Configuration
        return structurer(cls, explains=explains)(value, cls)

    return read


def _is_many(cls: Any) -> bool:
    return typing.get_origin(cls) in (tuple, Sequence)


def _many(cls: Any, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    """A list; the API sends null for an empty one."""
    (kind, *_) = typing.get_args(cls)
    items = types.GenericAlias(list, (kind,))
    inner = converter.get_structure_hook(items)
    explains = converter.detailed_validation

    def read(value: Any, _: Any) -> tuple[Any, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            raise WrongType(f"expected a list, got {_json_name(value)}")
        return _explained(enumerate(value), kind) if explains else tuple(inner(value, items))

    return read


def _is_texts_by_name(cls: Any) -> bool:
    return typing.get_origin(cls) is Mapping and typing.get_args(cls) == (str, str)


def _texts_by_name(*, explains: bool) -> Callable[[Any, Any], dict[str, str]]:
    """Any mapping of texts; the keys of an object of JSON are some."""
    text = _exactly(str)

    def read(value: Any, _: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            raise WrongType(f"expected an object, got {_json_name(value)}")
        if explains:
            _explained(value.items(), str)
        return {key: text(item, str) for key, item in value.items()}

    return read


def _explained(items: Iterable[tuple[Any, Any]], kind: Any) -> tuple[Any, ...]:
    """What the items are read into, or the first few errors with where they are.

    cattrs itself would keep an error with its traceback, a kilobyte each, for every item.
    """
    read, explain = structurer(kind), structurer(kind, explains=True)
    result: list[Any] = []
    misfits: list[Exception] = []
    for place, item in items:
        try:
            # Most items are good, and reading takes less time without an explanation.
            result.append(read(item, kind))
        except Exception:  # noqa: BLE001 - cattrs raises many kinds for a wrong value
            misfits.extend(_misfit_of(item, place, kind, explain))
            if len(misfits) > _SHOWN:
                break
    if misfits:
        raise IterableValidationError("items that do not fit", misfits, kind)
    return tuple(result)


def _misfit_of(
    item: Any, place: Any, kind: Any, explain: Callable[[Any, Any], Any]
) -> Iterator[Exception]:
    try:
        explain(item, kind)
    except Exception as error:  # noqa: BLE001 - as above
        error.add_note(IterableValidationNote(f"@ {place!r}", place, kind))
        yield error


def _reader(cls: Any, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    read = make_dict_structure_fn(cls, converter)
    if not converter.detailed_validation and _takes_only_objects(cls):
        return read
    known = {attribute.name for attribute in attrs.fields(cls)} - {"extra"}
    keeps_extra = _keeps_extra(cls)

    def check(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise WrongType(f"expected an object, got {_json_name(value)}")
        if keeps_extra and not known.issuperset(value):
            unknown = {key: item for key, item in value.items() if key not in known}
            value = {**value, "extra": unknown}
        return read(value, cls)

    return check


def _takes_only_objects(cls: Any) -> bool:
    """Whether cattrs fails at everything else by itself, as it looks for a field that must be."""
    required = any(attribute.default is attrs.NOTHING for attribute in attrs.fields(cls))
    return required and not _keeps_extra(cls)


def _writer(cls: Any, converter: cattrs.Converter) -> Callable[[Any], Any]:
    options: dict[str, Any] = {a.name: _how_sent(a) for a in attrs.fields(cls)}
    write = make_dict_unstructure_fn(cls, converter, **options)
    if not _keeps_extra(cls):
        return write

    def with_extra(value: Any) -> Any:
        result: dict[str, Any] = write(value)
        unknown: Mapping[str, Any] = result.pop("extra")
        kept = {key: item for key, item in unknown.items() if key not in _ONLY_TOLD}
        return {**kept, **result}

    return with_extra


def _how_sent(attribute: attrs.Attribute[Any]) -> Any:
    """What was not given is left out, and so is what only the API tells."""
    if not attribute.metadata.get("sent", True):
        return override(omit=True)
    return override(omit_if_default=attribute.default in _LEFT_OUT)


def _keeps_extra(cls: Any) -> bool:
    return any(attribute.metadata.get("extra") for attribute in attrs.fields(cls))
