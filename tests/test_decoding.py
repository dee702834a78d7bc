"""Successes as results: every documented shape, and the shapes that clients are known to meet."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from nylas_bookings import models
from nylas_bookings._wire.answers import decode
from nylas_bookings.operations import OPERATIONS

from .documented_answers import (
    BOOKED,
    BOOKING,
    CONFIGURATION,
    DATA,
    END,
    ENDS,
    GROUP_CONFIGURATION,
    GROUP_EVENT,
    IMPORT,
    SLOT,
    START,
    STARTS,
    answer,
    read,
    without,
)

RESULTS = sorted({operation.result for operation in OPERATIONS})


@pytest.mark.parametrize("result", RESULTS)
def test_every_kind_of_result_has_its_reader(result: str) -> None:
    """The documented answer of every operation is read, and its request id kept."""
    got = read(DATA[result], result, "subject")
    name = result.partition("[")[0].removeprefix("Any")
    assert type(got).__name__ == name
    assert got.request_id == "req-1"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_success(status: int) -> None:
    """The documentation says 200, but every 2xx is a success."""
    assert decode(answer({"request_id": "req-1", "data": BOOKING}, status), "Booking") == BOOKED


def test_a_booking() -> None:
    """A booking has what is documented, and what the API is seen to send besides."""
    besides = {"booking_ref": "ref", "location": "Room 1", "start_time": "2026-01-01", "x": [1]}
    organizer = BOOKING["organizer"] | {"is_organizer": True}
    got = read(BOOKING | besides | {"organizer": organizer}, "Booking")
    assert got == attrs.evolve(
        BOOKED,
        booking_ref="ref",
        location="Room 1",
        organizer=attrs.evolve(BOOKED.organizer, is_organizer=True),
    )


@pytest.mark.parametrize("status", ["booked", "pending", "cancelled", "confirmed", "canceled", "?"])
def test_a_status_that_is_new_stays_a_text(status: str) -> None:
    """A word that the documentation does not have is no failure."""
    assert read(BOOKING | {"status": status}, "Booking").status == status


@pytest.mark.parametrize(
    ("body", "booking_id", "booking"),
    [
        (b"", "b-0", None),
        (b" \n", "b-0", None),
        ({"request_id": "req-1"}, "b-0", None),
        ({"request_id": "req-1", "data": None}, "b-0", None),
        ({"request_id": "req-1", "data": {}}, "b-0", None),
        ({"request_id": "req-1", "data": {"booking_id": None}}, "b-0", None),
        ({"request_id": "req-1", "data": {"booking_id": "b-1"}}, "b-1", None),
        ({"request_id": "req-1", "data": BOOKING | {"title": None}}, "b-1", None),
        ({"request_id": "req-1", "data": BOOKING}, "b-1", BOOKED),
    ],
    ids=str,
)
def test_a_receipt_for_a_booking(body: Any, booking_id: str, booking: models.Booking) -> None:
    """A change is answered with or without the booking, whose id may be new: the receipt has it."""
    got = decode(answer(body, X_Request_Id="req-1"), "BookingReceipt", "b-0")
    assert got == models.BookingReceipt(booking_id=booking_id, booking=booking, request_id="req-1")


@pytest.mark.parametrize("body", [b"", {"request_id": "req-1"}, {"request_id": 5, "data": [1]}])
def test_a_receipt(body: Any) -> None:
    """Whatever a success says besides, and be it nothing, a receipt is a yes."""
    assert decode(answer(body, x_request_id="req-1"), "Receipt") == models.Receipt(
        request_id="req-1"
    )


@pytest.mark.parametrize(
    ("data", "slots"),
    [
        ({"time_slots": [SLOT]}, (("host@example.com",),)),
        ({"time_slots": [SLOT | {"emails": None}, without(SLOT, "emails")]}, ((), ())),
        ({"time_slots": None, "order": None}, ()),
        ({"time_slots": []}, ()),
        ({}, ()),
    ],
    ids=str,
)
def test_availability(data: Any, slots: tuple[tuple[str, ...], ...]) -> None:
    """Slots are moments with hosts; null means none, of both."""
    got = read(data, "Availability")
    assert tuple(slot.emails for slot in got.time_slots) == slots
    assert all((s.start_time, s.end_time) == (STARTS, ENDS) for s in got.time_slots)


def test_a_slot_of_a_group() -> None:
    """A slot of a group configuration names the event to join."""
    ids = {"event_id": "e", "master_id": "m", "calendar_id": "c", "capacity": 5, 'event_id"': "t"}
    slot = read({"time_slots": [SLOT | ids]}, "Availability").time_slots[0]
    assert (slot.event_id, slot.master_id, slot.calendar_id, slot.capacity) == ("e", "m", "c", 5)


@pytest.mark.parametrize("times", [(START, END), (str(START), str(END))])
def test_times_as_numbers_or_digits(times: tuple[Any, Any]) -> None:
    """Epoch seconds are read from numbers, and from texts of digits."""
    slot = dict(zip(("start_time", "end_time"), times, strict=True))
    got = read({"time_slots": [slot]}, "Availability").time_slots[0]
    assert (got.start_time, got.end_time) == (STARTS, ENDS)


def test_a_configuration() -> None:
    """A configuration keeps null, absent and empty apart, and has its id."""
    got = read(CONFIGURATION, "AnyConfiguration")
    assert isinstance(got, models.Configuration)
    assert (got.id, got.slug, got.type) == ("cfg-1", None, None)
    assert got.event_booking.notify_participants is models.UNSET
    assert got.event_booking.disable_emails is None
    assert got.event_booking.description == ""
    assert got.participants[0].availability.open_hours[0].days == (0, 1)
    assert got.scheduler.additional_fields["company"].label == "Company"


@pytest.mark.parametrize(
    "data",
    [
        GROUP_CONFIGURATION,
        GROUP_CONFIGURATION | {"participants": None, "availability": None, "event_booking": None},
        GROUP_CONFIGURATION | {"participants": [], "event_booking": {"title": ""}},
        without(GROUP_CONFIGURATION, "type"),
    ],
    ids=str,
)
def test_a_group_configuration(data: Any) -> None:
    """The type or the group booking tells a group configuration, whatever else is there."""
    got = read(data, "AnyConfiguration")
    assert isinstance(got, models.GroupConfiguration)
    assert got.group_booking.default_capacity == 10


def test_an_id_in_capitals() -> None:
    """Some examples of the documentation write `ID`."""
    data = without(CONFIGURATION, "id") | {"ID": "cfg-1"}
    got = read(data, "AnyConfiguration")
    assert (got.id, got.extra) == ("cfg-1", {})


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(("cursor", "expected"), [("c-2", "c-2"), (None, None), ("", None)])
def test_a_page(inside: bool, cursor: str | None, expected: str | None) -> None:
    """A page is a list with a cursor beside it, or an object with both."""
    items = DATA["Page[AnyConfiguration]"]
    body = {"data": items, "next_cursor": cursor}
    got = decode(
        answer({"data": {**body, "items": items}} if inside else body), "Page[AnyConfiguration]"
    )
    assert [item.id for item in got] == ["cfg-1", "cfg-2"]
    assert got.next_cursor == expected


@pytest.mark.parametrize("data", [[], None])
def test_an_empty_page(data: Any) -> None:
    """A list may be empty, or null."""
    assert read(data, "Page[WebhookSubscription]").items == ()


INFO = {"event_id": "e-1", "calendar_id": "primary", "capacity": 10, "booked": True}


@pytest.mark.parametrize(
    "data",
    [
        GROUP_EVENT,
        [GROUP_EVENT],
        without(GROUP_EVENT, "id") | {"ID": "e-1"},
        GROUP_EVENT | {"when": [GROUP_EVENT["when"]]},
        {"event": without(GROUP_EVENT, "capacity"), "group_event_info": INFO},
    ],
    ids=["plain", "in a list", "ID", "when in a list", "event and info"],
)
def test_a_group_event(data: Any) -> None:
    """A group event is read from any of the shapes that the documentation shows."""
    got = read(data, "GroupEvent")
    assert (got.id, got.calendar_id, got.title, got.capacity) == ("e-1", "primary", "Class", 10)
    assert (got.when.start_time, got.when.end_time) == (STARTS, ENDS)
    assert got.participants[0].is_organizer


@pytest.mark.parametrize("data", [IMPORT, [IMPORT], IMPORT | {"imported_events": ["e-1"]}])
def test_an_import(data: Any) -> None:
    """The report of an import is read plain or in a list, with events or their ids."""
    assert read(data, "ImportReport") == models.ImportReport(
        imported_events=(models.ImportedEvent(event_id="e-1"),),
        import_failed=(models.ImportFailure(event_id="e-2", reason="Event already imported"),),
        request_id="req-1",
    )
