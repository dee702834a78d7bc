"""The form of the booking page: its questions, their errors, and what is sent."""

from __future__ import annotations

from typing import Any

from nylas_bookings.sandbox import Sandbox

from .visiting import Visit, choose, headline, introduce, submit

FIELDS = {
    "how": {"label": "How?", "type": "radio_button", "required": True, "options": ["A", "B"]},
    "team": {"label": "Team", "type": "text", "required": True, "pattern": "^[A-Z]", "order": 1},
    "notes": {"label": "Notes", "type": "multi_line_text", "required": False},
    "mail": {"label": "Office mail", "type": "email", "required": False},
    "phone": {"label": "Phone", "type": "phone_number", "required": False},
    "size": {"label": "Size", "type": "dropdown", "required": True, "options": ["S", "L"]},
    "day": {"label": "Day", "type": "date", "required": False},
    "terms": {"label": "I agree", "type": "checkbox", "required": True},
    "letter": {"label": "Newsletter", "type": "checkbox", "required": False},
    "source": {"label": "Source", "type": "metadata", "required": True, "default": "page"},
    "new": {"label": "Newer", "type": "of_tomorrow", "required": False, "default": "x"},
}


def test_every_question_is_asked(page: Any, visit: Visit, listening: Sandbox) -> None:
    """Each documented type has its input, and the answers arrive as texts."""
    page.goto(visit.configured(scheduler={"additional_fields": FIELDS}))
    choose(page)
    introduce(page)
    page.get_by_label("Team").fill("Blue")
    page.get_by_label("Notes").fill("one\ntwo")
    page.get_by_label("Office mail").fill("a@b.example")
    page.get_by_label("Phone").fill("+49 30 123")
    page.get_by_label("Size").select_option("L")
    page.get_by_label("Day (optional)").fill("2026-12-24")
    page.get_by_role("radiogroup", name="How?").get_by_label("B").check()
    page.get_by_label("I agree").check()
    assert page.get_by_label("Source").count() == 0
    submit(page)
    headline(page, "You are booked")
    assert listening.bookings()[0]["document"]["additional_fields"] == {
        "team": "Blue",
        "notes": "one\ntwo",
        "mail": "a@b.example",
        "phone": "+49 30 123",
        "size": "L",
        "day": "2026-12-24",
        "how": "B",
        "terms": "true",
        "letter": "false",
        "source": "page",
        "new": "x",
    }


def test_questions_come_in_their_order(page: Any, visit: Visit) -> None:
    """Questions with a number come first, the others as they were declared."""
    page.goto(visit.configured(scheduler={"additional_fields": FIELDS}))
    choose(page)
    labels = page.locator("#details").locator("label:not(fieldset label), legend").all_inner_texts()
    asked = [label.removesuffix(" (optional)") for label in labels]
    assert asked[:4] == ["Your name", "Your e-mail", "Team", "How?"]


def test_what_is_wrong_is_said_beside_it(page: Any, visit: Visit, listening: Sandbox) -> None:
    """Each wrong answer has its error, tied to its input; the first of them gets the focus."""
    page.goto(visit.configured(scheduler={"additional_fields": FIELDS}))
    choose(page)
    introduce(page, email="nobody")
    page.get_by_label("Team").fill("lower case")
    page.get_by_label("Phone").fill("call me")
    submit(page)
    wrong = {
        "Your e-mail": "Please check this e-mail address",
        "Team": "This is not in the form that is asked for",
        "Phone": "Please check this phone number",
        "Size": "Please choose one",
        "A": "Please choose one",
        "I agree": "Please tick this",
    }
    for label, message in wrong.items():
        field = page.get_by_label(label, exact=label == "A")
        assert field.get_attribute("aria-invalid") == "true", label
        error = field.get_attribute("aria-describedby")
        assert page.locator(f"#{error}").inner_text() == message
    assert page.locator("[aria-invalid=true]").count() == len(wrong) + 1  # both radios
    assert page.evaluate("document.activeElement.type") == "email"
    assert "6 answers" in page.get_by_role("status").inner_text()
    page.get_by_label("Team").fill("Upper case")
    assert page.get_by_label("Team").get_attribute("aria-invalid") is None
    assert listening.bookings() == []


def test_what_the_api_minds_is_said_beside_it(page: Any, visit: Visit) -> None:
    """An error of the API about a field appears at the field."""
    odd = {"label": "Code", "type": "text", "required": False, "pattern": r"(?P<x>\d)\Z"}
    page.goto(visit.configured(scheduler={"additional_fields": {"code": odd}}))
    choose(page)
    introduce(page)
    page.get_by_label("Code").fill("none")
    submit(page)
    page.get_by_text("This does not match its pattern").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_guests_come_and_go(page: Any, visit: Visit, listening: Sandbox) -> None:
    """Further guests can be added and removed, and each needs an address."""
    page.goto(visit.page())
    choose(page)
    introduce(page)
    for address in ("a@example.com", "b@example.com", ""):
        page.get_by_role("button", name="Add a guest").click()
        page.get_by_label("Guest’s e-mail").last.fill(address)
    submit(page)
    page.get_by_text("Please fill this in").wait_for()
    page.get_by_role("button", name="Remove this guest").last.click()
    page.get_by_role("button", name="Remove this guest").first.click()
    submit(page)
    headline(page, "You are booked")
    guests = listening.bookings()[0]["document"]["additional_guests"]
    assert guests == [{"name": "b@example.com", "email": "b@example.com"}]


def test_guests_may_be_unwanted(page: Any, visit: Visit) -> None:
    """Where further guests are hidden, nobody is asked for them."""
    page.goto(visit.configured(scheduler={"hide_additional_guests": True}))
    choose(page)
    headline(page, "Your details")
    assert page.get_by_role("button", name="Add a guest").count() == 0


def test_text_stays_text(page: Any, visit: Visit) -> None:
    """Markup in titles, labels and answers is shown, and does nothing."""
    nasty = '<script>document.title = "got you"</script><b>$title & </script>'
    field = {"label": nasty, "type": "text", "required": False}
    page.goto(
        visit.configured(
            name=nasty,
            event_booking={"title": nasty, "description": nasty, "location": nasty},
            scheduler={"additional_fields": {nasty: field}},
        )
    )
    choose(page)
    introduce(page, name=nasty)
    submit(page)
    headline(page, "You are booked")
    assert page.get_by_role("heading", level=1).inner_text() == nasty
    assert page.title() == nasty
    assert page.locator("main b").count() == 0
