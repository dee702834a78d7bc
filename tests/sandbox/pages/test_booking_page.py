"""The booking page in a browser: from a day to a booking."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from nylas_bookings.sandbox import Fault, Sandbox

from ..calls import NINE
from .visiting import Visit, choose, headline, introduce, submit, times, told


def test_a_visitor_books(page: Any, listening: Sandbox, visit: Visit) -> None:
    """A day, a time, a name and an address make a booking, in the visitor's zone."""
    page.goto(visit.page("introduction"))
    choose(page, "09:30")
    introduce(page)
    page.get_by_role("button", name="Add a guest").click()
    page.get_by_label("Guest’s e-mail").fill("bob@example.com")
    submit(page)
    headline(page, "You are booked")
    assert told(page, "When") == "Monday, 23 November 2026\n09:30–10:00 UTC"
    (booking,) = listening.bookings()
    assert (booking["status"], booking["start"]) == ("booked", NINE + 1800)
    assert booking["document"]["timezone"] == "UTC"
    assert [guest["email"] for guest in booking["document"]["additional_guests"]] == [
        "bob@example.com"
    ]


def test_the_confirmation_leads_on(page: Any, listening: Sandbox, visit: Visit) -> None:
    """After booking there are a calendar file, and the links of the mail."""
    page.goto(visit.configured(event_booking={"title": "Tea; or coffee", "location": "Café, Köln"}))
    choose(page)
    introduce(page)
    submit(page)
    headline(page, "You are booked")
    file = unquote(page.get_by_role("link", name="Add to calendar").get_attribute("href"))
    assert "\r\nDTSTART:20261123T090000Z\r\nDTEND:20261123T093000Z\r\n" in file
    assert r"SUMMARY:Tea\; or coffee" in file
    assert r"LOCATION:Café\, Köln" in file
    for word in ("Reschedule", "Cancel"):
        address = page.get_by_role("link", name=word).get_attribute("href")
        assert listening.url + address == visit.link(word)


def test_what_the_host_does_not_offer_is_not_linked(page: Any, visit: Visit) -> None:
    """Where the host hides rescheduling or cancelling, no link to it is shown."""
    page.goto(visit.configured(scheduler={"hide_rescheduling_options": True}))
    choose(page)
    introduce(page)
    submit(page)
    headline(page, "You are booked")
    assert page.locator("#done a").all_inner_texts() == ["Add to calendar", "Cancel"]


def test_the_sandbox_says_what_day_it_is(
    new_page: Callable[..., Any], visit: Visit, listening: Sandbox
) -> None:
    """The first month and today come from the sandbox's clock, whatever the browser's says."""
    listening.clock.freeze(datetime(2031, 3, 3, 8, tzinfo=UTC))
    page = new_page()
    page.goto(visit.page())
    page.get_by_role("heading", name="March 2031").wait_for()
    assert page.locator("[aria-current=date]").inner_text() == "3"
    page.get_by_role("button", name="Monday 3 March, ").click()
    assert times(page)[0] == "09:00"


def test_short_notice_is_not_offered(page: Any, listening: Sandbox, visit: Visit) -> None:
    """Times within the notice that the host wants are not shown."""
    listening.clock.advance(hours=9)
    page.goto(visit.configured(scheduler={"min_booking_notice": 120}))
    page.get_by_role("button", name="Monday 23 November, ").click()
    assert times(page)[0] == "11:00"


def test_another_zone_has_other_times(new_page: Callable[..., Any], visit: Visit) -> None:
    """Times are those of the visitor's zone, which can be changed; the chosen day goes along."""
    page = new_page(timezone_id="Asia/Tokyo")
    page.goto(visit.page())
    page.get_by_role("button", name="Monday 23 November, ").click()
    assert (times(page)[0], times(page)[-1]) == ("18:00", "23:30")
    page.get_by_label("Times in").select_option("Pacific/Honolulu")
    page.get_by_role("heading", name="Sunday 22 November").wait_for()
    assert times(page) == ["23:00", "23:30"]
    page.get_by_label("Times in").select_option("America/New_York")
    page.get_by_role("heading", name="Monday 23 November").wait_for()
    assert (times(page)[0], times(page)[-1]) == ("04:00", "11:30")
    choose(page, "05:00")
    introduce(page)
    submit(page)
    headline(page, "You are booked")
    assert visit.sandbox.bookings()[0]["start"] == NINE + 3600
    assert visit.sandbox.bookings()[0]["document"]["timezone"] == "America/New_York"


def test_an_hour_that_comes_twice_has_two_names(
    new_page: Callable[..., Any], visit: Visit, listening: Sandbox
) -> None:
    """When clocks go back, times that come twice say which of the two they are."""
    listening.clock.freeze(datetime(2026, 10, 24, 12, tzinfo=UTC))
    hosts = [
        {
            "email": listening.organizer_email,
            "is_organizer": True,
            "availability": {"open_hours": [{"days": [0], "start": "00:00", "end": "03:00"}]},
            "booking": {"calendar_id": "primary"},
        }
    ]
    page = new_page(timezone_id="Europe/Berlin")
    page.goto(visit.configured(participants=hosts))
    page.get_by_role("button", name="Sunday 25 October, ").click()
    assert times(page) == [
        *("02:00 CEST", "02:30 CEST", "02:00 CET", "02:30 CET"),
        *("03:00", "03:30"),
    ]


def test_a_month_without_times_is_passed_over(page: Any, visit: Visit, listening: Sandbox) -> None:
    """The page opens at the first month that has times, and does not lead beyond the last one."""
    listening.clock.freeze(datetime(2026, 11, 28, tzinfo=UTC))
    listening.add_event(
        listening.organizer_email,
        datetime(2026, 11, 1, tzinfo=UTC),
        datetime(2026, 12, 1, tzinfo=UTC),
    )
    page.goto(visit.page())
    page.get_by_role("heading", name="December 2026").wait_for()
    later = page.get_by_role("button", name="Next month")
    assert later.get_attribute("aria-disabled") == "true"


def test_a_time_that_is_taken_meanwhile(page: Any, visit: Visit) -> None:
    """Who comes second is told so, sees fresh times, and keeps what was typed."""
    page.goto(visit.page())
    choose(page)
    introduce(page, name="Joe", email="joe@example.com")
    visit.book(0)
    submit(page)
    assert "09:00 was taken" in page.get_by_role("alert").inner_text()
    assert times(page)[0] == "09:30"
    page.get_by_role("button", name="09:30").click()
    assert page.get_by_label("Your name").input_value() == "Joe"
    submit(page)
    headline(page, "You are booked")
    assert visit.statuses() == ["booked", "booked"]


def test_an_answer_that_is_lost(page: Any, visit: Visit, listening: Sandbox) -> None:
    """When nobody knows whether it was booked, the page says so rather than guess."""
    page.goto(visit.page())
    choose(page)
    introduce(page)
    listening.faults.add("bookings.create", Fault.status(504))
    submit(page)
    assert "cannot tell whether you are booked" in page.get_by_role("alert").inner_text()
    submit(page)
    headline(page, "You are booked")


def test_times_that_cannot_be_loaded(page: Any, visit: Visit, listening: Sandbox) -> None:
    """When the times cannot be loaded, one can try again."""
    listening.faults.add("availability.get", Fault.status(429))
    page.goto(visit.page())
    page.get_by_role("button", name="Try again").click()
    choose(page)
    headline(page, "Your details")


def test_the_way_back_keeps_the_form(page: Any, visit: Visit) -> None:
    """The browser's way back leads to the times, and forward again to what was typed."""
    page.goto(visit.page())
    choose(page)
    introduce(page)
    page.go_back()
    headline(page, "Choose a time")
    page.get_by_role("button", name="10:00").click()
    assert page.get_by_label("Your name").input_value() == "Jane"
    page.get_by_role("button", name="Change time").click()
    headline(page, "Choose a time")


def test_visitors_are_sent_on(page: Any, visit: Visit, listening: Sandbox) -> None:
    """The redirect of the configuration gets what the vendor's page would tell it."""
    there = f"{listening.url}/book/icon.svg?from=nylas"
    fields = {"team": {"label": "Team", "type": "text", "required": True}}
    visit.configured(scheduler={"confirmation_redirect_url": there, "additional_fields": fields})
    page.goto(visit.page("introduction"))
    choose(page)
    introduce(page)
    page.get_by_label("Team").fill("Blue & co")
    submit(page)
    page.wait_for_url(re.compile("icon.svg"))
    query = {name: value[0] for name, value in parse_qs(urlsplit(page.url).query).items()}
    (booking,) = listening.bookings()
    assert re.search(r"ref=(\S+)", visit.link("Cancel"))[1] == query.pop("booking_ref")
    assert query == {
        "from": "nylas",
        "booking_id": booking["id"],
        "name": "Jane",
        "email": "jane@example.com",
        "start_time": str(NINE),
        "end_time": str(NINE + 1800),
        "tz": "UTC",
        "language": "en",
        "additional_values": '{"team":"Blue & co"}',
        "page_slug": "introduction",
        "config_id": listening.public,
    }
