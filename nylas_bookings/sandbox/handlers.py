"""What each operation does in the sandbox: one function for each row of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from attrs import frozen

from ..models.bookings import Cancellation, Decision, NewBooking, Reschedule
from ..models.group_events import GroupEventImport, SlotToValidate
from . import (
    availability,
    bookings,
    calendar,
    configurations,
    group_events,
    sessions,
    subscriptions,
    telling,
)
from .access import Asker, configuration_of, grant_of, require_key
from .configuration_checks import refuse_unknown_zones
from .configurations import Stored
from .given import as_model, without_nulls
from .refusals import bad_request, not_found, unauthorized
from .subscriptions import Proof
from .world import World

Model = TypeVar("Model")


@frozen(kw_only=True)
class Call:
    """A call on the API, as far as the network has a say in it."""

    world: World
    asker: Asker
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    proof: Proof | None = None

    def configuration(self) -> Stored:
        """The configuration that a visitor's call is about."""
        return configuration_of(self.world, self.asker, self.query)

    def grant(self) -> str:
        """The grant in the path."""
        return grant_of(self.world, self.asker, self.ids["grant_id"])

    def of_grant(self) -> Stored:
        """The configuration in the path."""
        return configurations.of_grant(self.world, self.grant(), self.ids["configuration_id"])

    def document(self) -> dict[str, Any]:
        """The body, which has to be an object."""
        if not isinstance(self.body, dict):
            raise bad_request("error parsing request body")
        return self.body

    def model(self, cls: type[Model]) -> Model:
        """The body as a model; nulls count as not given."""
        return as_model(cls, without_nulls(self.document()), "body")

    def number(self, name: str) -> int:
        """A parameter of the query in epoch seconds."""
        text = self.query.get(name, "")
        if not (text.isascii() and text.isdigit()):
            raise bad_request(f"{name} is required, in epoch seconds")
        return int(text[:12])


def _create_booking(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    wanted = call.model(NewBooking)
    zone = call.query.get("timezone")
    refuse_unknown_zones([zone, wanted.timezone])
    booking = bookings.create(call.world, stored, wanted, zone)
    return {"data": telling.booking(call.world, booking)}


def _get_booking(call: Call) -> dict[str, Any]:
    booking = bookings.read(call.world, call.configuration(), call.ids["booking_id"])
    return {"data": telling.booking(call.world, booking)}


def _reschedule(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    booking = bookings.find(call.world, stored, call.ids["booking_id"])
    moved = bookings.reschedule(call.world, stored, booking, call.model(Reschedule))
    return {} if call.world.behaviour.strict else {"data": telling.booking(call.world, moved)}


def _decide(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    if call.document().get("status") not in ("confirmed", "cancelled"):
        raise bad_request("status must be confirmed or cancelled")
    booking = bookings.find(call.world, stored, call.ids["booking_id"])
    decided = bookings.decide(call.world, stored, booking, call.model(Decision))
    if decided.status == "cancelled" and call.world.behaviour.strict:
        return {}
    return {"data": telling.booking(call.world, decided)}


def _cancel(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    booking = bookings.find(call.world, stored, call.ids["booking_id"])
    bookings.cancel(call.world, stored, booking, call.model(Cancellation))
    return {}


def _availability(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    start, end = call.number("start_time"), call.number("end_time")
    if end <= start:
        raise bad_request("end_time must be later than start_time")
    without = None
    if booking_id := call.query.get("booking_id"):
        moved = bookings.find(call.world, stored, booking_id)
        without = f"{moved.event_id}@sandbox"
    return {"data": availability.told(call.world, stored, start, end, without)}


def _ui_settings(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    booking_id = call.query.get("booking_id")
    booking = bookings.find(call.world, stored, booking_id) if booking_id else None
    return {"data": telling.ui_settings(call.world, stored, booking)}


def _create_session(call: Call) -> dict[str, Any]:
    require_key(call.asker)
    return {"data": sessions.create(call.world, call.document())}


def _get_session(call: Call) -> dict[str, Any]:
    require_key(call.asker)
    return {"data": sessions.read(call.world, call.ids["session_id"])}


def _destroy_session(call: Call) -> dict[str, Any]:
    require_key(call.asker)
    sessions.destroy(call.world, call.ids["session_id"])
    return {}


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
    return {"data": [told] if call.world.behaviour.strict else told}


def _create_group_event(call: Call) -> dict[str, Any]:
    return _one(call, group_events.create(call.world, _group(call), call.document()))


def _update_group_event(call: Call) -> dict[str, Any]:
    stored, event_id = _group(call), call.ids["event_id"]
    return _one(call, group_events.update(call.world, stored, event_id, call.document()))


def _delete_group_event(call: Call) -> dict[str, Any]:
    group_events.delete(call.world, _group(call), call.ids["event_id"])
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


def _with_key(work: Callable[[Call], Any]) -> Callable[[Call], dict[str, Any]]:
    """For the holder of the application's key alone."""

    def handler(call: Call) -> dict[str, Any]:
        require_key(call.asker)
        return {"data": work(call)}

    return handler


def _list_events(call: Call) -> dict[str, Any]:
    found, cursor = calendar.page(call.world, call.grant(), call.query)
    return {"data": found, "next_cursor": cursor}


def _get_event(call: Call) -> dict[str, Any]:
    grant_id, event = call.grant(), calendar.event(call.world, call.ids["event_id"])
    if event is None or event["grant_id"] != grant_id:
        raise not_found()
    return {"data": event}


HANDLERS: Final[Mapping[str, Callable[[Call], dict[str, Any]]]] = {
    "bookings.create": _create_booking,
    "bookings.get": _get_booking,
    "bookings.reschedule": _reschedule,
    "bookings.confirm": _decide,
    "bookings.decline": _decide,
    "bookings.cancel": _cancel,
    "availability.get": _availability,
    "ui_settings.get": _ui_settings,
    "sessions.create": _create_session,
    "sessions.get": _get_session,
    "sessions.destroy": _destroy_session,
    "configurations.create": _create_configuration,
    "configurations.get": lambda call: {"data": call.of_grant().as_told()},
    "configurations.list": _list_configurations,
    "configurations.update": _update_configuration,
    "configurations.delete": _delete_configuration,
    "group_events.list": _list_group_events,
    "group_events.create": _create_group_event,
    "group_events.update": _update_group_event,
    "group_events.delete": _delete_group_event,
    "group_events.import_events": _import_group_events,
    "group_events.validate_timeslot": _validate_timeslot,
    "webhooks.list": _with_key(lambda call: subscriptions.all_of_them(call.world)),
    "webhooks.get": _with_key(lambda call: subscriptions.read(call.world, call.ids["webhook_id"])),
    "webhooks.create": _with_key(
        lambda call: subscriptions.create(call.world, call.document(), call.proof)
    ),
    "webhooks.update": _with_key(
        lambda call: subscriptions.update(
            call.world, call.ids["webhook_id"], call.document(), call.proof
        )
    ),
    "webhooks.delete": _with_key(
        lambda call: subscriptions.delete(call.world, call.ids["webhook_id"])
    ),
    "webhooks.rotate_secret": _with_key(
        lambda call: subscriptions.rotate_secret(call.world, call.ids["webhook_id"])
    ),
    "calendars.list": lambda call: {
        "data": calendar.calendars(call.world, call.grant()),
        "next_cursor": None,
    },
    "events.list": _list_events,
    "events.get": _get_event,
}
