"""Calendars as ICS feeds, read back by the library that calendar programs would use."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from nylas_bookings.sandbox import Sandbox

from ..calls import MONDAY, NINE, Raw
from .asking import Controls, Wire

PRIMARY = "calendars/host@example.com/primary.ics"


async def _feed(controls: Controls, path: str = PRIMARY) -> Any:
    answer = await controls("GET", path)
    assert answer.status == 200, answer.body
    return icalendar.Calendar.from_ical(answer.body)


async def test_a_booking_is_an_event(controls: Controls, sandbox: Sandbox, raw: Raw) -> None:
    """A booking is there with its time, its people, its links, and a stable identity."""
    guests = [{"name": 'Joe "Q" Public; Ltd', "email": "joe@example.com"}]
    booked = (await raw.book(additional_guests=guests)).told["data"]
    feed = await _feed(controls)
    (event,) = feed.events
    assert feed["X-WR-CALNAME"] == "Ada Host"
    assert event["UID"] == f"{booked['event_id']}@sandbox"
    assert event.start == datetime.fromtimestamp(NINE, UTC)
    assert event.end - event.start == timedelta(minutes=30)
    assert (event["SUMMARY"], event["STATUS"], event["TRANSP"]) == (
        "Introduction",
        "CONFIRMED",
        "OPAQUE",
    )
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == (
        "mailto:host@example.com",
        "Ada Host",
    )
    people = {str(one): one.params for one in event["ATTENDEE"]}
    assert people["mailto:host@example.com"]["PARTSTAT"] == "ACCEPTED"
    assert people["mailto:jane@example.com"]["PARTSTAT"] == "NEEDS-ACTION"
    assert people["mailto:joe@example.com"]["CN"] == 'Joe "Q" Public; Ltd'
    assert "Reschedule: http" in event["DESCRIPTION"]
    assert "<a" not in event["DESCRIPTION"]
    assert event["URL"].endswith(f"/_sandbox/events/{booked['event_id']}")


async def test_a_pending_booking_is_tentative(
    controls: Controls, sandbox: Sandbox, raw: Raw
) -> None:
    """What the organizer has not confirmed is tentative, and says so in its title."""
    body = {"start_time": NINE, "end_time": NINE + 1800}
    guest = {"guest": {"name": "Jane", "email": "jane@example.com"}}
    path = "/v3/scheduling/bookings"
    await raw("POST", path, {**body, **guest}, configuration_id=sandbox.confirming)
    (event,) = (await _feed(controls)).events
    assert (event["STATUS"], event["SUMMARY"]) == ("TENTATIVE", "[PENDING] By appointment")


async def test_a_change_counts(controls: Controls, sandbox: Sandbox, raw: Raw) -> None:
    """A rescheduled event keeps its identity, and is newer; a cancelled one is gone."""
    booking = (await raw.book()).told["data"]["booking_id"]
    (first,) = (await _feed(controls)).events
    sandbox.clock.advance(minutes=5)
    path, where = f"/v3/scheduling/bookings/{booking}", {"configuration_id": sandbox.public}
    moved = {"start_time": NINE + 3600, "end_time": NINE + 5400}
    assert (await raw("PATCH", path, moved, **where)).status == 200
    (second,) = (await _feed(controls)).events
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second["LAST-MODIFIED"].dt - first["LAST-MODIFIED"].dt == timedelta(minutes=5)
    assert second["DTSTAMP"].dt == MONDAY + timedelta(minutes=5)
    await raw("DELETE", path, {}, **where)
    assert (await _feed(controls)).events == []


async def test_unchanged_feeds_are_not_sent_again(
    controls: Controls, sandbox: Sandbox, raw: Raw
) -> None:
    """A feed has a tag, which changes with the calendar and not with the time."""
    await raw.book()
    first = await controls("GET", PRIMARY)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    tag = first.headers["ETag"]
    sandbox.clock.advance(days=1)
    for known in (tag, f'"other", W/{tag}', "*"):
        answer = await controls("GET", PRIMARY, **{"If-None-Match": known})
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", tag)
    await raw.book(50)
    again = await controls("GET", PRIMARY, **{"If-None-Match": tag})
    assert (again.status, again.headers["ETag"] == tag) == (200, False)


async def test_each_calendar_has_its_feed(controls: Controls, sandbox: Sandbox) -> None:
    """The address that a calendar tells, its owner's address and its grant lead to its feed."""
    sandbox.add_calendar(sandbox.grant_id, "Team / Büro", calendar_id="team/büro")
    sandbox.add_event(
        sandbox.grant_id, NINE, NINE + 60, title="Räume; räumen,\nalle", calendar_id="team/büro"
    )
    sandbox.add_event(sandbox.grant_id, NINE, NINE + 60, busy=False)
    (host,) = sandbox.hosts()
    for calendar, title in zip(host["calendars"], ("Busy", "Räume; räumen,\nalle"), strict=True):
        _, path = calendar["feed"].split("/_sandbox/")
        (event,) = (await _feed(controls, path)).events
        assert event["SUMMARY"] == title
    for name in ("primary", "host@example.com", "host%40example.com"):
        (event,) = (await _feed(controls, f"calendars/{sandbox.grant_id}/{name}.ics")).events
        assert event["TRANSP"] == "TRANSPARENT"


async def test_texts_stay_texts(controls: Controls, sandbox: Sandbox, raw: Raw) -> None:
    """Whatever a guest is called, the feed has one event, without lines of the guest's own."""
    name = "Jane\r\nBEGIN:VEVENT\nSUMMARY:Evil\x00\x07"
    await raw.book(guest={"name": name, "email": "jane@example.com"})
    (event,) = (await _feed(controls)).events
    (jane,) = [one for one in event["ATTENDEE"] if one == "mailto:jane@example.com"]
    assert "Evil" in jane.params["CN"]
    assert "\x00" not in jane.params["CN"]


async def test_without_the_library_it_says_so(
    controls: Controls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without icalendar the answer names what has to be installed, and the rest works."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    answer = await controls("GET", PRIMARY)
    assert (answer.status, "nylas-bookings[sandbox]" in answer.message) == (501, True)
    assert (await controls("GET", "state")).status == 200


def test_programs_can_subscribe(wire: Wire) -> None:
    """Over the socket a feed needs neither key nor header."""
    wire.book()
    answer = wire("GET", f"/_sandbox/{PRIMARY}", headers={})
    assert (answer.status, answer.body.count(b"BEGIN:VEVENT")) == (200, 1)
    assert wire("HEAD", f"/_sandbox/{PRIMARY}", headers={}).headers["ETag"]
