"""Booking pages of other kinds: private, to be confirmed, for groups, of hosts who take turns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from nylas_bookings.sandbox import Sandbox

from .visiting import WORKING_DAYS, Visit, choose, headline, introduce, submit, times, told

NOON = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp())


def test_a_private_page_opens_a_session(page: Any, visit: Visit, listening: Sandbox) -> None:
    """Without a session a private page says so, and the button beside it opens one."""
    page.goto(visit.page(listening.private))
    page.get_by_role("heading", name="This page is private").wait_for()
    page.get_by_role("button", name="Open a session").click()
    choose(page)
    introduce(page)
    submit(page)
    headline(page, "You are booked")
    assert visit.statuses() == ["booked"]


def test_a_session_that_ends_meanwhile(page: Any, visit: Visit, listening: Sandbox) -> None:
    """When the session ends before the form is sent, the visitor is told what to do."""
    asked = {"configuration_id": listening.private}
    session = visit.ask("POST", "/v3/scheduling/sessions", asked)["session_id"]
    page.goto(f"{visit.page(listening.private)}?session={session}")
    choose(page)
    introduce(page)
    listening.clock.advance(minutes=6)
    submit(page)
    assert "Your session has ended" in page.get_by_role("alert").inner_text()
    page.reload()
    page.get_by_role("heading", name="Your session has ended").wait_for()
    page.get_by_role("button", name="Open a session").click()
    headline(page, "Choose a time")


def test_a_host_who_has_to_confirm(page: Any, visit: Visit, listening: Sandbox) -> None:
    """Where the host confirms, the page says so before and after."""
    page.goto(visit.page(listening.confirming))
    assert "The host confirms each booking" in page.locator(".about").inner_text()
    choose(page)
    introduce(page)
    submit(page, "Send request")
    headline(page, "Your request is sent")
    assert told(page, "What") == "By appointment"
    assert visit.statuses() == ["pending"]


def test_a_group_is_joined(page: Any, visit: Visit, listening: Sandbox) -> None:
    """A group page shows meetings with the places left; who books joins the very one."""
    group = _group(visit, capacity=2)
    page.goto(visit.page(group))
    page.get_by_role("button", name="Tuesday 24 November, 1 time").click()
    assert times(page) == ["12:00 – 13:00\n2 places left"]
    page.get_by_role("button", name="Next month").click()
    choose(page, "12:00", "Tuesday 1 December")
    introduce(page)
    submit(page)
    headline(page, "You are booked")
    assert told(page, "What") == "Yoga"
    (booking,) = listening.bookings()
    assert booking["start"] == NOON + 7 * 86400
    assert booking["event_id"].endswith("_20261201T120000Z")


def test_a_guest_moves_to_another_meeting(page: Any, visit: Visit, listening: Sandbox) -> None:
    """In a group, moving a booking is leaving one meeting for another one of the series."""
    group = _group(visit, capacity=1)
    _join(visit, group)
    page.goto(visit.link("Reschedule"))
    choose(page, "12:00", "Tuesday 1 December")
    submit(page, "Move the booking")
    headline(page, "Your booking is moved")
    (booking,) = listening.bookings()
    assert booking["event_id"].endswith("_20261201T120000Z")


def test_a_group_that_is_full_meanwhile(page: Any, visit: Visit) -> None:
    """When the last place is taken, the page shows what is left."""
    group = _group(visit, capacity=1)
    page.goto(visit.page(group))
    choose(page, "12:00", "Tuesday 24 November")
    introduce(page)
    _join(visit, group)
    submit(page)
    assert "12:00 was taken" in page.get_by_role("alert").inner_text()
    assert page.get_by_role("button", name="Tuesday 24 November, no times").count() == 1


def test_hosts_take_turns(page: Any, visit: Visit, listening: Sandbox) -> None:
    """In round-robin, whoever's turn it is is booked, or the next one if busy meanwhile."""
    emails = [listening.organizer_email, "bob@example.com", "cleo@example.com"]
    for email in emails[1:]:
        listening.add_host(email)
    page.goto(
        visit.configured(
            participants=[_host(email) for email in emails],
            availability={
                "duration_minutes": 30,
                "availability_rules": {"availability_method": "max-availability"},
            },
        )
    )
    choose(page)
    introduce(page)
    turns = visit.ask(
        "GET",
        "/v3/scheduling/availability",
        configuration_id=listening.public,
        start_time=NOON,
        end_time=NOON + 60,
    )["order"]
    listening.add_event(
        turns[0],
        datetime(2026, 11, 23, 9, tzinfo=UTC),
        datetime(2026, 11, 23, 10, tzinfo=UTC),
    )
    submit(page)
    headline(page, "You are booked")
    assert listening.bookings()[0]["hosts"] == turns[1]


def _join(visit: Visit, group: str) -> None:
    """Take a place in the first meeting of a group."""
    slot = visit.ask(
        "GET",
        "/v3/scheduling/availability",
        configuration_id=group,
        start_time=NOON,
        end_time=NOON + 60,
    )["time_slots"][0]
    body = {**slot, "guest": {"name": "Jane", "email": "jane@example.com"}}
    visit.ask("POST", "/v3/scheduling/bookings", body, configuration_id=group)


def _host(email: str) -> dict[str, Any]:
    return {
        "email": email,
        "is_organizer": email == "host@example.com",
        "availability": {"open_hours": WORKING_DAYS},
        "booking": {"calendar_id": "primary"},
    }


def _group(visit: Visit, capacity: int) -> str:
    """A group configuration with a meeting each week; says its id."""
    path = f"/v3/grants/{visit.sandbox.grant_id}/scheduling/configurations"
    document = {"type": "group", "name": "Studio", "group_booking": {"calendar_id": "primary"}}
    group = str(visit.ask("POST", path, document)["id"])
    meeting = {
        "calendar_id": "primary",
        "capacity": capacity,
        "title": "Yoga",
        "participants": [],
        "when": {"start_time": NOON, "end_time": NOON + 3600},
        "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"],
    }
    visit.ask("POST", f"{path}/{group}/group-events", meeting)
    return group
