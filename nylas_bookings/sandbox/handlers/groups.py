"""Group events: of a grant's configuration, or of one that is named without its grant."""

from __future__ import annotations

from typing import Any, Final

from ...models.group_events import GroupEventImport, SlotToValidate
from .. import configurations, group_events, regrouping
from ..access import require_key
from ..configurations import Stored
from ..given import as_model, without_nulls
from ..refusals import bad_request, not_found, unauthorized
from .call import Call, Handler


def _group(call: Call) -> Stored:
    return _for_groups(call.of_grant())


def _for_groups(stored: Stored) -> Stored:
    if not stored.is_group:
        raise bad_request("this is not a group configuration")
    return stored


def _list_group_events(call: Call) -> dict[str, Any]:
    stored, calendar_id = _group(call), call.query.get("calendar_id")
    start, end = call.number("start_time"), call.number("end_time")
    return {
        "data": group_events.page(call.world, stored, calendar_id, start, end),
        "next_cursor": None,
    }


def _one(call: Call, told: dict[str, Any]) -> dict[str, Any]:
    """One thing: the contract's schemas have a list around it, its examples and clients do not."""
    return {"data": [told] if call.world.behaviour.effective.lists_of_one else told}


def _create_group_event(call: Call) -> dict[str, Any]:
    return _one(call, group_events.create(call.world, _group(call), call.document()))


def _update_group_event(call: Call) -> dict[str, Any]:
    stored, event_id = _group(call), call.ids["event_id"]
    return _one(call, regrouping.update(call.world, stored, event_id, call.document()))


def _delete_group_event(call: Call) -> dict[str, Any]:
    regrouping.delete(call.world, _group(call), call.ids["event_id"])
    return {}


def _import_group_events(call: Call) -> dict[str, Any]:
    stored = _group(call) if "grant_id" in call.ids else _by_key(call)
    wanted = call.body if isinstance(call.body, list) else [call.document()]
    if not 1 <= len(wanted) <= 20:
        raise bad_request("from 1 to 20 events can be imported at a time")
    events = as_model(list[GroupEventImport], without_nulls(wanted), "body")
    made = [group_events.import_one(call.world, stored, event) for event in events]
    report = {
        "imported_events": [item for item in made if "reason" not in item],
        "import_failed": [item for item in made if "reason" in item],
    }
    return _one(call, report)


def _by_key(call: Call) -> Stored:
    require_key(call.asker)
    return _named_in_path(call)


def _named_in_path(call: Call) -> Stored:
    stored = configurations.by_id(call.world, call.ids["configuration_id"])
    if stored is None:
        raise not_found()
    return _for_groups(stored)


def _validate_timeslot(call: Call) -> dict[str, Any]:
    stored = _named_in_path(call)
    may = call.asker.kind == "key" or call.asker.configuration_id == stored.id
    if stored.is_private and not may:
        raise unauthorized()
    slot = as_model(SlotToValidate, {"calendar_id": "", **without_nulls(call.document())}, "body")
    start, end = int(slot.start_time.timestamp()), int(slot.end_time.timestamp())
    group_events.place_in(call.world, stored, slot.event_id, start, end)
    return {}


HANDLERS: Final[dict[str, Handler]] = {
    "group_events.list": _list_group_events,
    "group_events.create": _create_group_event,
    "group_events.update": _update_group_event,
    "group_events.delete": _delete_group_event,
    "group_events.import_events": _import_group_events,
    "group_events.validate_timeslot": _validate_timeslot,
}
