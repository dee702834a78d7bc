"""A sandbox with something of everything in it, and its description with those ids in it."""

from __future__ import annotations

import copy
from typing import Any

from attrs import define, field

from nylas_bookings.sandbox import Sandbox

from ..calls import BOOKINGS, Raw, slot, wanted

_SLOTS = {
    "NewBooking": [slot(number) for number in range(8)],
    "Rescheduling": [slot(number) for number in range(96, 104)],
    "SlotToValidate": [slot(90)],
}
_END_OF = {times["start_time"]: times["end_time"] for slots in _SLOTS.values() for times in slots}
_NEVER_MISSED = ("delete", "session_id")
_CAN_BE_BOOKED = {
    "participants": {"enum": [[], None, [{"email": "host@example.com"}]]},
    "additional_fields": {"type": ["object", "null"], "maxProperties": 0},
    "timezone": {"enum": ["Europe/Berlin", "UTC", None]},
}
_DECIDE_NOTHING = (
    ("SchedulerSettings", "notetaker_settings"),
    ("SchedulerSettings", "email_template"),
    ("EventBooking", "conferencing"),
    ("GroupBooking", "conferencing"),
    ("NewGroupEvent", "conferencing"),
    ("GroupEventChanges", "conferencing"),
)
_NOBODY = "http://127.0.0.1:9/"
_TRIGGERS = ["booking.created", "booking.rescheduled", "booking.cancelled"]


@define
class Known:
    """The ids of what is there.

    Attributes:
        ids: By the name of a parameter; of events, `event_id` is one for guests to join.
        salts: By the id of a booking, what lets the organizer confirm or decline it.
        configuration_of: By the id of a booking, the configuration that it is one of.
    """

    sandbox: Sandbox
    group: str = ""
    ids: dict[str, list[str]] = field(factory=dict)
    salts: dict[str, str] = field(factory=dict)
    configuration_of: dict[str, str] = field(factory=dict)

    @property
    def configurations(self) -> list[str]:
        """All of the configurations."""
        sandbox = self.sandbox
        return [sandbox.public, sandbox.private, sandbox.confirming, self.group]


async def known(sandbox: Sandbox) -> Known:
    """Make something of everything."""
    made, raw, key = Known(sandbox), Raw(sandbox), {"key": sandbox.api_key}
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations"
    body = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}
    made.group = (await raw("POST", path, body, **key)).told["data"]["id"]
    meeting = {"calendar_id": "primary", "capacity": 500, "title": "Yoga", "when": slot(90)}
    yoga = _id(await raw("POST", f"{path}/{made.group}/group-events", meeting, **key))
    of_group = {**wanted(90), "event_id": yoga}
    joined = await raw("POST", BOOKINGS, of_group, configuration_id=made.group)
    booked = [await raw.book(number) for number in (48, 49, 50)]
    waiting = [
        await raw("POST", BOOKINGS, wanted(n), configuration_id=sandbox.confirming)
        for n in (51, 52)
    ]
    session = await raw(
        "POST", "/v3/scheduling/sessions", {"configuration_id": sandbox.private}, **key
    )
    hook = {"trigger_types": _TRIGGERS, "webhook_url": _NOBODY}
    webhook = await raw("POST", "/v3/webhooks", hook, **key)
    bookings = [answer.told["data"] for answer in (*booked, *waiting, joined)]
    made.salts = {row["id"]: row["salt"] for row in sandbox.bookings()}
    made.configuration_of = {row["id"]: row["configuration_id"] for row in sandbox.bookings()}
    made.ids = {
        "grant_id": [sandbox.grant_id, sandbox.organizer_email],
        "booking_id": [booking["booking_id"] for booking in bookings],
        "event_id": [yoga, bookings[0]["event_id"]],
        "session_id": [session.told["data"]["session_id"], "none"],
        "webhook_id": [_id(webhook)],
        "calendar_id": ["primary", sandbox.organizer_email],
    }
    return made


def _id(answer: Any) -> str:
    data = answer.told["data"]
    return str((data[0] if isinstance(data, list) else data)["id"])


def with_known_ids(
    document: dict[str, Any], found: Known, *, named: bool, briefly: bool
) -> dict[str, Any]:
    """The description, narrowed to what is there: otherwise every guess would end in 404.

    Who has a session need not name a configuration, and all others have to.
    """
    document = copy.deepcopy(document)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for parameter in operation["parameters"]:
                if (method, parameter["name"]) != _NEVER_MISSED:
                    _narrow(parameter, path, found, named=named)
    schemas = document["components"]["schemas"]
    schemas["NewWebhookSubscription"]["properties"]["webhook_url"] = {"enum": [_NOBODY]}
    schemas["WebhookSubscriptionChanges"]["properties"]["webhook_url"] = {"enum": [_NOBODY, None]}
    schemas["WebhookSubscriptionChanges"]["properties"]["webhook_url"]["enum"].append(None)
    schemas["Decision"]["properties"]["salt"] = {"enum": list(found.salts.values())}
    for model in ("NewBooking", "Rescheduling"):
        schemas[model]["properties"] |= _CAN_BE_BOOKED
    for model, slots in _SLOTS.items():
        for name in ("start_time", "end_time"):
            schemas[model]["properties"][name] = {"enum": [times[name] for times in slots]}
    for name, setting in _DECIDE_NOTHING if briefly else ():
        del schemas[name]["properties"][setting]
    return document


def _narrow(parameter: dict[str, Any], path: str, found: Known, *, named: bool) -> None:
    name = parameter["name"]
    if name == "configuration_id":
        ids = [found.group] if "group-events" in path else found.configurations
        parameter |= {"schema": {"enum": ids}, "required": parameter["required"] or named}
    elif name in found.ids and parameter["required"]:
        parameter["schema"] = {"enum": found.ids[name]}


def in_keeping(found: Known, case: Any) -> Any:
    """A case whose times, ids and salt go together; left alone where they are meant to be wrong."""
    body = case.body if isinstance(case.body, dict) else {}
    if body.get("start_time") in [*_END_OF] and body.get("end_time") in [*_END_OF.values()]:
        body["end_time"] = _END_OF[body["start_time"]]
    booking_id = (case.path_parameters or {}).get("booking_id")
    query = case.query or {}
    named = query.get("configuration_id") in found.configurations
    if named and booking_id in [*found.configuration_of]:
        query["configuration_id"] = found.configuration_of[booking_id]
        if body.get("salt") in [*found.salts.values()]:
            body["salt"] = found.salts[booking_id]
    return case
