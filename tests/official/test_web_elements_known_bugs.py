"""What the official components, 2.6.0, get wrong today: a test fails when it is mended.

Each is in the table of docs/official-clients.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nylas

from nylas_bookings import references
from nylas_bookings.sandbox import Sandbox

from ..waiting import until
from ..wire_server import Answer, Received, WireServer
from .booking_page import BookingPage, booked, slot, slot_of_next_month
from .site import Site

Visit = Callable[..., BookingPage]


def test_the_path_of_the_api_url_is_thrown_away(visit: Visit, live: Sandbox) -> None:
    """Only the origin of the address counts, so that a prefix cannot be used."""
    visitor = visit(configuration_id=live.public, scheduler_api_url=f"{live.url}/behind/a/proxy")
    visitor.shows("Introduction")
    assert visitor.asked[0] == "GET /v3/scheduling/ui-settings"


def test_a_slug_goes_into_the_query_as_it_is(visit: Visit, live: Sandbox) -> None:
    """A slug with an ampersand, which the API takes, cannot be booked by."""
    sdk = nylas.Client(live.api_key, live.url)
    sdk.scheduler.configurations.update(live.grant_id, live.public, {"slug": "tea&talk"})
    visitor = visit(slug="tea&talk", client_id=live.client_id)
    visitor.shows("Configuration not found")
    sdk.scheduler.configurations.update(live.grant_id, live.public, {"slug": "tea"})
    visitor.open(slug="tea&talk", client_id=live.client_id)
    visitor.shows("Introduction")


def test_the_organizer_does_not_see_a_refusal(visit: Visit, live: Sandbox) -> None:
    """An error on the organizer's card is an event alone; nothing on the page tells it."""
    booking = booked(live, live.confirming, slot(10))
    ids = {"configuration_id": live.confirming, "booking_id": booking["id"]}
    visitor = visit(organizer_confirmation_booking_ref=references.encode(**ids, salt="AAAA"))
    visitor.shows("Booking pending!")
    visitor.press("Confirm booking", lambda: bool(visitor.told("nylasSchedulerError")))
    assert visitor.page.get_by_text("Invalid salt").count() == 0


def test_a_reference_without_salt_stalls(visit: Visit, live: Sandbox) -> None:
    """The organizer's card asks for nothing, and its button goes on turning."""
    booking = booked(live, live.confirming, slot(10))
    ids = {"configuration_id": live.confirming, "booking_id": booking["id"]}
    visitor = visit(organizer_confirmation_booking_ref=references.encode(**ids))
    visitor.shows("Booking pending!")
    visitor.press("Confirm booking", lambda: bool(visitor.told("nylasSchedulerError")))
    assert not any(line.startswith("PUT") for line in visitor.asked)
    assert live.bookings()[0]["status"] == "pending"


def test_a_reference_that_is_none_shows_nothing(visit: Visit) -> None:
    """A link that was cut is an event alone; the page stays as it is."""
    visitor = visit(cancel_booking_ref="cut")
    until(lambda: bool(visitor.told("nylasSchedulerError")))
    assert visitor.page.get_by_text("Invalid booking reference").count() == 0


def _forbidden(received: Received) -> Answer:
    anybody = {f"Access-Control-Allow-{what}": "*" for what in ("Origin", "Methods", "Headers")}
    if received.method == "OPTIONS":
        return Answer(status=204, headers=anybody)
    return Answer(status=403, body={"message": "forbidden"}, headers=anybody)


def test_the_status_is_never_looked_at(
    server: WireServer, site: Site, new_page: Callable[..., Any]
) -> None:
    """A refusal without an `error` in its body counts as success, and leaves a page of nothing."""
    server.default = _forbidden
    page = new_page()
    page.goto(site.page("scheduling", scheduler_api_url=server.url, configuration_id="cfg-1"))
    page.get_by_text("No dates available").wait_for()
    told = page.evaluate("told")
    assert told == [
        {"name": "configSettingsLoaded", "detail": {"settings": {"message": "forbidden"}}}
    ]


def test_after_a_taken_slot_another_month_is_empty(visit: Visit, live: Sandbox) -> None:
    """The times of the current month are loaded anew, whichever month is shown."""
    chosen, far = slot_of_next_month(12), {"available_days_in_future": 62}
    sdk = nylas.Client(live.api_key, live.url)
    sdk.scheduler.configurations.update(live.grant_id, live.public, {"scheduler": far})
    visitor = visit(configuration_id=live.public)
    visitor.choose(chosen)
    visitor.fill()
    booked(live, live.public, chosen)
    visitor.button("Book now").click()
    visitor.shows("Timeslot no longer available")
    visitor.shows("No time slots available for selected date")


def test_elements_are_defined_twice(visit: Visit, live: Sandbox) -> None:
    """What is shown for the second time throws, uncaught, and works nevertheless."""
    visitor = visit(configuration_id=live.public)
    visitor.book(slot(10))
    visitor.press("Reschedule", visitor.page.get_by_text("Choose another time slot").is_visible)
    until(lambda: bool(visitor.page.evaluate("uncaught")))
    uncaught = visitor.page.evaluate("uncaught")
    assert set(uncaught) == {"Cannot redefine property: registerNylasComponent"}
