"""The official booking component books, reschedules and cancels in a browser, from another site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import nylas

from nylas_bookings.sandbox import Fault, Sandbox

from ..waiting import until
from .booking_page import BookingPage, booked, slot
from .receiver import answering_challenges
from .site import Site

Visit = Callable[..., BookingPage]


def _key(sandbox: Sandbox) -> nylas.Client:
    return nylas.Client(sandbox.api_key, sandbox.url)


def _only(sandbox: Sandbox) -> dict[str, Any]:
    """The one booking that there is."""
    (booking,) = sandbox.bookings()
    return booking


def test_a_public_configuration_is_booked(visit: Visit, live: Sandbox) -> None:
    """By its id: the card shows the booking, and event, mails and notification are there."""
    with answering_challenges() as receiver:
        hook = {"trigger_types": ["booking.created"], "webhook_url": f"{receiver.url}/hook"}
        _key(live).webhooks.create(hook)
        visitor = visit(configuration_id=live.public)
        visitor.book(slot(10))
        visitor.shows("Booking confirmed!")
        until(lambda: [delivery["state"] for delivery in live.deliveries()] == ["delivered"])
        assert receiver.last().json()["type"] == "booking.created"
    booking = _only(live)
    assert (booking["status"], booking["start"]) == ("booked", slot(10).times["start_time"])
    assert booking["document"]["guest"] == {"name": "Jane", "email": "jane@example.com"}
    assert [event["id"] for event in live.events()] == [booking["event_id"]]
    assert "jane@example.com" in {mail["recipient"] for mail in live.outbox()}
    (told,) = visitor.told("bookedEventInfo")
    assert told["data"]["booking_ref"] == booking["booking_ref"]


def test_a_public_configuration_is_booked_by_slug(visit: Visit, live: Sandbox) -> None:
    """Slug and client id do as well, and the client id goes into a header."""
    visitor = visit(slug="introduction", client_id=live.client_id)
    visitor.book(slot(10, 30))
    visitor.shows("Booking confirmed!")
    assert _only(live)["configuration_id"] == live.public


def test_a_private_configuration_is_booked_with_a_session(visit: Visit, live: Sandbox) -> None:
    """The session is the bearer token, and no configuration is named."""
    asked = {"configuration_id": live.private}
    visitor = visit(session_id=_key(live).scheduler.sessions.create(asked).data.session_id)
    visitor.book(slot(11))
    visitor.shows("Booking confirmed!")
    assert _only(live)["configuration_id"] == live.private


def test_a_booking_is_rescheduled_from_its_card(visit: Visit, live: Sandbox) -> None:
    """Its own time counts as free meanwhile, and the form has the guest in it already."""
    visitor = visit(configuration_id=live.public)
    visitor.book(slot(10))
    visitor.shows("Booking confirmed!")
    visitor.press("Reschedule", visitor.page.get_by_text("Choose another time slot").is_visible)
    visitor.choose(slot(14))
    until(lambda: visitor.textbox("Name*").input_value() == "Jane")
    visitor.button("Book now").click()
    visitor.shows("Booking rescheduled!")
    assert _only(live)["start"] == slot(14).times["start_time"]


def test_a_booking_is_cancelled_from_its_card(visit: Visit, live: Sandbox) -> None:
    """With a reason, which is mandatory on the page."""
    visitor = visit(configuration_id=live.public)
    visitor.book(slot(10))
    visitor.shows("Booking confirmed!")
    visitor.press("Cancel booking", visitor.textbox("Reason for cancellation").is_visible)
    visitor.cancel("Ill")
    assert _only(live)["status"] == "cancelled"
    assert live.events() == []


def test_a_booking_is_rescheduled_by_its_reference(visit: Visit, live: Sandbox) -> None:
    """As from the link in a mail, in another browser; name and address come from the booking."""
    booked(live, live.public, slot(10))
    visitor = visit(reschedule_booking_ref=_only(live)["booking_ref"])
    visitor.shows("Choose another time slot")
    visitor.choose(slot(15))
    until(lambda: visitor.textbox("Email*").input_value() == "jane@example.com")
    visitor.button("Book now").click()
    visitor.shows("Booking rescheduled!")
    assert _only(live)["start"] == slot(15).times["start_time"]


def test_a_booking_is_cancelled_by_its_reference(visit: Visit, live: Sandbox) -> None:
    """As from the link in a mail, in another browser."""
    booked(live, live.public, slot(10))
    visitor = visit(cancel_booking_ref=_only(live)["booking_ref"])
    visitor.cancel("No time")
    assert _only(live)["status"] == "cancelled"
    (extracted,) = visitor.told("bookingRefExtracted")
    assert extracted == {"configurationId": live.public, "bookingId": _only(live)["id"]}


def test_a_slot_that_was_taken_meanwhile(visit: Visit, live: Sandbox) -> None:
    """The visitor is told, and books one of the times that are left."""
    visitor = visit(configuration_id=live.public)
    visitor.choose(slot(12))
    visitor.fill()
    booked(live, live.public, slot(12))
    visitor.button("Book now").click()
    visitor.shows("Timeslot no longer available")
    visitor.page.reload()
    visitor.turn_to(slot(13))
    visitor.button(slot(13).time).wait_for()
    assert visitor.button(slot(12).time).count() == 0
    visitor.book(slot(13))
    visitor.shows("Booking confirmed!")
    starts = [booking["start"] for booking in live.bookings()]
    assert starts == [slot(12).times["start_time"], slot(13).times["start_time"]]


def test_a_configuration_can_send_the_guest_on(visit: Visit, live: Sandbox, site: Site) -> None:
    """After the booking the browser goes where the configuration says, with the reference."""
    thanks = {"confirmation_redirect_url": f"{site.url}/thanks.html?from=here"}
    _key(live).scheduler.configurations.update(live.grant_id, live.public, {"scheduler": thanks})
    visitor = visit(configuration_id=live.public)
    visitor.book(slot(9))
    visitor.page.wait_for_url("**/thanks.html?**")
    query = parse_qs(urlsplit(visitor.page.url).query)
    assert query["from"] == ["here"]
    assert query["booking_ref"] == [_only(live)["booking_ref"]]
    assert query["config_id"] == [live.public]


def test_a_failure_is_shown(visit: Visit, live: Sandbox) -> None:
    """An error of the API, which the other origin may read, ends up on the page."""
    live.faults.add("create", Fault.status(504))
    visitor = visit(configuration_id=live.public)
    visitor.book(slot(9))
    visitor.shows("A fault of the sandbox: status 504")
    assert live.bookings() == []


def test_what_the_provider_said_is_shown(visit: Visit, live: Sandbox) -> None:
    """Of a 504 on reading slots the component shows nothing but the text of the provider."""
    live.faults.add("availability.get", Fault.status(504), times=None)
    visit(configuration_id=live.public).shows("Provider request timed out.")


def test_a_session_that_is_over_is_told(visit: Visit, live: Sandbox) -> None:
    """A page that was opened with it says so instead of the calendar."""
    sessions = _key(live).scheduler.sessions
    session_id = sessions.create({"configuration_id": live.private}).data.session_id
    live.clock.advance(minutes=6)
    visitor = visit(session_id=session_id)
    visitor.shows("Session is expired")
