"""The inspector follows what happens, without getting in the way of who looks at it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from nylas_bookings.sandbox import Sandbox

from ..calls import MONDAY
from .asking import Wire
from .inspecting import NASTY, SECTIONS, Inspector, fill_with_nasty_texts


@pytest.fixture
def inspector(page: Any, wire: Wire) -> Inspector:
    """The inspector in a wide window."""
    return Inspector(page, wire)


def test_what_happens_is_shown(inspector: Inspector, wire: Wire) -> None:
    """A booking appears by itself, in the list, in the counts, and for those who listen."""
    bookings = inspector.open("bookings")
    bookings.get_by_text("Nobody has booked anything yet.").wait_for()
    wire.book()
    bookings.get_by_text("Jane · Introduction").wait_for()
    assert inspector.page.locator("[data-count=bookings]").inner_text() == "1"
    assert inspector.page.locator("#news").inner_text() == "1 new booking, 2 new mail"


def test_what_is_typed_stays(inspector: Inspector, wire: Wire) -> None:
    """A change leaves alone what is half typed, what is focused, open, or scrolled to."""
    page = inspector.page
    for number in range(14):
        wire.book(number)
    page.set_viewport_size({"width": 1280, "height": 400})
    bookings = inspector.open("bookings")
    last = bookings.locator("summary").last
    last.focus()
    page.keyboard.press("Enter")
    page.evaluate("scrollTo(0, 300)")
    before = last.bounding_box()["y"] + page.evaluate("scrollY")
    wire.book(14)
    bookings.locator("summary").nth(14).wait_for()
    assert (
        page.evaluate("document.activeElement.closest('li').dataset.key")
        == (wire.sandbox.bookings()[0]["id"])
    )
    assert bookings.locator("details[open]").count() == 1
    # The entry stays where it is seen, or where it was on the page: never back at the top.
    assert page.evaluate("scrollY") >= 300
    assert last.bounding_box()["y"] + page.evaluate("scrollY") >= before
    calendars = inspector.open("calendars")
    calendars.get_by_text("Add a host").click()
    name = calendars.get_by_label("E-mail address")
    name.press_sequentially("grace@")
    wire.sandbox.add_host("hanae@example.com", name="Hanae")
    calendars.get_by_role("option", name="Hanae (hanae@example.com)").wait_for(state="attached")
    name.press_sequentially("example.com")
    assert name.input_value() == "grace@example.com"


def test_a_lost_connection_is_told(page: Any) -> None:
    """When the sandbox has gone the page says so, and goes on when there is one again."""
    with Sandbox(seed=1, now=MONDAY) as first:
        port = urlsplit(first.url).port
        inspector = Inspector(page, Wire(first))
        inspector.open("bookings")
    page.get_by_text("Connection lost. Trying again…").wait_for()
    with Sandbox(seed=2, now=MONDAY, port=port or 0) as second:
        page.get_by_text("Live", exact=True).wait_for()
        Wire(second).book()
        inspector.section("bookings").get_by_text("Jane · Introduction").wait_for()


def test_texts_are_shown_as_texts(inspector: Inspector, wire: Wire) -> None:
    """Markup in a name or a title is there to be read, and nothing of it is carried out."""
    fill_with_nasty_texts(wire)
    page = inspector.page
    for section in SECTIONS:
        shown = inspector.open(section)
        if section in ("overview", "calendars", "bookings", "mails"):
            shown.get_by_text(NASTY).first.wait_for(state="attached")
        for summary in shown.locator("summary").all():
            summary.click()
    for event in wire.sandbox.events():
        page.goto(f"{wire.sandbox.url}/_sandbox/events/{event['id']}")
        page.get_by_role("dialog").get_by_role("heading", name=NASTY).or_(
            page.get_by_role("dialog").get_by_role("heading", name="Introduction")
        ).wait_for()
        assert page.locator("dialog a[href^='javascript']").count() == 0
    assert page.evaluate("window.hacked") is None
    assert page.locator("main script, main img, dialog img").count() == 0
