"""Group events that repeat: one entry of a feed, and many in a week that is looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr

from nylas_bookings.sandbox import Sandbox

from ..calls import Raw
from .asking import Controls

BERLIN = ZoneInfo("Europe/Berlin")
# Four weeks before the clocks go back, so that a series passes the change.
FIRST = datetime(2026, 10, 5, 9, tzinfo=BERLIN)
RULES = [
    ["RRULE:FREQ=WEEKLY;COUNT=6"],
    ["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=8"],
    ["RRULE:FREQ=WEEKLY;UNTIL=20261102"],
    ["RRULE:FREQ=WEEKLY;UNTIL=20261102T090000"],
    ["RRULE:FREQ=WEEKLY;UNTIL=20261102T075959Z"],
    ["RRULE:FREQ=DAILY;COUNT=30", "EXDATE:20261006,20261026"],
    ["RRULE:FREQ=DAILY;COUNT=30", "EXDATE:20261006T070000Z,20261026T080000Z"],
    ["RRULE:FREQ=DAILY;COUNT=30", "EXDATE;TZID=America/New_York:20261007T030000"],
    ["rrule:freq=monthly;bymonthday=5;count=3", "EXDATE;TZID=Europe/Berlin:20261105T090000"],
]


class Series:
    """A group configuration with one series."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._path = f"/v3/grants/{raw.sandbox.grant_id}/scheduling/configurations"
        self.configuration = ""

    async def made(self, rule: list[str], zone: str | None = "Europe/Berlin") -> str:
        """Make it; says the id of the series."""
        key = self._raw.sandbox.api_key
        group = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}
        told = await self._raw("POST", self._path, group, key=key)
        self.configuration = told.told["data"]["id"]
        start = int(FIRST.timestamp())
        zones = {} if zone is None else {"start_timezone": zone, "end_timezone": zone}
        event = {
            "calendar_id": "primary",
            "title": "Yoga",
            "capacity": 3,
            "when": {"start_time": start, "end_time": start + 3600, **zones},
            "recurrence": rule,
        }
        path = f"{self._path}/{self.configuration}/group-events"
        answer = await self._raw("POST", path, event, key=key)
        assert answer.status == 200, answer.told
        return str(answer.told["data"]["id"])


@pytest.fixture
def series(raw: Raw, sandbox: Sandbox) -> Series:
    """A group configuration, before the series begins."""
    sandbox.clock.freeze(FIRST - timedelta(days=1))
    return Series(raw)


async def _events(controls: Controls) -> list[Any]:
    answer = await controls("GET", "calendars/host@example.com/primary.ics")
    return list(icalendar.Calendar.from_ical(answer.body).events)


async def _unrolled(controls: Controls, **more: int) -> list[dict[str, Any]]:
    asked = {"start": int(FIRST.timestamp()), "end": int(FIRST.timestamp()) + 99 * 86400, **more}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    found: list[dict[str, Any]] = (await controls("GET", f"events?expand=true&{query}")).told
    return found


def _starts(event: Any) -> list[datetime]:
    """When the events of a series start, as a calendar program understands the feed."""
    start = event.start
    rule = event["RRULE"].to_ical().decode()
    if "UNTIL" in event["RRULE"]:
        (until,) = event["RRULE"]["UNTIL"]
        local = until.astimezone(start.tzinfo).strftime("%Y%m%dT%H%M%S")
        rule = rule.replace(until.strftime("%Y%m%dT%H%M%SZ"), local)
    begins = rrulestr(rule, dtstart=start.replace(tzinfo=None))
    excluded = event.get("EXDATE")
    left_out = {one.dt for one in excluded.dts} if excluded else set()
    found = [begin.replace(tzinfo=start.tzinfo) for begin in begins]
    return [begin for begin in found if begin not in left_out]


@pytest.mark.parametrize("rule", RULES)
async def test_a_feed_means_what_is_offered(
    controls: Controls, series: Series, rule: list[str]
) -> None:
    """A calendar program gets the same times out of a feed as the sandbox offers."""
    await series.made(rule)
    (event,) = await _events(controls)
    offered = [found["when"]["start_time"] for found in await _unrolled(controls)]
    assert [int(begin.timestamp()) for begin in _starts(event)] == offered
    assert len(offered) >= 2


async def test_a_series_stays_at_its_time_of_day(controls: Controls, series: Series) -> None:
    """A series is told in its own zone, which comes with the feed; without one, in UTC."""
    await series.made(["RRULE:FREQ=WEEKLY;COUNT=6"])
    (event,) = await _events(controls)
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert {begin.hour for begin in _starts(event)} == {9}
    feed = (await controls("GET", "calendars/host@example.com/primary.ics")).body
    assert feed.count(b"BEGIN:VTIMEZONE") == 1


async def test_without_a_zone_a_series_is_in_utc(controls: Controls, series: Series) -> None:
    """A series that names no zone repeats in UTC."""
    await series.made(["RRULE:FREQ=WEEKLY;COUNT=6"], zone=None)
    (event,) = await _events(controls)
    assert event.start == FIRST.astimezone(UTC)
    assert "TZID" not in event["DTSTART"].params


async def test_one_of_a_series_can_be_booked(
    controls: Controls, series: Series, sandbox: Sandbox, raw: Raw
) -> None:
    """An event of the series that has guests is told by itself, in place of that one."""
    master = await series.made(["RRULE:FREQ=WEEKLY;COUNT=6"])
    second = (await _unrolled(controls))[1]
    body = {
        "start_time": second["when"]["start_time"],
        "end_time": second["when"]["end_time"],
        "event_id": second["id"],
        "guest": {"name": "Jane", "email": "jane@example.com"},
    }
    where = {"configuration_id": series.configuration}
    assert (await raw("POST", "/v3/scheduling/bookings", body, **where)).status == 200
    whole, one = sorted(await _events(controls), key=lambda event: "RECURRENCE-ID" in event)
    assert whole["UID"] == one["UID"] == f"{master}@sandbox"
    assert one["RECURRENCE-ID"].dt == FIRST + timedelta(weeks=1)
    assert "RRULE" not in one
    unrolled = await _unrolled(controls)
    assert [event["id"] for event in unrolled].count(second["id"]) == 1
    assert len(unrolled) == 6


async def test_only_what_is_looked_at_is_unrolled(controls: Controls, series: Series) -> None:
    """Of a series that never ends, a week has its own events, and those that last into it."""
    await series.made(["RRULE:FREQ=DAILY"])
    later = int(FIRST.timestamp()) + 10 * 86400
    found = await _unrolled(controls, start=later + 1800, end=later + 7 * 86400)
    assert [event["when"]["start_time"] for event in found] == [
        later + day * 86400 for day in range(7)
    ]
    assert all(event["master_event_id"] for event in found)
