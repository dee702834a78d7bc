"""The pages behind the links in the mails, in a browser: reschedule, cancel, confirm, decline."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings.sandbox import Behaviour, Fault, Sandbox

from ..calls import NINE
from .visiting import Visit, choose, headline, submit, times, told

HOST = "host@example.com"


@pytest.mark.parametrize("changes_id", [False, True])
def test_a_guest_moves_a_booking(
    page: Any, visit: Visit, listening: Sandbox, changes_id: bool
) -> None:
    """The link moves the booking; the links afterwards work for the booking as it is then."""
    listening.behaviour = Behaviour(reschedule_changes_id=changes_id)
    visit.book(0)
    page.goto(visit.link("Reschedule"))
    page.get_by_text("Booked for").wait_for()
    choose(page, "10:00", "Tuesday 24 November")
    assert told(page, "Until now") == "Monday, 23 November 2026\n09:00–09:30 UTC"
    assert told(page, "New") == "Tuesday, 24 November 2026\n10:00–10:30 UTC"
    submit(page, "Move the booking")
    headline(page, "Your booking is moved")
    assert [booking["start"] for booking in listening.bookings()] == [NINE + 25 * 3600]
    page.get_by_role("link", name="Cancel").click()
    headline(page, "Cancel this booking?")


def test_its_own_time_is_no_other_time(page: Any, visit: Visit) -> None:
    """The time that is booked already is not offered again, but the times that overlap it are."""
    visit.configured(availability={"duration_minutes": 30, "interval_minutes": 15})
    visit.book(2)
    page.goto(visit.link("Reschedule"))
    page.get_by_role("button", name="Monday 23 November, ").click()
    assert times(page)[:6] == ["09:00", "09:15", "09:30", "09:45", "10:15", "10:30"]


def test_a_new_time_that_is_taken_meanwhile(page: Any, visit: Visit, listening: Sandbox) -> None:
    """Who is too late for a new time sees fresh times, and the booking stays where it was."""
    visit.book(0)
    page.goto(visit.link("Reschedule"))
    choose(page, "09:30")
    visit.book(1, guest={"name": "Joe", "email": "joe@example.com"})
    submit(page, "Move the booking")
    assert "taken by somebody else" in page.get_by_role("alert").inner_text()
    assert times(page)[0] == "10:00"
    assert [booking["start"] for booking in listening.bookings()] == [NINE, NINE + 1800]


def test_a_guest_cancels(page: Any, visit: Visit, listening: Sandbox) -> None:
    """The page shows the policy, asks for a reason, and cancels; the time is free again."""
    visit.configured(scheduler={"cancellation_policy": "Ada waits for nobody."})
    visit.book(0)
    page.goto(visit.link("Cancel"))
    headline(page, "Cancel this booking?")
    assert "Ada waits for nobody." in page.locator(".note").inner_text()
    page.get_by_label("Why do you cancel?").fill("Ill")
    submit(page, "Cancel the booking")
    headline(page, "The booking is cancelled")
    assert visit.statuses() == ["cancelled"]
    assert listening.events() == []
    page.reload()
    page.get_by_role("heading", name="This booking has been cancelled").wait_for()
    page.get_by_role("link", name="Book another time").click()
    choose(page)
    headline(page, "Your details")


def test_the_api_has_the_last_word(page: Any, visit: Visit, listening: Sandbox) -> None:
    """What changed after a page was opened is told, and nothing else happens."""
    visit.book(0)
    page.goto(visit.link("Cancel"))
    listening.faults.add("bookings.cancel", Fault.status(503))
    submit(page, "Cancel the booking")
    assert "cannot tell whether the booking was cancelled" in page.get_by_role("alert").inner_text()
    booking = listening.bookings()[0]["id"]
    visit.ask("DELETE", f"/v3/scheduling/bookings/{booking}", {}, configuration_id=listening.public)
    submit(page, "Cancel the booking")
    assert "no longer here" in page.get_by_role("alert").inner_text()


@pytest.mark.parametrize("page_of", ["reschedule", "cancel"])
def test_links_of_private_bookings_work(
    page: Any, visit: Visit, listening: Sandbox, page_of: str
) -> None:
    """A guest of a private configuration needs no session of their own for the mails' links."""
    page.goto(visit.page(listening.private))
    page.get_by_role("button", name="Open a session").click()
    choose(page)
    page.get_by_label("Your name").fill("Jane")
    page.get_by_label("Your e-mail").fill("jane@example.com")
    submit(page)
    headline(page, "You are booked")
    if page_of == "cancel":
        page.goto(visit.link("Cancel"))
        submit(page, "Cancel the booking")
        headline(page, "The booking is cancelled")
    else:
        page.goto(visit.link("Reschedule"))
        choose(page, "09:30")
        submit(page, "Move the booking")
        headline(page, "Your booking is moved")


def test_pages_need_no_more_than_the_contract(page: Any, visit: Visit, listening: Sandbox) -> None:
    """However little the API answers, one can book, move and cancel, and is told so."""
    listening.behaviour = Behaviour(
        strict=True,
        success_codes="201 and 204",
        booked_status="confirmed",
        lost_slot="timeslot_not_available",
    )
    page.goto(visit.page(listening.public))
    choose(page)
    page.get_by_label("Your name").fill("Jane")
    page.get_by_label("Your e-mail").fill("jane@example.com")
    submit(page)
    headline(page, "You are booked")
    page.goto(visit.link("Reschedule"))
    choose(page, "09:30")
    submit(page, "Move the booking")
    headline(page, "Your booking is moved")
    page.goto(visit.link("Cancel"))
    submit(page, "Cancel the booking")
    headline(page, "The booking is cancelled")
    assert visit.statuses() == ["cancelled"]


def test_the_organizer_confirms(page: Any, visit: Visit, listening: Sandbox) -> None:
    """The organizer sees who asks and what was answered, and says yes."""
    path = f"/v3/grants/{listening.grant_id}/scheduling/configurations/{listening.confirming}"
    scheduler = {
        "organizer_confirmation_url": "/book/confirm?ref=:booking_ref",
        "additional_fields": {"team": {"label": "Your team", "type": "text", "required": False}},
    }
    visit.ask("PUT", path, {"scheduler": scheduler})
    visit.book(0, listening.confirming, additional_fields={"team": "Blue"})
    page.goto(visit.link("Confirm or decline", HOST))
    headline(page, "Jane would like to meet")
    assert told(page, "Your team") == "Blue"
    submit(page, "Confirm")
    headline(page, "The booking is confirmed")
    assert visit.statuses() == ["booked"]
    assert listening.events()[0]["title"] == "By appointment"
    page.reload()
    page.get_by_role("heading", name="This booking is already confirmed").wait_for()


def test_the_organizer_declines(page: Any, visit: Visit, listening: Sandbox) -> None:
    """Declining asks for a reason first, and there is a way back from it."""
    visit.book(0, listening.confirming)
    page.goto(visit.link("Confirm or decline", HOST))
    submit(page, "Decline")
    assert page.get_by_role("button", name="Confirm").count() == 0
    submit(page, "Back")
    assert page.get_by_role("button", name="Confirm").count() == 1
    submit(page, "Decline")
    page.get_by_label("Why do you decline?").fill("Away")
    submit(page, "Decline the booking")
    headline(page, "The booking is declined")
    (booking,) = listening.bookings()
    assert booking["status"] == "cancelled"
    assert booking["history"][-1]["cancellation_reason"] == "Away"


def test_a_pending_booking_stays_pending(page: Any, visit: Visit, listening: Sandbox) -> None:
    """A guest may move a booking that waits; it waits on."""
    visit.book(0, listening.confirming)
    page.goto(visit.link("Reschedule"))
    choose(page, "09:30")
    submit(page, "Move the booking")
    headline(page, "Your booking is moved")
    page.get_by_text("The host still has to confirm it.").wait_for()
    assert visit.statuses() == ["pending"]
