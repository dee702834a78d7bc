"""The official booking component copes with each kind of configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nylas
import pytest

from nylas_bookings.sandbox import Sandbox

from ..waiting import until
from .booking_page import BookingPage, booked, slot

Visit = Callable[..., BookingPage]

FIELDS = {
    "company": "text",
    "notes": "multi_line_text",
    "work_email": "email",
    "phone": "phone_number",
    "size": "dropdown",
    "since": "date",
    "agreed": "checkbox",
    "shift": "radio_button",
    "campaign": "metadata",
}


def _field(number: int, name: str, kind: str) -> dict[str, Any]:
    options = {"options": ["Small", "Large"]} if kind in ("dropdown", "radio_button") else {}
    default = {"default": "autumn"} if kind == "metadata" else {}
    required = name == "company"
    asked = {"label": f"The {name}", "type": kind, "required": required, "order": number}
    return asked | options | default


@pytest.fixture
def asking(live: Sandbox) -> str:
    """A configuration that asks for a field of each type."""
    fields = {name: _field(i, name, kind) for i, (name, kind) in enumerate(FIELDS.items())}
    changes = {"scheduler": {"additional_fields": fields}}
    sdk = nylas.Client(live.api_key, live.url)
    sdk.scheduler.configurations.update(live.grant_id, live.public, changes)
    return live.public


def test_a_field_of_each_type_is_filled(visit: Visit, live: Sandbox, asking: str) -> None:
    """All answers arrive as texts, and the one that is never asked with its default."""
    visitor = visit(configuration_id=asking)
    visitor.choose(slot(10))
    visitor.fill()
    answers = {
        "company": "Exämple",
        "notes": "Two\nlines",
        "work_email": "work@example.com",
        "phone": "+33123456789",
        "since": "2026-12-01",
    }
    for name, answer in answers.items():
        visitor.textbox(f"The {name}").fill(answer)
    visitor.button("size").click()
    visitor.page.get_by_role("option", name="Large").click()
    visitor.page.get_by_role("checkbox", name="The agreed").check()
    visitor.page.get_by_role("radio", name="Large").check()
    visitor.button("Book now").click()
    visitor.shows("Booking confirmed!")
    chosen = {"size": "Large", "agreed": "true", "shift": "Large", "campaign": "autumn"}
    assert live.bookings()[0]["document"]["additional_fields"] == answers | chosen


def test_what_may_be_left_out_is_sent_empty(visit: Visit, live: Sandbox, asking: str) -> None:
    """The component insists on what is required, and sends the rest as empty texts."""
    visitor = visit(configuration_id=asking)
    visitor.choose(slot(10))
    visitor.fill()
    visitor.button("Book now").click()
    visitor.shows("The company is required.")
    assert live.bookings() == []
    visitor.textbox("The company").fill("Example")
    visitor.button("Book now").click()
    visitor.shows("Booking confirmed!")
    answers = live.bookings()[0]["document"]["additional_fields"]
    assert set(answers) == set(FIELDS)
    assert {name for name, answer in answers.items() if answer} == {"company", "shift", "campaign"}


def _in_turn(live: Sandbox) -> None:
    """From now on, Ada and Bob take turns in the public configuration."""
    live.add_host("bob@example.com", name="Bob")
    of_public = nylas.Client(live.api_key, live.url).scheduler.configurations
    first = of_public.find(live.grant_id, live.public).data.to_dict()
    ada = first["participants"][0] | {"is_organizer": False}
    rules = {"availability_method": "max-availability"}
    changes = {
        "participants": [ada, ada | {"email": "bob@example.com", "name": "Bob"}],
        "availability": first["availability"] | {"availability_rules": rules},
    }
    of_public.update(live.grant_id, live.public, changes)


def test_round_robin_books_the_one_whose_turn_it_is(visit: Visit, live: Sandbox) -> None:
    """The component asks for the first host of the order, who then has the event alone."""
    _in_turn(live)
    before = booked(live, live.public, slot(10))["hosts"]
    (turn,) = {"bob@example.com", live.organizer_email} - {before}
    visitor = visit(configuration_id=live.public)
    with visitor.page.expect_request(lambda request: request.method == "POST") as sent:
        visitor.book(slot(10))
    visitor.shows("Booking confirmed!")
    assert sent.value.post_data_json["participants"] == [{"email": turn}]
    booking = live.bookings()[1]
    assert booking["hosts"] == turn
    copies = [event for event in live.events() if event["id"].startswith(booking["event_id"])]
    assert len(copies) == 1


def test_round_robin_is_rescheduled_to_who_has_time(visit: Visit, live: Sandbox) -> None:
    """The component asks for another host and tells the guest anew, and both are taken."""
    _in_turn(live)
    first = booked(live, live.public, slot(10), participants=[{"email": live.organizer_email}])
    live.add_event(live.organizer_email, *slot(14).times.values())
    visitor = visit(reschedule_booking_ref=first["booking_ref"])
    visitor.choose(slot(14))
    until(lambda: visitor.textbox("Name*").input_value() == "Jane")
    visitor.textbox("Name*").fill("June")
    visitor.button("Book now").click()
    visitor.shows("Booking rescheduled!")
    (booking,) = live.bookings()
    assert booking["hosts"] == booking["document"]["organizer"]["email"] == "bob@example.com"
    assert booking["document"]["guest"] == {"name": "June", "email": "jane@example.com"}
    owners = {event["id"]: event["organizer"]["email"] for event in live.events()}
    assert owners[booking["event_id"]] == "bob@example.com"


@pytest.fixture
def yoga(live: Sandbox) -> str:
    """A group configuration with one event for two guests."""
    group = {
        "type": "group",
        "name": "Yoga",
        "group_booking": {"calendar_id": "primary", "booking_type": "booking"},
    }
    event = {
        "calendar_id": "primary",
        "capacity": 2,
        "title": "Yoga on the roof",
        "when": slot(10).times,
    }
    http = nylas.Client(live.api_key, live.url).http_client
    root = f"/v3/grants/{live.grant_id}/scheduling/configurations"
    made, _ = http._execute("POST", root, request_body=group)
    configuration_id = str(made["data"]["id"])
    http._execute("POST", f"{root}/{configuration_id}/group-events", request_body=event)
    return configuration_id


def _join(visitor: BookingPage) -> None:
    visitor.turn_to(slot(10))
    visitor.button(slot(10).time, exact=False).click()
    visitor.button("Next").click()


def test_a_guest_joins_a_group_event(visit: Visit, live: Sandbox, yoga: str) -> None:
    """The page shows what is left, asks whether the place is still there, and takes it."""
    visitor = visit(configuration_id=yoga)
    _join(visitor)
    visitor.fill()
    visitor.button("Book now").click()
    visitor.shows("Booking confirmed!")
    (event,) = live.events()
    assert event["title"] == "Yoga on the roof"
    assert "jane@example.com" in {person["email"] for person in event["participants"]}
    assert any(line.endswith("validate-timeslot") for line in visitor.asked)
    visitor.open(configuration_id=yoga)
    visitor.turn_to(slot(10))
    visitor.shows("1 spot")


def test_a_group_event_that_filled_up_meanwhile(visit: Visit, live: Sandbox, yoga: str) -> None:
    """The last place is gone when the guest asks for it: the page says so, and books nothing."""
    visitor = visit(configuration_id=yoga)
    visitor.turn_to(slot(10))
    (event,) = live.events()
    for _ in range(2):
        booked(live, yoga, slot(10), event_id=event["id"])
    _join(visitor)
    visitor.shows("Event is full")
    assert len(live.bookings()) == 2
