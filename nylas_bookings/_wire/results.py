"""The JSON of a success as a result: one reader for each kind that the operations table names."""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import attrs

from .. import models
from .converter import structurer

Read: TypeAlias = Callable[[dict[str, Any], str | None], Any]
"""From the envelope of a success, and the id that the call was about, to the result."""


@attrs.frozen
class _Identified:
    booking_id: str | None = None


@attrs.frozen
class _Continued:
    next_cursor: str | None = None


@cache
def reader(result: str, *, explains: bool = False) -> Read:
    """The reader of `Receipt`, `BookingReceipt`, `Page[Model]`, or a model."""
    if result == "Receipt":
        return _receipt
    if result == "BookingReceipt":
        return _booking_receipt(explains=explains)
    if page := re.fullmatch(r"Page\[(\w+)\]", result):
        return _page(page[1], explains=explains)
    return _model(result, explains=explains)


def _receipt(envelope: dict[str, Any], subject: str | None) -> models.Receipt:
    return models.Receipt(request_id=envelope["request_id"])


def already_gone(result: str, subject: str | None, request_id: str | None) -> models.Receipt:
    """The receipt for a removal whose answer was lost, and that was found done when repeated."""
    if result == "BookingReceipt":
        return models.BookingReceipt(
            booking_id=subject or "", request_id=request_id, already_gone=True
        )
    return models.Receipt(request_id=request_id, already_gone=True)


def _booking_receipt(*, explains: bool) -> Read:
    """A receipt; the API may tell the booking, whole or in part, and a new id for it."""
    identify = structurer(_Identified, explains=explains)
    read = _model("Booking", explains=explains)
    needed = [a.name for a in attrs.fields(models.Booking) if a.default is attrs.NOTHING]

    def receipt(envelope: dict[str, Any], subject: str | None) -> models.BookingReceipt:
        data = envelope.get("data") or {}
        known = identify(data, _Identified)
        whole = all(data.get(name) is not None for name in needed)
        return models.BookingReceipt(
            booking_id=known.booking_id or subject or "",
            booking=read(envelope, subject) if whole else None,
            request_id=envelope["request_id"],
        )

    return receipt


def _model(name: str, *, explains: bool) -> Read:
    cls = getattr(models, name)
    read = structurer(cls, explains=explains)
    prepare = _PREPARE.get(name)

    def one(envelope: dict[str, Any], subject: str | None) -> Any:
        data = envelope["data"]
        if prepare is not None:
            data = prepare(data)
        if type(data) is dict:
            data["request_id"] = envelope["request_id"]
        return read(data, cls)

    return one


def _page(name: str, *, explains: bool) -> Read:
    many = types.GenericAlias(tuple, (getattr(models, name), ...))
    read = structurer(many, explains=explains)
    cursor = structurer(_Continued, explains=explains)
    prepare = _PREPARE.get(name, lambda item: item)

    def page(envelope: dict[str, Any], subject: str | None) -> Any:
        data, holder = envelope["data"], envelope
        if isinstance(data, dict):
            holder = {**envelope, **data}
            data = data["items"]
        if type(data) is list:
            data = [prepare(item) for item in data]
        return models.Page(
            items=read(data, many),
            next_cursor=cursor(holder, _Continued).next_cursor or None,
            request_id=envelope["request_id"],
        )

    return page


def _first(data: Any) -> Any:
    """The contract says a list where its examples show the one thing that is in it."""
    return data[0] if type(data) is list and len(data) == 1 else data


def _with_id(data: Any) -> Any:
    """Some examples of the contract write `ID`."""
    if type(data) is not dict or "ID" not in data:
        return data
    return {"id": data["ID"], **{k: v for k, v in data.items() if k != "ID"}}


def _import_report(data: Any) -> Any:
    """A report in any of its shapes: plain or in a list, with events or just their ids."""
    report = _first(data)
    if type(report) is not dict or type(report.get("imported_events")) is not list:
        return report
    events = ({"event_id": e} if isinstance(e, str) else e for e in report["imported_events"])
    return {**report, "imported_events": list(events)}


def _flat_event(data: Any) -> Any:
    """A group event in any of its shapes: plain, in a list, with `ID`, or as event and info."""
    event = _first(data)
    if type(event) is not dict:
        return event
    info, inner = event.get("group_event_info"), event.get("event")
    if isinstance(inner, dict):
        event = inner | {k: v for k, v in (info or {}).items() if k not in inner}
    event = _with_id(event)
    return {**event, "when": _first(event["when"])} if "when" in event else event


_PREPARE: dict[str, Callable[[Any], Any]] = {
    "AnyConfiguration": _with_id,
    "GroupEvent": _flat_event,
    "ImportReport": _import_report,
}
