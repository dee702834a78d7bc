"""The inspector for everybody: by keyboard, on a phone, in dark mode, with a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from nylas_bookings.sandbox.behaviour import switches

from .asking import Wire
from .audit import FAINT, LEVELS, TWICE, UNNAMED
from .inspecting import SECTIONS, Inspector, subscribe

PHONE = {"viewport": {"width": 375, "height": 812}, "has_touch": True}


@pytest.fixture
def busy(wire: Wire) -> Wire:
    """A sandbox in which something of each kind has happened."""
    subscribe(wire)
    wire.book()
    wire.book(2, wire.sandbox.confirming)
    wire("POST", "/_sandbox/faults", {"operation": "decline", "kind": "garbage"})
    wire("GET", "/v3/nothing")
    return wire


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_has_a_name_and_can_be_read(
    new_page: Callable[..., Any], busy: Wire, scheme: str
) -> None:
    """Controls have labels, ids are unique, headings go down step by step, texts stand out."""
    inspector = Inspector(new_page(color_scheme=scheme), busy)
    for section in SECTIONS:
        shown = inspector.open(section)
        for summary in shown.locator("summary").all():
            summary.click()
        page = inspector.page
        assert (section, page.evaluate(UNNAMED)) == (section, [])
        assert (section, page.evaluate(TWICE)) == (section, [])
        assert (section, page.evaluate(FAINT)) == (section, [])
        levels = page.evaluate(LEVELS)
        assert levels[0] == 1
        assert all(below <= level + 1 for level, below in pairwise(levels)), levels


@pytest.mark.parametrize("width", [375, 768, 1280])
def test_it_fits(new_page: Callable[..., Any], busy: Wire, width: int) -> None:
    """Nothing is wider than the window, and what is touched is large enough to be."""
    page = new_page(viewport={"width": width, "height": 812})
    inspector = Inspector(page, busy)
    for section in SECTIONS:
        shown = inspector.open(section)
        for summary in shown.locator("summary").all():
            summary.click()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (section, wide) == (section, width)
    for link in page.get_by_role("navigation").get_by_role("link").all():
        assert link.bounding_box()["height"] >= 40


def test_the_keyboard_is_enough(page: Any, busy: Wire) -> None:
    """One can skip to the content, go to a section, open an event, and come back, by keys alone."""
    page.goto(f"{busy.sandbox.url}/_sandbox/")
    Inspector(page, busy).section("overview")
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="Calendars").focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    keys.press("Enter")
    page.locator("#calendars-title:focus").wait_for()
    assert page.title() == "Calendars · Sandbox"
    current = page.locator("nav [aria-current=page]")
    assert current.inner_text() == "Calendars"
    event = page.get_by_role("link", name="09:00–09:30 Introduction Jane")
    event.focus()
    keys.press("Enter")
    page.get_by_role("dialog").wait_for()
    keys.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")


def test_landmarks_lead_through_the_page(page: Any, busy: Wire) -> None:
    """There is one main part, a navigation with a name, and news are told politely."""
    inspector = Inspector(page, busy)
    inspector.open("requests")
    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("navigation", name="Sections").count() == 1
    assert page.get_by_role("banner").count() == 1
    assert page.locator("[role=status]").count() >= 3
    table = page.get_by_role("table", name="Requests, the latest first")
    assert table.get_by_role("columnheader").count() == 5
    assert table.get_by_role("rowheader").count() == table.get_by_role("row").count() - 1


def test_tables_stay_tables_on_a_phone(new_page: Callable[..., Any], busy: Wire) -> None:
    """Where rows look like cards they are rows all the same to those who listen."""
    page = new_page(**PHONE)
    Inspector(page, busy).open("requests")
    row = page.get_by_role("table").get_by_role("row").nth(1)
    assert row.get_by_role("cell").count() == 4
    assert page.locator(".bar").evaluate("(one) => getComputedStyle(one).position") == "static"


def test_every_switch_is_there(page: Any, busy: Wire) -> None:
    """The form has each switch of `Behaviour`, with the choices that it has, and no other."""
    Inspector(page, busy).open("behaviour")
    shown = page.evaluate(
        """() => Object.fromEntries([...document.querySelector("#switches").elements]
          .filter((one) => one.name).map((one) =>
          [one.name, one.options ? [...one.options].map((o) => o.value) : one.type]))"""
    )
    wanted: dict[str, Any] = {}
    for name, choices in switches().items():
        if choices is None:
            wanted[name] = "number"
        elif choices == (False, True):
            wanted[name] = "checkbox"
        else:
            wanted[name] = sorted(choice or "" for choice in choices)
    assert {n: sorted(v) if isinstance(v, list) else v for n, v in shown.items()} == wanted
