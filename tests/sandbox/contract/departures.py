"""Where the vendor's contract cannot be taken at its word, one by one, each with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nylas_bookings.sandbox.behaviour import Behaviour

Contract = dict[str, Any]
_CONFIGURATIONS = "/v3/grants/{grant_id}/scheduling/configurations"
_GROUP_EVENTS = _CONFIGURATIONS + "/{configuration_id}/group-events"
_OF_CONFIGURATION = "/v3/scheduling/configurations/{configuration_id}"


def _data_is_an_object_and_a_list(contract: Contract) -> None:
    """Every envelope says that `data` is an object, and those of lists that it is a list too."""
    for name in ("common_response", "common_response_with_cursor"):
        del contract["components"]["schemas"][name]["properties"]["data"]


def _all_of_the_branches_fit(contract: Contract) -> None:
    """The branches of each `oneOf` require nothing, so several fit at once, and that is refused."""
    for schema in _schemas(contract):
        if isinstance(schema.get("oneOf"), list):
            schema["anyOf"] = schema.pop("oneOf")


def _requires_what_it_does_not_have(contract: Contract) -> None:
    """A group event requires `availability` and `event_booking`, which are of configurations."""
    event = contract["components"]["schemas"]["group_event"]
    event["required"] = [name for name in event["required"] if name in event["properties"]]


def _reads_less_than_it_takes(contract: Contract) -> None:
    """The triggers of a webhook that is read are an older list, without those of bookings."""
    data = contract["components"]["responses"]["get_by_id_200"]["properties"]["data"]
    data["properties"]["trigger_types"] = {"$ref": "#/components/schemas/trigger_types"}


CORRECTED: tuple[Callable[[Contract], None], ...] = (
    _data_is_an_object_and_a_list,
    _all_of_the_branches_fit,
    _requires_what_it_does_not_have,
    _reads_less_than_it_takes,
)
"""Where the contract contradicts itself."""


def _schemas(value: Any) -> list[dict[str, Any]]:
    """All objects in a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict) else []
    return own + [schema for item in inner for schema in _schemas(item)]


BEYOND = {
    "GET /v3/scheduling/ui-settings": "the browser component asks for it first of all",
    f"PATCH {_GROUP_EVENTS}/{{event_id}}": "the editor changes events so",
    f"POST {_CONFIGURATIONS}/{{configuration_id}}/import-group-events": "so does it import them",
    "GET /v3/scheduling/sessions/{session_id}": "the vendor's command line reads sessions",
    "PUT /v3/webhooks/{webhook_id}/rotate-secret": "the Python SDK rotates secrets so",
}
"""What the contract does not have, and official clients ask for."""


def UNDOCUMENTED(asked: str | None) -> dict[int, str]:  # noqa: N802 - a table, by operation
    """The refusals that the contract does not tell of an operation; their body is as in others."""
    found = {
        413: "the contract knows no limit for a body; a server that listens has one",
        422: "a client reports it for a DELETE without a body",
        429: "the calls with webhooks, imports and validations are counted like all others",
        504: "the provider may fail in all of them",
    }
    if asked is None:
        return {404: "there is no such path"}
    if "webhooks" in asked or asked.startswith(f"POST {_OF_CONFIGURATION}"):
        found |= {400: "of these", 401: "the contract tells", 404: "one refusal, or none at all"}
    if asked.endswith((_CONFIGURATIONS, _GROUP_EVENTS, "/events", "/calendars")):
        found[404] = "the grant, the configuration or the calendar in the question is not there"
    return found


_LISTS_OF_ONE = (
    f"POST {_GROUP_EVENTS}",
    f"PUT {_GROUP_EVENTS}/{{event_id}}",
    f"POST {_OF_CONFIGURATION}/import-group-events",
)


def told_otherwise(asked: str | None, status: int, schema: Any, behaviour: Behaviour) -> Any:
    """The schema of the contract, but for what the sandbox answers otherwise on purpose."""
    if status != 200:
        return schema
    if asked in _LISTS_OF_ONE and not behaviour.lists_of_one:
        # The contract's schemas have a list, its examples and the clients the one thing in it.
        return {"properties": {"data": {"type": "object"}}}
    if asked is None or "/bookings" not in asked:
        return schema
    return schema if behaviour.booking_extras else _alone(schema)


def _alone(schema: Any) -> Any:
    """Nothing is told of a booking besides what the contract has."""
    return {"allOf": [schema], "properties": {"data": _BOOKING_ALONE}}


def say_otherwise(contract: Contract, booked: str) -> None:
    """The Python SDK and the vendor's command line know another word for what is booked."""
    for schema in _schemas(contract):
        if "booked" in (words := schema.get("enum", [])):
            schema["enum"] = [booked if word == "booked" else word for word in words]


_BOOKING_ALONE = {
    "propertyNames": {
        "enum": ["booking_id", "event_id", "title", "organizer", "status", "description"]
    },
    "properties": {"organizer": {"propertyNames": {"enum": ["email", "name"]}}},
}
"""What the contract has of a booking."""
