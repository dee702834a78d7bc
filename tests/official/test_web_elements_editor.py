"""The official editor of configurations lists, creates, saves and deletes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from nylas_bookings.sandbox import Sandbox

from ..waiting import until
from .site import Site

KNOWN = re.compile(
    r"GET calendars|(GET|POST) scheduling/configurations"
    r"|(GET|PUT|DELETE) scheduling/configurations/[0-9a-f-]{36}"
)


@pytest.fixture
def editor(new_page: Callable[..., Any], live: Sandbox, site: Site) -> Iterator[Any]:
    """The editor with the key of the sandbox; the test fails when it asks for anything else."""
    page, asked = new_page(viewport={"width": 1200, "height": 1600}), []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    signed_in = {"grant": live.grant_id, "token": live.api_key, "email": live.organizer_email}
    page.goto(site.page("editor", url=live.url, **signed_in))
    yield page
    root = f"{live.url}/v3/grants/{live.grant_id}/"
    elsewhere = [line for line in asked if urlsplit(line).scheme and site.url not in line]
    calls = [line.partition("?")[0].replace(root, "") for line in elsewhere]
    assert [line for line in calls if not KNOWN.fullmatch(line)] == []


def _press(page: Any, name: str, role: str = "button") -> None:
    """Press what lies below another part of the same button, which takes the click."""
    page.get_by_role(role, name=name, exact=True).last.click(force=True)


def _row(page: Any, title: str) -> Any:
    return page.get_by_role("row", name=title)


def _create(page: Any, title: str) -> None:
    _press(page, "Create new")
    page.get_by_role("heading", name="1:1", exact=True).click()
    page.get_by_role("button", name="booking-calendar").wait_for()
    page.locator("[contenteditable]").fill(title)
    _press(page, "Create")
    page.get_by_role("button", name="Save changes").wait_for()


def _renamed(page: Any, title: str) -> bool:
    """Save another title; while the page still loads it may put the old one back."""
    page.locator("[contenteditable]").first.fill(title)
    with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
        _press(page, "Save changes")
    sent: dict[str, Any] = saved.value.request.post_data_json
    return bool(sent["event_booking"]["title"] == title)


def test_it_lists_what_is_there(editor: Any) -> None:
    """Each configuration has a row with its title and its duration."""
    for title in ("Introduction", "Private call", "By appointment"):
        _row(editor, f"{title} 30 mins").wait_for()


def test_a_configuration_from_its_beginning_to_its_end(editor: Any, live: Sandbox) -> None:
    """Created, changed and saved whole, listed anew, deleted."""
    _create(editor, "Checkup")
    made = live.configurations()[-1]
    assert made["event_booking"]["title"] == "Checkup"
    assert made["version"] == "1.0.0"
    until(lambda: _renamed(editor, "Checkup again"))
    editor.get_by_text("Changes saved!").wait_for()
    saved = live.configurations()[-1]
    assert saved["event_booking"]["title"] == "Checkup again"
    assert saved["id"] == made["id"]
    assert saved["scheduler"]["confirmation_redirect_url"] == ""
    _press(editor, "Cancel")
    row = _row(editor, "Checkup again 30 mins")
    row.get_by_role("button", name="actions").click(force=True)
    _press(editor, "Delete", role="option")
    _press(editor, "Delete page")
    row.wait_for(state="detached")
    assert made["id"] not in {one["id"] for one in live.configurations()}


def test_what_it_created_can_be_booked(editor: Any, live: Sandbox) -> None:
    """The configuration that the editor made offers half hours of working days."""
    _create(editor, "Checkup")
    made = live.configurations()[-1]
    offered = "url => fetch(url).then(answer => answer.json()).then(told => told.data.time_slots)"
    now = live.clock.now()
    asked = f"configuration_id={made['id']}&start_time={now}&end_time={now + 7 * 86400}"
    url = f"{live.url}/v3/scheduling/availability?{asked}"
    slots = editor.evaluate(offered, url)
    assert {slot["end_time"] - slot["start_time"] for slot in slots} == {1800}
