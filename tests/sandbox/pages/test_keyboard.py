"""The booking page with the keyboard alone, and as assistive technology finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nylas_bookings.sandbox import Sandbox

from .visiting import Visit, choose, headline

LABEL = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"


def _press(page: Any, *keys: str) -> str:
    """Press keys; says what has the focus then."""
    for key in keys:
        page.keyboard.press(key)
    return str(page.evaluate(LABEL))


def _into_grid(page: Any) -> str:
    page.get_by_label("Times in").focus()
    return _press(page, "Tab", "Tab", "Tab")


def test_days_are_walked_with_arrows(page: Any, visit: Visit) -> None:
    """In the grid of days, arrows go by days and weeks, Home and End to the ends of a week."""
    page.goto(visit.page())
    page.get_by_role("grid", name="November 2026").wait_for()
    assert _into_grid(page).startswith("Monday 23 November, 16 times")
    assert _press(page, "ArrowRight", "ArrowRight").startswith("Wednesday 25")
    assert _press(page, "ArrowUp").startswith("Wednesday 18 November, no times")
    assert _press(page, "ArrowDown", "ArrowLeft").startswith("Tuesday 24")
    assert _press(page, "End").startswith("Sunday 29")
    assert _press(page, "Home").startswith("Monday 23")
    assert page.locator(".day[tabindex='0']").count() == 1


def test_months_are_turned_with_keys(page: Any, visit: Visit) -> None:
    """Walking over the end of a month turns the page; there is no page for what is past."""
    page.goto(visit.page())
    page.get_by_role("grid", name="November 2026").wait_for()
    _into_grid(page)
    _press(page, "ArrowDown", "ArrowDown")
    page.get_by_role("grid", name="December 2026").wait_for()
    page.wait_for_function(f"({LABEL}).startsWith('Monday 7 December')")
    _press(page, "PageUp")
    page.wait_for_function(f"({LABEL}).startsWith('Saturday 7 November')")
    _press(page, "PageDown")
    page.wait_for_function(f"({LABEL}).startsWith('Monday 7 December')")
    _press(page, "PageUp")
    page.wait_for_function(f"({LABEL}).startsWith('Saturday 7 November')")
    assert _press(page, "PageUp").startswith("Saturday 7 November")


def test_a_booking_without_a_mouse(page: Any, visit: Visit, listening: Sandbox) -> None:
    """Tab, arrows, Enter and typing are enough to book; the focus goes along from step to step."""
    page.goto(visit.page())
    page.get_by_role("grid", name="November 2026").wait_for()
    _into_grid(page)
    assert _press(page, "ArrowRight", "Enter") == "09:00"
    assert "16 times on Tuesday 24 November" in page.get_by_role("status").inner_text()
    assert _press(page, "Tab", "Enter") == "Your details"
    _press(page, "Tab", "Tab")
    page.keyboard.type("Jane")
    _press(page, "Tab")
    page.keyboard.type("jane@example.com")
    _press(page, "Enter")
    headline(page, "You are booked")
    assert page.evaluate(LABEL) == "You are booked"
    assert listening.bookings()[0]["start"] % 86400 == 9.5 * 3600


def test_a_chosen_day_keeps_the_focus(page: Any, visit: Visit) -> None:
    """Choosing a day with the mouse leaves the focus on it, though the grid is drawn anew."""
    page.goto(visit.page())
    page.get_by_role("button", name="Tuesday 24 November, ").click()
    assert page.evaluate(LABEL).startswith("Tuesday 24 November")
    assert page.locator("[aria-selected=true]").inner_text() == "24"


def test_every_input_has_a_name(page: Any, visit: Visit) -> None:
    """No input and no button is without a name that can be read aloud."""
    page.goto(visit.page())
    choose(page)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("input, select, textarea, button")]
            .filter((e) => !e.labels?.length && !e.ariaLabel && !e.innerText.trim())
            .map((e) => e.outerHTML)"""
    )
    assert unnamed == []


def test_weeks_begin_as_the_visitor_is_used_to(new_page: Callable[..., Any], visit: Visit) -> None:
    """Names, times and the first day of the week are those of the visitor's locale."""
    page = new_page(locale="en-US")
    page.goto(visit.page())
    assert page.locator("th").first.inner_text() == "Sun"
    page.get_by_role("button", name="Monday, November 23, ").click()
    assert page.locator(".slot").first.inner_text().split() == ["9:00", "AM"]


def test_a_phone_needs_no_sideways_scrolling(new_page: Callable[..., Any], visit: Visit) -> None:
    """On a screen of 375 pixels each step fits its width."""
    page = new_page(viewport={"width": 375, "height": 700})
    page.goto(visit.configured(name="A" * 60))
    choose(page)
    headline(page, "Your details")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.go_back()
    assert page.evaluate("document.documentElement.scrollWidth") == 375
