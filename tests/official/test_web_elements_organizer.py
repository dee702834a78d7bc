"""The official booking component lets the organizer confirm and decline by booking reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nylas_bookings import references
from nylas_bookings.sandbox import Sandbox

from .booking_page import BookingPage, booked, slot

Visit = Callable[..., BookingPage]


@pytest.fixture
def waiting(live: Sandbox) -> dict[str, Any]:
    """A booking that waits for the organizer."""
    return booked(live, live.confirming, slot(10))


def test_a_guest_asks_for_a_time(visit: Visit, live: Sandbox) -> None:
    """The card says that the booking is sent, and the event is a placeholder."""
    guest = visit(configuration_id=live.confirming)
    guest.book(slot(10))
    guest.shows("Booking sent!")
    assert live.bookings()[0]["status"] == "pending"
    (event,) = live.events()
    assert event["title"] == "[PENDING] By appointment"


def test_the_organizer_confirms(visit: Visit, live: Sandbox, waiting: dict[str, Any]) -> None:
    """The booking is booked, and its event no longer pending."""
    organizer = visit(organizer_confirmation_booking_ref=waiting["booking_ref"])
    organizer.shows("Booking pending!")
    organizer.press(
        "Confirm booking", organizer.page.get_by_text("confirmed successfully").is_visible
    )
    assert live.bookings()[0]["status"] == "booked"
    assert live.events()[0]["title"] == "By appointment"
    (extracted,) = organizer.told("bookingRefExtracted")
    assert extracted["salt"] == waiting["salt"]


def test_the_organizer_declines(visit: Visit, live: Sandbox, waiting: dict[str, Any]) -> None:
    """With a reason; the event is gone, and the time is free again."""
    organizer = visit(organizer_confirmation_booking_ref=waiting["booking_ref"])
    organizer.shows("Booking pending!")
    organizer.press("Reject booking", organizer.textbox("Reason for cancellation").is_visible)
    organizer.cancel("No time")
    assert live.bookings()[0]["status"] == "cancelled"
    assert live.events() == []


def test_a_wrong_salt_decides_nothing(visit: Visit, live: Sandbox, waiting: dict[str, Any]) -> None:
    """The refusal reaches the page as an event, and the booking goes on waiting."""
    ids = {"configuration_id": live.confirming, "booking_id": waiting["id"]}
    forged = references.encode(**ids, salt="AAAAAAAAAAAAAA")
    organizer = visit(organizer_confirmation_booking_ref=forged)
    organizer.shows("Booking pending!")
    organizer.press("Confirm booking", lambda: bool(organizer.told("nylasSchedulerError")))
    (error,) = organizer.told("nylasSchedulerError")
    assert error["notification"]["description"] == "Invalid salt"
    assert live.bookings()[0]["status"] == "pending"
