"""The OpenAPI document of the sandbox, from its routes, its models and its switches."""

from __future__ import annotations

import re
from typing import Any, Final

from ... import models
from ..._version import VERSION
from ...operations import OPERATIONS
from ..behaviour import Behaviour, success_status
from ..refusals import KINDS, LOST_SLOT, named
from ..rescheduling import Rescheduling
from ..routes import ROWS
from ..subscriptions import UNVERIFIED
from .answers import error, success
from .facts import BODY_MAY_BE_EMPTY, NAMES_CONFIGURATION, NEEDED, QUERY, REFUSALS, SECURITY
from .schemas import Schema, Schemas

_BODIES: Final = {row.name: row.body for row in OPERATIONS if row.body}
_TAKEN_WHOLE: Final = {"Reschedule": Rescheduling}
_FOR_VISITORS: Final = {
    *(row.name for row in OPERATIONS if row.for_visitors),
    "ui_settings.get",
}
_NEVER_MISSING: Final = ("sessions.destroy",)
_NO_KEY_NEEDED: Final = "group_events.validate_timeslot"


def describe(behaviour: Behaviour, url: str) -> dict[str, Any]:
    """What the sandbox at that address does while its switches are as they are."""
    behaviour = behaviour.effective
    schemas = Schemas(behaviour)
    paths: dict[str, dict[str, Any]] = {}
    known: set[str] = set()
    for name, method, path in ROWS:
        operation = _operation(name, method, path, schemas, behaviour)
        if method.lower() in paths.setdefault(path, {}):
            continue
        operation["operationId"] = name if name not in known else f"{name}_2"
        known.add(name)
        paths[path][method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "The sandbox of nylas-bookings", "version": VERSION},
        "servers": [{"url": url}],
        "paths": paths,
        "components": {
            "schemas": schemas.made,
            "responses": {str(status): _refusal(status, behaviour) for status in REFUSALS},
            "securitySchemes": SECURITY,
        },
    }


def _operation(
    name: str, method: str, path: str, schemas: Schemas, behaviour: Behaviour
) -> dict[str, Any]:
    body = success(name, schemas, behaviour)
    told: dict[str, Any] = {
        "tags": [name.partition(".")[0]],
        "security": _security(name, path, behaviour),
        "parameters": _parameters(name, path),
        "responses": _done(method, body, behaviour)
        | {
            str(status): {"$ref": f"#/components/responses/{status}"}
            for status in _refusals(name, method, path, behaviour)
        },
    }
    if name in _BODIES:
        taken = {"application/json": {"schema": _taken(_BODIES[name], schemas)}}
        refused = method == "DELETE" and behaviour.bodyless_delete == "refused"
        needed = refused or name not in BODY_MAY_BE_EMPTY
        told["requestBody"] = {"content": taken, "required": needed}
    return told


def _taken(body: str, schemas: Schemas) -> Schema:
    """What is sent: a model, or several of them; one alone will do in place of a list."""
    if many := re.fullmatch(r"list\[(\w+)\]", body):
        one = schemas.taken(getattr(models, many[1]))
        return {"anyOf": [{"type": "array", "items": one, "minItems": 1, "maxItems": 20}, one]}
    return schemas.taken(_TAKEN_WHOLE.get(body) or getattr(models, body))


def _parameters(name: str, path: str) -> list[dict[str, Any]]:
    text = {"type": "string", "minLength": 1}
    ids = [
        {"name": found, "in": "path", "required": True, "schema": text}
        for found in re.findall(r"{(\w+)}", path)
    ]
    query = {**(NAMES_CONFIGURATION if name in _FOR_VISITORS else {}), **QUERY.get(name, {})}
    needed = NEEDED.get(name, ())
    return ids + [
        {"name": found, "in": "query", "required": found in needed, "schema": schema}
        for found, schema in query.items()
    ]


def _security(name: str, path: str, behaviour: Behaviour) -> list[dict[str, list[str]]]:
    """Who may ask: nobody in particular is the empty one."""
    key: dict[str, list[str]] = {"API_KEY": []}
    visitors: list[dict[str, list[str]]] = [{}, {"SESSION": []}]
    if name == _NO_KEY_NEEDED:
        return [*visitors, key]
    if name in _FOR_VISITORS:
        return [*visitors, key] if behaviour.key_on_bookings else visitors
    return [key, {"ACCESS_TOKEN": []}] if "{grant_id}" in path else [key]


def _refusals(name: str, method: str, path: str, behaviour: Behaviour) -> list[int]:
    """The errors that an operation can end in; two that only come when they are scripted too."""
    found = {401, 429, 504}
    changes, visitors = method != "GET", name in _FOR_VISITORS
    if changes or visitors or name in QUERY:
        found.add(400)
    if visitors or ("{" in path and name not in _NEVER_MISSING):
        found.add(404)
    if changes:
        found.add(413)
    if method == "DELETE" and behaviour.bodyless_delete == "refused":
        found.add(422)
    return sorted(found)


def _refusal(status: int, behaviour: Behaviour) -> dict[str, Any]:
    kinds = [KINDS[status]]
    if status == 400:
        kinds += [LOST_SLOT, *([UNVERIFIED] if behaviour.challenge else [])]
    told = {named(kind, behaviour): None for kind in kinds}
    provider = behaviour.provider_error if status == 504 else None
    answer = _answer("It is refused, and nothing was changed.", error(*told, provider=provider))
    if status == 429:
        answer["headers"]["Retry-After"] = {"schema": {"type": "number"}}
    return answer


def _done(method: str, body: Schema, behaviour: Behaviour) -> dict[str, Any]:
    status = success_status(method, behaviour)
    answer = _answer("It is done.", body)
    if status == 204:
        del answer["content"]
    return {str(status): answer}


def _answer(what: str, body: Schema) -> dict[str, Any]:
    return {
        "description": what,
        "headers": {"X-Request-Id": {"required": True, "schema": {"type": "string"}}},
        "content": {"application/json": {"schema": body}},
    }
