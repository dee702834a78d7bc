"""What belongs to a grant: configurations, and the calendar with its events."""

from __future__ import annotations

from typing import Any, Final

from .. import calendar, configurations, event_lists
from ..refusals import not_found
from .call import Call, Handler


def _create_configuration(call: Call) -> dict[str, Any]:
    stored = configurations.create(call.world, call.grant(), call.document())
    return {"data": stored.as_told()}


def _list_configurations(call: Call) -> dict[str, Any]:
    found, cursor = configurations.page(call.world, call.grant(), call.query)
    return {"data": [stored.as_told() for stored in found], "next_cursor": cursor}


def _update_configuration(call: Call) -> dict[str, Any]:
    stored = configurations.update(call.world, call.of_grant(), call.document())
    return {"data": stored.as_told()}


def _delete_configuration(call: Call) -> dict[str, Any]:
    configurations.delete(call.world, call.of_grant())
    return {}


def _list_events(call: Call) -> dict[str, Any]:
    found, cursor = event_lists.page(call.world, call.grant(), call.query)
    return {"data": found, "next_cursor": cursor}


def _get_event(call: Call) -> dict[str, Any]:
    grant_id, event = call.grant(), calendar.event(call.world, call.ids["event_id"])
    if event is None or event["grant_id"] != grant_id:
        raise not_found()
    return {"data": event}


HANDLERS: Final[dict[str, Handler]] = {
    "configurations.create": _create_configuration,
    "configurations.get": lambda call: {"data": call.of_grant().as_told()},
    "configurations.list": _list_configurations,
    "configurations.update": _update_configuration,
    "configurations.delete": _delete_configuration,
    "calendars.list": lambda call: {
        "data": calendar.calendars(call.world, call.grant()),
        "next_cursor": None,
    },
    "events.list": _list_events,
    "events.get": _get_event,
}
