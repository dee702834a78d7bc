"""The bodies of successes, by operation: read off the operations table where it says enough."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from ... import models
from ...operations import OPERATIONS
from ..behaviour import Behaviour
from .schemas import Schema, Schemas, nullable

_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer"}
_SWITCH: Final = {"type": "boolean"}
_RESULTS: Final = {row.name: row.result for row in OPERATIONS}
_WITHOUT_CURSOR: Final = ("webhooks.list",)
_IN_A_LIST: Final = ("group_events.create", "group_events.update", "group_events.import_events")


def success(operation: str, schemas: Schemas, behaviour: Behaviour) -> Schema:
    """The body of a success of that operation."""
    if operation in _TOLD:
        return _TOLD[operation](schemas)
    result = _RESULTS[operation]
    if result == "Receipt" or (result == "BookingReceipt" and not behaviour.reschedule_data):
        return envelope()
    if page := re.fullmatch(r"Page\[(\w+)\]", result):
        return _page(_one(page[1], schemas), cursor=operation not in _WITHOUT_CURSOR)
    data = _one("Booking" if result == "BookingReceipt" else result, schemas)
    if operation == "bookings.confirm" and not behaviour.decline_data:
        return {"anyOf": [envelope(data), envelope()]}
    if operation in _IN_A_LIST and behaviour.lists_of_one:
        return envelope({"type": "array", "items": data, "minItems": 1, "maxItems": 1})
    return envelope(data)


def envelope(data: Schema | None = None, **more: Schema) -> Schema:
    """What is around the data of every answer."""
    return _whole(request_id=_TEXT, **({} if data is None else {"data": data}), **more)


def _one(name: str, schemas: Schemas) -> Schema:
    if name == "AnyConfiguration":
        return _configuration(schemas)
    return schemas.told(getattr(models, name))


def _page(item: Schema, *, cursor: bool = True) -> Schema:
    items = {"type": "array", "items": item}
    return envelope(items, **({"next_cursor": nullable(_TEXT)} if cursor else {}))


def _configuration(schemas: Schemas) -> Schema:
    """As it was sent, with an id, and with the defaults filled in."""
    schemas.made["AnsweredConfiguration"] = {
        **_object(
            id=_TEXT,
            name=_TEXT,
            slug=nullable(_TEXT),
            requires_session_auth=_SWITCH,
            appearance=nullable({"type": "object", "additionalProperties": _TEXT}),
            scheduler={"type": "object", "required": list(_SCHEDULER)},
        ),
        **schemas.told(models.AnyConfiguration),
    }
    return {"$ref": "#/components/schemas/AnsweredConfiguration"}


def _object(**properties: Schema) -> Schema:
    """All of the properties, and perhaps others."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _whole(**properties: Schema) -> Schema:
    """All of the properties, and no others."""
    return {**_object(**properties), "additionalProperties": False}


_SCHEDULER: Final[Mapping[str, Schema]] = {
    "available_days_in_future": _NUMBER,
    "min_booking_notice": _NUMBER,
    "min_cancellation_notice": _NUMBER,
    "hide_rescheduling_options": _SWITCH,
    "hide_cancellation_options": _SWITCH,
    "hide_additional_guests": _SWITCH,
}

_PERSON: Final = _object(name=_TEXT, email=_TEXT)

_WHEN: Final = _object(start_time=_NUMBER, end_time=_NUMBER)

_PREFILLED: Final = _object(
    guest=_PERSON,
    additional_guests={"type": "array", "items": _PERSON},
    additional_fields={"type": "object", "additionalProperties": _TEXT},
    booking_ref=_TEXT,
    booking_ref_salt=_TEXT,
    timezone=_TEXT,
    email_language=_TEXT,
    event_organizer=_PERSON,
    event_data=_object(location=_TEXT, when=_WHEN),
)

_UI_SETTINGS: Final = _object(
    configuration_id=_TEXT,
    app_client_id=_TEXT,
    slug=_TEXT,
    name=_TEXT,
    booking_type={"type": "string", "enum": ["booking", "organizer-confirmation"]},
    appearance={"type": "object", "additionalProperties": _TEXT},
    organizer=_PERSON,
    scheduler=_object(**_SCHEDULER),
)
_UI_SETTINGS["properties"]["booking"] = _PREFILLED

_CALENDAR: Final = _object(
    id=_TEXT,
    object={"const": "calendar"},
    grant_id=_TEXT,
    name=_TEXT,
    timezone=_TEXT,
    is_primary=_SWITCH,
    read_only=_SWITCH,
    is_owned_by_user=_SWITCH,
)

_EVENT: Final = _object(
    id=_TEXT,
    object={"const": "event"},
    grant_id=_TEXT,
    calendar_id=_TEXT,
    ical_uid=_TEXT,
    title={"type": "string", "minLength": 1, "maxLength": 1024},
    status={"type": "string", "enum": ["confirmed", "maybe", "cancelled"]},
    participants={
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {"type": "object", "properties": {"email": _TEXT, "name": _TEXT}},
    },
    organizer=_PERSON,
    when=_object(object={"const": "timespan"}, start_time=_NUMBER, end_time=_NUMBER),
    busy=_SWITCH,
    read_only=_SWITCH,
    html_link=_TEXT,
    created_at=_NUMBER,
    updated_at=_NUMBER,
)

_SESSION: Final = _whole(session_id=_TEXT, configuration_id=_TEXT, expires_at=_NUMBER)

_TOLD: Final[Mapping[str, Callable[[Schemas], Schema]]] = {
    "bookings.cancel": lambda _: envelope(),
    "sessions.get": lambda _: envelope(_SESSION),
    "ui_settings.get": lambda _: envelope(_UI_SETTINGS),
    "webhooks.delete": lambda _: envelope(_whole(status={"const": "success"})),
    "calendars.list": lambda _: _page(_CALENDAR),
    "events.list": lambda _: _page(_EVENT),
    "events.get": lambda _: envelope(_EVENT),
}
"""What the operations table does not say, or says of the client only."""


_PROVIDER_ERRORS: Final[Mapping[str, Schema]] = {
    "nested": _whole(error=_whole(title=_TEXT, message=_TEXT)),
    "code and message": _whole(code=_TEXT, message=_TEXT),
    "text": _TEXT,
}


def error(*kinds: str, provider: str | None = None) -> Schema:
    """The body of a refusal of one of these types, which may tell what the provider said."""
    said = {} if provider is None else {"provider_error": _PROVIDER_ERRORS[provider]}
    told = _whole(type={"enum": list(kinds)}, message=_TEXT, **said)
    return _whole(request_id=_TEXT, error=told)
