"""Holds an answer of the sandbox against the vendor's contract and the sandbox's own description.

Whatever the tests of the sandbox ask, its answers are looked at here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from jsonschema import Draft202012Validator

from nylas_bookings._wire.messages import Request, Response
from nylas_bookings.sandbox.behaviour import Behaviour
from nylas_bookings.sandbox.description.document import describe
from nylas_bookings.sandbox.routes import ROWS

from .departures import BEYOND, CORRECTED, UNDOCUMENTED, say_otherwise, told_otherwise

_EXTRACT = Path(__file__).parent / "vendor_schemas.json"


def broken(behaviour: Behaviour, request: Request, response: Response) -> Iterator[str]:
    """What an answer promised otherwise, in words."""
    asked = operation(request)
    if response.status == 204:
        if response.body or own_schema(behaviour, asked, 204).schema != _NOTHING:
            yield f"description: {asked} is answered with nothing, or with more than that"
        return
    told = orjson.loads(response.body)
    if response.header("x-request-id") != told.get("request_id"):
        yield "the request id in the header is another one"
    for whose, schema in (
        ("description", own_schema(behaviour, asked, response.status)),
        ("contract", vendor_schema(asked, response.status, behaviour.effective)),
    ):
        for error in schema.iter_errors(told):
            where = "/".join(map(str, error.absolute_path))
            yield f"{whose}: {asked} {response.status} at /{where}: {error.message[:300]}"


def operation(request: Request) -> str | None:
    """The method and the path with names for its ids, as both documents write them."""
    segments = [segment for segment in urlsplit(request.url).path.split("/") if segment]
    for _, method, path in sorted(ROWS, key=lambda row: row[2].count("{")):
        wanted = path.strip("/").split("/")
        if method == request.method and len(wanted) == len(segments):
            pairs = zip(wanted, segments, strict=True)
            if all(want.startswith("{") or want == segment for want, segment in pairs):
                return f"{method} {path}"
    return None


@cache
def _description(behaviour: Behaviour) -> dict[str, Any]:
    return describe(behaviour, "http://127.0.0.1")


@cache
def own_schema(behaviour: Behaviour, asked: str | None, status: int) -> Draft202012Validator:
    """What the sandbox says of an answer; nothing is right of which it says nothing."""
    document = _description(behaviour)
    if asked is None:
        return Draft202012Validator(_body(document["components"]["responses"][str(status)]))
    method, path = asked.split(" ")
    answers = document["paths"][path][method.lower()]["responses"]
    answer = answers.get(str(status), {"content": {"application/json": {"schema": False}}})
    if "$ref" in answer:
        answer = document["components"]["responses"][str(status)]
    body = _body(answer)
    whole = Draft202012Validator(body) if body is _NOTHING else None
    return whole or _whole(body, document["components"])


_NOTHING = {"not": {}}


def _body(answer: Mapping[str, Any]) -> Any:
    return answer["content"]["application/json"]["schema"] if "content" in answer else _NOTHING


@cache
def _contract(booked: str) -> dict[str, Any]:
    contract = json.loads(_EXTRACT.read_text(encoding="utf-8"))
    for correct in CORRECTED:
        correct(contract)
    say_otherwise(contract, booked)
    return dict(contract)


@cache
def vendor_schema(asked: str | None, status: int, behaviour: Behaviour) -> Draft202012Validator:
    """What the vendor says of an answer, as far as it says anything."""
    contract = _contract(behaviour.booked_status)
    if status == 201:
        status = 200  # the contract knows no other success
    answers = contract["answers"].get(_as_vendor(asked))
    if asked in BEYOND or answers is None:
        assert asked is None or asked in BEYOND, f"the contract does not have {asked}"
        answers = {}
    if str(status) not in answers:
        undocumented = status != 200 and (asked in BEYOND or status in UNDOCUMENTED(asked))
        schema = {"$ref": "#/components/responses/400"} if undocumented else asked in BEYOND
    else:
        schema = told_otherwise(asked, status, answers[str(status)], behaviour)
    return _whole(schema, contract["components"])


def _as_vendor(asked: str | None) -> str:
    return (asked or "").replace("{webhook_id}", "{id}")


def _whole(schema: Any, components: Any) -> Draft202012Validator:
    return Draft202012Validator({"allOf": [schema], "components": components})
