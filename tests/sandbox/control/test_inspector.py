"""The inspector, as people use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from nylas_bookings.sandbox import Sandbox

from ...wire_server import Answer
from ..calls import MONDAY, NINE
from ..post.receiver import Receiver
from .asking import Wire
from .inspecting import Inspector, settled, subscribe


@pytest.fixture
def inspector(page: Any, wire: Wire) -> Inspector:
    """The inspector in a wide window."""
    return Inspector(page, wire)


def test_the_way_in(inspector: Inspector, listening: Sandbox) -> None:
    """The bare address leads to the inspector, which says how to connect."""
    page = inspector.page
    page.goto(listening.url)
    overview = inspector.section("overview")
    for text in (listening.url, listening.api_key, listening.client_id, listening.grant_id):
        overview.get_by_text(text, exact=True).wait_for()
    assert page.url == f"{listening.url}/_sandbox/"
    links = overview.locator("[data-view=configurations] a")
    assert [link.get_attribute("href") for link in links.all()] == [
        f"/book/{one}" for one in (listening.public, listening.private, listening.confirming)
    ]


def test_values_can_be_copied(new_page: Callable[..., Any], wire: Wire, listening: Sandbox) -> None:
    """URL and key are copied with a press, and the page says so."""
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    inspector = Inspector(page, wire)
    inspector.open()
    for name, value in (("Copy URL", listening.url), ("Copy API key", listening.api_key)):
        inspector.press(name)
        page.get_by_text("Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == value


def test_a_calendar_shows_its_week(inspector: Inspector, wire: Wire, listening: Sandbox) -> None:
    """Bookings and other events are on their days, with their guests; weeks can be turned."""
    wire.book()
    listening.add_event(listening.grant_id, NINE + 86400, NINE + 90000, title="Dentist")
    calendars = inspector.open("calendars")
    monday, tuesday = (calendars.locator(".day").nth(number) for number in (0, 1))
    monday.get_by_role("link", name="09:00–09:30 Introduction Jane").wait_for()
    tuesday.get_by_role("link", name="09:00–10:00 Dentist").wait_for()
    assert monday.get_attribute("aria-label") == "Mon 23 Nov, today"
    inspector.press("The week after")
    calendars.get_by_role("heading", name="Mon 30 Nov").wait_for()
    assert calendars.locator(".event").count() == 0
    inspector.press("This week")
    monday.get_by_role("link").wait_for()


def test_times_are_in_the_zone_that_is_chosen(
    new_page: Callable[..., Any], wire: Wire, listening: Sandbox
) -> None:
    """First the visitor's zone, then any of the hosts' zones, also for what is typed in."""
    listening.add_host("hanae@example.com", timezone="Asia/Tokyo")
    wire.book()
    inspector = Inspector(new_page(timezone_id="Europe/Berlin"), wire)
    calendars = inspector.open("calendars")
    calendars.get_by_role("link", name="10:00–10:30 Introduction").wait_for()
    inspector.page.get_by_label("Times in").select_option("Asia/Tokyo")
    calendars.get_by_role("link", name="18:00–18:30 Introduction").wait_for()
    calendars.get_by_text("Add busy time").click()
    calendars.get_by_label("Title").fill("Early")
    calendars.get_by_label("From").fill("2026-11-24T09:00")
    calendars.get_by_label("To", exact=True).fill("2026-11-24T10:30")
    calendars.get_by_role("button", name="Add", exact=True).click()
    calendars.get_by_role("link", name="09:00–10:30 Early").wait_for()
    assert listening.events()[1]["when"]["start_time"] == NINE + 15 * 3600


def test_the_link_of_an_event_shows_it(
    inspector: Inspector, wire: Wire, listening: Sandbox
) -> None:
    """What `html_link` names opens in front of the calendar, and leaves it when it is closed."""
    wire.book()
    (event,) = listening.events()
    inspector.page.goto(event["html_link"])
    dialog = inspector.page.get_by_role("dialog", name="Event")
    dialog.get_by_role("heading", name="Introduction").wait_for()
    assert dialog.get_by_text("Mon 23 Nov, 09:00–09:30").is_visible()
    link = dialog.get_by_role("link", name="Reschedule").get_attribute("href")
    assert link.startswith("/book/reschedule?ref=")
    inspector.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    inspector.page.wait_for_url("**/_sandbox/#calendars")
    inspector.page.goto(f"{listening.url}/_sandbox/events/nothing")
    dialog.get_by_role("heading", name="No such event").wait_for()


def test_an_event_does_not_stay_in_front(
    inspector: Inspector, wire: Wire, listening: Sandbox
) -> None:
    """Whoever goes elsewhere by the address leaves an open event behind."""
    wire.book()
    (event,) = listening.events()
    inspector.page.goto(event["html_link"])
    dialog = inspector.page.get_by_role("dialog", name="Event")
    dialog.get_by_role("heading", name="Introduction").wait_for()
    inspector.page.evaluate("window.location.hash = '#bookings'")
    inspector.section("bookings").get_by_text("Jane · Introduction").wait_for()
    dialog.wait_for(state="hidden")
    assert inspector.page.evaluate("window.location.hash") == "#bookings"


def test_a_calendar_begins_where_something_is(
    inspector: Inspector, wire: Wire, listening: Sandbox
) -> None:
    """On a weekend the week of the next event is shown first; until there is one, this week is."""
    listening.clock.freeze(MONDAY - timedelta(days=2))
    calendars = inspector.open("calendars")
    calendars.get_by_role("heading", name="Sat 21 Nov").wait_for()
    listening.add_event(listening.grant_id, NINE + 8 * 86400, NINE + 8 * 86400 + 60, title="Later")
    calendars.get_by_role("link", name="Later").wait_for()
    calendars.get_by_role("heading", name="Tue 1 Dec").wait_for()
    wire.book()
    inspector.page.locator("[data-count=bookings]", has_text="1").wait_for()
    assert calendars.get_by_role("link", name="Later").is_visible()
    inspector.press("This week")
    calendars.get_by_role("heading", name="Sat 21 Nov").wait_for()
    inspector.page.reload()
    calendars.get_by_role("link", name="Introduction Jane").wait_for()
    calendars.get_by_role("heading", name="Mon 23 Nov").wait_for()


def test_bookings_mails_and_requests_are_told(
    inspector: Inspector, wire: Wire, listening: Sandbox
) -> None:
    """A booking opens to its history and its links, a mail to its text, a request to its body."""
    booked = wire.book(0, listening.confirming)
    bookings = inspector.open("bookings")
    bookings.get_by_text("Jane · By appointment").click()
    bookings.get_by_text("created for Mon 23 Nov, 09:00–09:30").wait_for()
    link = bookings.get_by_role("link", name="Confirm or decline").get_attribute("href")
    assert link == f"/book/confirm?ref={booked['booking_ref']}"
    mails = inspector.open("mails")
    mails.get_by_text("to host@example.com").click()
    link = mails.get_by_role("link").last
    assert f"/book/confirm?ref={booked['booking_ref']}" in link.get_attribute("href")
    requests = inspector.open("requests")
    row = requests.get_by_role("row").nth(1)
    row.wait_for()
    cells = row.get_by_role("cell").all_inner_texts()
    assert cells[0].startswith("POST /v3/scheduling/bookings")
    assert cells[1:3] == ["bookings.create", "200"]
    row.get_by_text("What was sent: query and body").click()
    row.get_by_text(listening.confirming, exact=True).wait_for()
    assert '"email": "jane@example.com"' in row.get_by_label("Body").inner_text()


def test_deliveries_tell_their_attempts(
    inspector: Inspector, wire: Wire, listening: Sandbox
) -> None:
    """A delivery opens to each of its attempts and to what was sent."""
    with Receiver() as receiver:
        subscribe(wire, receiver.url)
        receiver.answer(Answer(status=503))
        wire.book()
        settled(listening)
        webhooks = inspector.open("webhooks")
        webhooks.get_by_text("booking.created · 1 attempt", exact=True).click()
        attempts = webhooks.get_by_role("table", name="Attempts").get_by_role("row")
        assert "503" in attempts.nth(1).inner_text()
        webhooks.get_by_text('"type": "booking.created"').wait_for()
        listening.clock.advance(days=1)
        settled(listening)
        webhooks.get_by_text("delivered", exact=True).wait_for()
        assert "200" in attempts.nth(2).inner_text()


def test_faults_and_clock_are_at_hand(inspector: Inspector, listening: Sandbox) -> None:
    """Faults are added and cleared, and the clock is moved, from any section."""
    faults = inspector.open("faults")
    faults.get_by_label("What happens").select_option("latency")
    assert not faults.get_by_label("Status", exact=True).is_visible()
    faults.get_by_label("Seconds", exact=True).fill("0.5")
    faults.get_by_label("How many times").fill("")
    faults.get_by_role("button", name="Add", exact=True).click()
    faults.get_by_role("cell", name="answers 0.5 s late").wait_for()
    (waiting,) = listening.faults.waiting()
    assert (waiting["operation"], waiting["times"]) == ("bookings.create", None)
    faults.get_by_role("button", name="Clear all").click()
    faults.get_by_text("Everything goes well.").wait_for()
    for press, shown in (("+5 min", "00:05:00"), ("+1 h", "01:05:00"), ("+1 day", "Tue 24 Nov")):
        inspector.press(press)
        inspector.page.locator("#now", has_text=shown).wait_for()
    inspector.press("Resume")
    inspector.page.get_by_role("button", name="Freeze").wait_for()
    assert not listening.clock.is_frozen


def test_switches_work_at_once(inspector: Inspector, listening: Sandbox) -> None:
    """A switch is set as soon as it is touched, and one that cannot be says why."""
    behaviour = inspector.open("behaviour")
    behaviour.get_by_label("Strict").check()
    behaviour.get_by_label("A confirmation sends").select_option("nothing")
    limit = behaviour.get_by_label("Calls a second")
    limit.fill("-1")
    limit.blur()
    behaviour.get_by_role("alert").get_by_text("above 0").wait_for()
    limit.fill("2.5")
    limit.blur()
    behaviour.get_by_role("alert").wait_for(state="hidden")
    assert listening.behaviour.strict
    assert listening.behaviour.confirm_notifies is None
    assert listening.behaviour.rate_limit == 2.5


def test_a_reset_asks_first(inspector: Inspector, wire: Wire, listening: Sandbox) -> None:
    """Nothing goes before it was asked for twice."""
    wire.book()
    inspector.open("bookings")
    inspector.press("Reset…")
    inspector.press("Keep everything")
    assert len(listening.bookings()) == 1
    inspector.press("Reset…")
    inspector.press("Reset")
    inspector.page.get_by_text("Nobody has booked anything yet.").wait_for()
    assert listening.bookings() == []
