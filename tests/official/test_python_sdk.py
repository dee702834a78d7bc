"""The official Python SDK books, reschedules, confirms, declines and cancels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nylas
import pytest
import requests
from nylas.models.scheduler import BookingGuest, CreateBookingRequest

from nylas_bookings.sandbox import Sandbox

from ..sandbox.calls import slot, wanted


def test_a_booking_from_its_beginning_to_its_end(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """With a key and a configuration: create, find, reschedule, destroy."""
    of_public = {"configuration_id": sandbox.public}
    bookings = sdk.scheduler.bookings
    booked = bookings.create(wanted(), of_public)
    assert booked.data.status == "booked"
    assert booked.data.organizer.email == sandbox.organizer_email
    assert booked.headers["X-Request-Id"] == booked.request_id
    booking_id = booked.data.booking_id
    assert bookings.find(booking_id, of_public).data == booked.data
    moved = bookings.reschedule(booking_id, slot(3), of_public)
    assert moved.data.booking_id == booking_id
    assert sandbox.bookings()[0]["start"] == slot(3)["start_time"]
    cancelled = bookings.destroy(booking_id, {"cancellation_reason": "Ill"}, of_public)
    assert cancelled.request_id
    assert bookings.find(booking_id, of_public).data.status == "cancelled"
    assert sandbox.events() == []


def test_a_session_stands_where_the_key_does(
    sandbox: Sandbox, sdk: nylas.Client, sdk_with: Callable[[str], nylas.Client]
) -> None:
    """A private configuration is booked with the id of a session as the key, and no query."""
    asked = {"configuration_id": sandbox.private, "time_to_live": 30}
    session_id = sdk.scheduler.sessions.create(asked).data.session_id
    bookings = sdk_with(session_id).scheduler.bookings
    booking_id = bookings.create(wanted()).data.booking_id
    assert bookings.reschedule(booking_id, slot(1)).data.status == "booked"
    assert bookings.find(booking_id).data.title == "Private call"
    assert bookings.destroy(booking_id, {}).request_id
    assert sdk.scheduler.sessions.destroy(session_id).request_id


@pytest.mark.parametrize(
    ("status", "becomes"), [("confirmed", "booked"), ("cancelled", "cancelled")]
)
def test_the_organizer_decides(
    sandbox: Sandbox, sdk: nylas.Client, status: str, becomes: str
) -> None:
    """A booking that waits is confirmed or declined with its salt."""
    of_confirming = {"configuration_id": sandbox.confirming}
    bookings = sdk.scheduler.bookings
    waiting = bookings.create(wanted(), of_confirming).data
    assert (waiting.status, waiting.title) == ("pending", "[PENDING] By appointment")
    decision = {"status": status, "salt": sandbox.bookings()[0]["salt"]}
    decided = bookings.confirm(waiting.booking_id, decision, of_confirming)
    assert (decided.data.status, decided.data.title) == (becomes, "By appointment")
    assert sandbox.bookings()[0]["status"] == becomes


def test_what_its_models_leave_out_they_send_as_null(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """A request made of the SDK's own models is taken, nulls and all."""
    guest = BookingGuest(name="Zoë Ünal", email="zoe@example.com")
    request = CreateBookingRequest(**slot(), guest=guest).to_dict()
    assert request["additional_fields"] is None
    sdk.scheduler.bookings.create(request, {"configuration_id": sandbox.public})
    assert sandbox.bookings()[0]["document"]["guest"]["name"] == "Zoë Ünal"


def test_a_booking_is_found_in_the_calendar(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """Whoever lost the answer finds the event by time and configuration."""
    sdk.scheduler.bookings.create(wanted(), {"configuration_id": sandbox.public})
    sdk.scheduler.bookings.create(wanted(1), {"configuration_id": sandbox.confirming})
    (calendar,) = sdk.calendars.list(sandbox.grant_id).data
    assert calendar.is_primary
    asked = {
        "calendar_id": calendar.id,
        "start": slot()["start_time"],
        "end": slot(4)["end_time"],
        "metadata_pair": {"key5": sandbox.public},
    }
    (event,) = sdk.events.list(sandbox.grant_id, asked).data
    assert event.when.start_time == slot()["start_time"]
    assert event.metadata["source"] == "scheduler"
    assert {person.email for person in event.participants} == {
        sandbox.organizer_email,
        "jane@example.com",
    }
    assert sdk.events.find(sandbox.grant_id, event.id, {"calendar_id": calendar.id}).data == event


def _post(sandbox: Sandbox, path: str, body: Any) -> Any:
    """What the SDK has no method for."""
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    answer = requests.post(sandbox.url + path, json=body, headers=headers, timeout=10)
    return answer.json()["data"]


def test_group_events_are_in_the_calendar(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """Group events, made and imported, are listed and found among the others."""
    grant = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations"
    kind = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}
    group = _post(sandbox, grant, kind)["id"]
    taken = sandbox.add_event(sandbox.organizer_email, *slot(4).values(), title="Judo")
    when, daily = slot(), ["RRULE:FREQ=DAILY;COUNT=3"]
    yoga = {"calendar_id": "primary", "capacity": 2, "title": "Yoga", "when": when}
    made = _post(sandbox, f"{grant}/{group}/group-events", {**yoga, "recurrence": daily})["id"]
    imported = [{"calendar_id": "primary", "event_id": taken}]
    _post(sandbox, f"/v3/scheduling/configurations/{group}/import-group-events", imported)
    asked = {"calendar_id": "primary", "metadata_pair": {"key5": group}}
    found = sdk.events.list(sandbox.grant_id, asked).data
    assert [(event.id, event.busy) for event in found] == [(made, True), (taken, True)]
    around = {"start": when["start_time"], "end": when["end_time"] + 2 * 86400}
    expanded = {"calendar_id": "primary", "expand_recurring": True, **around}
    listed = sdk.events.list(sandbox.grant_id, expanded).data
    assert [event.master_event_id for event in listed] == [made, None, made, made]
    for event in (*found, *listed):
        read = sdk.events.find(sandbox.grant_id, event.id, {"calendar_id": "primary"}).data
        assert read == event


def test_the_events_come_in_pages(sandbox: Sandbox, sdk: nylas.Client) -> None:
    """The cursor of one page of events leads to the next."""
    for number in range(3):
        sdk.scheduler.bookings.create(wanted(number), {"configuration_id": sandbox.public})
    asked = {"calendar_id": "primary", "limit": 2}
    first = sdk.events.list(sandbox.grant_id, asked)
    second = sdk.events.list(sandbox.grant_id, asked | {"page_token": first.next_cursor})
    assert (len(first.data), len(second.data), second.next_cursor) == (2, 1, None)


def test_a_base_url_may_end_with_a_slash(sandbox: Sandbox) -> None:
    """The SDK makes two slashes of it, which are overlooked."""
    sdk = nylas.Client(sandbox.api_key, f"{sandbox.url}/")
    assert sdk.scheduler.configurations.list(sandbox.grant_id).data
