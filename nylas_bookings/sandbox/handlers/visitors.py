"""What those who book can ask: bookings, availability, and the settings of the page."""

from __future__ import annotations

from typing import Any, Final

from ...models.bookings import Cancellation, Decision, NewBooking
from .. import availability, booked, bookings, calendar, telling
from ..configuration_checks import refuse_unknown_zones
from ..refusals import bad_request
from ..rescheduling import Rescheduling
from .call import Call, Handler


def _create_booking(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    wanted = call.model(NewBooking)
    zone = call.query.get("timezone")
    refuse_unknown_zones([zone, wanted.timezone])
    booking = bookings.create(call.world, stored, wanted, zone)
    return {"data": telling.booking(call.world, booking)}


def _get_booking(call: Call) -> dict[str, Any]:
    booking = booked.read(call.world, call.configuration(), call.ids["booking_id"])
    return {"data": telling.booking(call.world, booking)}


def _reschedule(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    booking = booked.find(call.world, stored, call.ids["booking_id"])
    wanted = call.model(Rescheduling)
    refuse_unknown_zones([wanted.timezone])
    moved = bookings.reschedule(call.world, stored, booking, wanted)
    if not call.world.behaviour.effective.reschedule_data:
        return {}
    return {"data": telling.booking(call.world, moved)}


def _decide(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    if call.document().get("status") not in ("confirmed", "cancelled"):
        raise bad_request("status must be confirmed or cancelled")
    booking = booked.find(call.world, stored, call.ids["booking_id"])
    decided = bookings.decide(call.world, stored, booking, call.model(Decision))
    if decided.status == "cancelled" and not call.world.behaviour.effective.decline_data:
        return {}
    return {"data": telling.booking(call.world, decided)}


def _cancel(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    booking = booked.find(call.world, stored, call.ids["booking_id"])
    bookings.cancel(call.world, stored, booking, call.model(Cancellation))
    return {}


def _availability(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    start, end = call.number("start_time"), call.number("end_time")
    if end <= start:
        raise bad_request("end_time must be later than start_time")
    without = None
    if booking_id := call.query.get("booking_id"):
        moved = booked.find(call.world, stored, booking_id)
        without = calendar.ical_uid(moved.event_id)
    return {"data": availability.told(call.world, stored, start, end, without)}


def _ui_settings(call: Call) -> dict[str, Any]:
    stored = call.configuration()
    booking_id = call.query.get("booking_id")
    booking = booked.find(call.world, stored, booking_id) if booking_id else None
    return {"data": telling.ui_settings(call.world, stored, booking)}


HANDLERS: Final[dict[str, Handler]] = {
    "bookings.create": _create_booking,
    "bookings.get": _get_booking,
    "bookings.reschedule": _reschedule,
    "bookings.confirm": _decide,
    "bookings.decline": _decide,
    "bookings.cancel": _cancel,
    "availability.get": _availability,
    "ui_settings.get": _ui_settings,
}
