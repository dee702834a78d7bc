"""More hosts, more calendars, and time that is taken."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nylas_bookings.sandbox import Sandbox

from ..calls import MONDAY, NINE, Raw, slot, wanted
from .asking import Controls

GRACE = "grace@example.com"


def _times(number: int) -> tuple[int, int]:
    return slot(number)["start_time"], slot(number)["end_time"]


async def _starts(raw: Raw, configuration: str) -> list[int]:
    query = {"start_time": NINE, "end_time": NINE + 3 * 3600, "configuration_id": configuration}
    told = (await raw("GET", "/v3/scheduling/availability", **query)).told
    return [found["start_time"] for found in told["data"]["time_slots"]]


async def test_a_new_host_can_be_booked(sandbox: Sandbox, raw: Raw) -> None:
    """A host who was added can have a configuration, is booked, and is busy then."""
    grant_id = sandbox.add_host(GRACE, name="Grace", timezone="Europe/Berlin")
    host: dict[str, Any] = {"email": GRACE, "availability": {}, "booking": {"calendar_id": GRACE}}
    told = await raw(
        "POST",
        f"/v3/grants/{grant_id}/scheduling/configurations",
        {
            "participants": [{**host, "is_organizer": True}],
            "availability": {"duration_minutes": 30},
            "event_booking": {"title": "Compilers"},
        },
        key=sandbox.api_key,
    )
    configuration = told.told["data"]["id"]
    body = wanted()
    answer = await raw("POST", "/v3/scheduling/bookings", body, configuration_id=configuration)
    assert (answer.status, answer.told["data"]["organizer"]["name"]) == (200, GRACE)
    assert [event["grant_id"] for event in sandbox.events()] == [grant_id]
    assert body["start_time"] not in await _starts(raw, configuration)


async def test_a_host_is_told(sandbox: Sandbox) -> None:
    """The hosts have their calendars with them, and the token that speaks for the grant."""
    grant_id = sandbox.add_host(GRACE, timezone="utc")
    calendar_id = sandbox.add_calendar(GRACE, "Holidays", timezone="Asia/Tokyo")
    _, grace = sandbox.hosts()
    assert (grace["id"], grace["email"], grace["name"]) == (grant_id, GRACE, GRACE)
    primary = {"id": "primary", "timezone": "UTC", "is_primary": True}
    holidays = {"id": calendar_id, "timezone": "Asia/Tokyo", "is_primary": False}
    for wanted_ in (primary, holidays):
        assert any(wanted_.items() <= found.items() for found in grace["calendars"])
    assert len(grace["access_token"]) == 40


async def test_time_that_is_taken_is_not_offered(sandbox: Sandbox, raw: Raw) -> None:
    """A busy event takes its time until it is removed; one that is not busy takes none."""
    free = await _starts(raw, sandbox.public)
    start, end = _times(1)
    event_id = sandbox.add_event(sandbox.organizer_email, start, end, title="Dentist")
    sandbox.add_event(sandbox.grant_id, *_times(2), busy=False)
    assert await _starts(raw, sandbox.public) == [time for time in free if time != start]
    assert (await raw.book(1)).message == "The selected timeslot is unavailable"
    sandbox.remove_event(event_id)
    assert await _starts(raw, sandbox.public) == free


async def test_the_api_tells_an_event_that_was_added(sandbox: Sandbox, raw: Raw) -> None:
    """The Events API finds it as it finds all others, with aware times as they are."""
    sandbox.add_calendar(sandbox.grant_id, "Team", calendar_id="team")
    noon = MONDAY.replace(hour=12, tzinfo=ZoneInfo("America/New_York"))
    sandbox.add_event(
        sandbox.organizer_email, noon, noon.replace(hour=13), title="Lunch", calendar_id="team"
    )
    path = f"/v3/grants/{sandbox.grant_id}/events"
    told = (await raw("GET", path, key=sandbox.api_key, calendar_id="team")).told
    (event,) = told["data"]
    assert (event["title"], event["when"]["start_time"]) == ("Lunch", int(noon.timestamp()))


async def test_the_same_over_http(sandbox: Sandbox, controls: Controls) -> None:
    """Hosts, calendars and events are added and removed over HTTP as in Python."""
    told = (await controls("POST", "grants", {"email": GRACE, "name": None})).told
    assert told == {"grant_id": sandbox.hosts()[1]["id"]}
    calendar = {"host": GRACE, "name": "Team", "calendar_id": "team", "timezone": "Asia/Tokyo"}
    assert (await controls("POST", "calendars", calendar)).told == {"calendar_id": "team"}
    event = {
        "host": told["grant_id"],
        "start": "2026-11-23T09:00:00Z",
        "end": NINE + 60,
        "title": "Dentist",
        "calendar_id": "team",
        "busy": False,
    }
    event_id = (await controls("POST", "events", event)).told["event_id"]
    (kept,) = sandbox.events()
    assert (kept["id"], kept["calendar_id"], kept["busy"]) == (event_id, "team", False)
    assert kept["when"] == {"object": "timespan", "start_time": NINE, "end_time": NINE + 60}
    assert (await controls("DELETE", f"events/{event_id}")).told == {"event_id": event_id}
    assert sandbox.events() == []


@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        ("add_host", ("grace",), "no address"),
        ("add_host", ("gr ace@example.com",), "no address"),
        ("add_host", ("host@example.com",), "already"),
        ("add_calendar", ("nobody", "Team"), "no host"),
        ("add_event", ("nobody", *_times(0)), "no host"),
        ("add_event", ("host@example.com", *reversed(_times(0))), "later"),
        ("add_event", ("host@example.com", MONDAY.replace(tzinfo=None), NINE), "naive"),
        ("remove_event", ("nothing",), "no event"),
    ],
)
def test_what_cannot_be_is_refused(
    sandbox: Sandbox, name: str, arguments: tuple[Any, ...], problem: str
) -> None:
    """What makes no sense is a ValueError that says why."""
    with pytest.raises(ValueError, match=problem):
        getattr(sandbox, name)(*arguments)


async def test_calendars_are_checked(sandbox: Sandbox) -> None:
    """A zone that nobody knows, a second calendar with an id, an event in none: refused."""
    for timezone in ("Mars/Olympus", "", "../etc/passwd"):
        with pytest.raises(ValueError, match="no known time zone"):
            sandbox.add_host(GRACE, timezone=timezone)
    for taken in ("primary", sandbox.organizer_email):
        with pytest.raises(ValueError, match="already"):
            sandbox.add_calendar(sandbox.grant_id, "Second", calendar_id=taken)
    with pytest.raises(ValueError, match="no calendar"):
        sandbox.add_event(sandbox.grant_id, *_times(0), calendar_id="team")


async def test_the_event_of_a_booking_stays(sandbox: Sandbox, raw: Raw) -> None:
    """What a booking put into the calendar goes when it is cancelled, and not before."""
    event_id = (await raw.book()).told["data"]["event_id"]
    with pytest.raises(ValueError, match="belongs to a booking"):
        sandbox.remove_event(event_id)
    assert len(sandbox.events()) == 1


async def test_a_long_event_takes_all_its_time(sandbox: Sandbox, raw: Raw) -> None:
    """An event of a week is found behind shorter ones; when it is gone, its time is free again."""
    free = await _starts(raw, sandbox.public)
    week = sandbox.add_event(sandbox.organizer_email, NINE - 86_400, NINE + 6 * 86_400)
    for day in range(1, 5):
        start = NINE + day * 86_400
        sandbox.add_event(sandbox.organizer_email, start, start + 600)
    assert await _starts(raw, sandbox.public) == []
    assert (await raw.book()).status == 400
    sandbox.remove_event(week)
    assert await _starts(raw, sandbox.public) == free
