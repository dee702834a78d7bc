"""Series in a calendar: they keep the host busy, and are listed as one event or as many."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings.sandbox import Behaviour, Sandbox

from .calls import BOOKINGS, HALF_AN_HOUR, MONDAY, NINE, Answer, Raw, slot
from .groups import DAILY, DAY, Group, a_class

TUESDAY = slot(DAY // HALF_AN_HOUR)
THURSDAY = slot(3 * DAY // HALF_AN_HOUR)


async def _events(raw: Raw, **query: Any) -> Answer:
    path = f"/v3/grants/{raw.sandbox.grant_id}/events"
    return await raw("GET", path, key=raw.sandbox.api_key, **{"calendar_id": "primary", **query})


async def _ids(raw: Raw, **query: Any) -> list[str]:
    return [event["id"] for event in (await _events(raw, **query)).told["data"]]


def _around(when: dict[str, int]) -> dict[str, int]:
    """A query for the middle of a slot."""
    return {"start": when["start_time"] + 600, "end": when["end_time"] - 600}


async def _mornings(raw: Raw) -> list[int]:
    """The days of the week, counted from Monday, on which nine o'clock can be booked."""
    midnight = int(MONDAY.timestamp())
    query = {"start_time": midnight, "end_time": midnight + 5 * DAY}
    public = raw.sandbox.public
    answer = await raw("GET", "/v3/scheduling/availability", **query, configuration_id=public)
    starts = [one["start_time"] for one in answer.told["data"]["time_slots"]]
    return [(start - NINE) // DAY for start in starts if (start - NINE) % DAY == 0]


async def _series(group: Group, *lines: str) -> str:
    rules = {"recurrence": [*DAILY["recurrence"], *lines]}
    return str((await group.event(**a_class(**rules))).told["data"]["id"])


async def test_a_series_makes_its_host_busy(raw: Raw, group: Group) -> None:
    """All events of a series keep their host from being booked, and none that does not happen."""
    assert await _mornings(raw) == [0, 1, 2, 3, 4]
    await _series(group)
    assert await _mornings(raw) == [3, 4]
    for when, status in ((TUESDAY, 400), (THURSDAY, 200)):
        body = {**when, "guest": {"name": "Jo", "email": "jo@example.com"}}
        booked = await raw("POST", BOOKINGS, body, configuration_id=raw.sandbox.public)
        assert booked.status == status


async def test_what_a_series_leaves_out_is_free(raw: Raw, group: Group) -> None:
    """An EXDATE, of the first event too, makes room for others."""
    await _series(group, "EXDATE:20261123T090000Z,20261125T090000Z")
    assert await _mornings(raw) == [0, 2, 3, 4]


async def test_a_series_that_does_not_make_busy(raw: Raw, group: Group, sandbox: Sandbox) -> None:
    """An imported event that was free is free however often it comes."""
    start, end = (slot()[name] for name in ("start_time", "end_time"))
    event_id = sandbox.add_event(sandbox.organizer_email, start, end, busy=False)
    path = f"/v3/scheduling/configurations/{group.id}/import-group-events"
    imported = [{"calendar_id": "primary", "event_id": event_id}]
    assert (await raw("POST", path, imported, key=sandbox.api_key)).status == 200
    assert (await group.event("PUT", event_id, **DAILY)).status == 200
    assert await _mornings(raw) == [0, 1, 2, 3, 4]
    assert await _ids(raw, **_around(TUESDAY)) == [event_id]


async def test_a_series_is_listed_once(raw: Raw, group: Group) -> None:
    """A series is listed as one event wherever any of it is, and what was joined besides."""
    master_id = await _series(group, "EXDATE:20261124T090000Z")
    wednesday = (await group.slots())[1]
    times = {name: wednesday[name] for name in ("start_time", "end_time")}
    assert await _ids(raw) == [master_id]
    assert await _ids(raw, **_around(times), metadata_pair=f"key5:{group.id}") == [master_id]
    assert await _ids(raw, **_around(TUESDAY)) == []
    assert await _ids(raw, start=THURSDAY["start_time"]) == []
    await group.join(wednesday["event_id"], **times)
    assert await _ids(raw, **_around(times)) == [master_id, wednesday["event_id"]]
    assert await _ids(raw, **_around(times), title="Judo") == []
    assert await _ids(raw, master_event_id=master_id) == [wednesday["event_id"]]


async def test_a_series_is_expanded(raw: Raw, group: Group, sandbox: Sandbox) -> None:
    """Expanded, each event of a series is listed at its time, and one that was joined once."""
    master_id = await _series(group)
    offered = await group.slots()
    named = [one["event_id"] for one in offered]
    await group.join(named[1], **TUESDAY)
    booked = (await raw.book(1)).told["data"]["event_id"]
    told = (await _events(raw, expand_recurring="true")).told["data"]
    assert [event["id"] for event in told] == [named[0], booked, *named[1:]]
    assert [told[n]["when"]["start_time"] for n in (0, 2, 3)] == [
        one["start_time"] for one in offered
    ]
    assert [len(told[n]["participants"]) for n in (0, 2, 3)] == [1, 2, 1]
    assert {told[n]["master_event_id"] for n in (0, 2, 3)} == {master_id}
    assert not any("recurrence" in event for event in told)
    for n in (1, 2):
        when = told[n + 1]["when"]
        assert await _ids(raw, expand_recurring="true", **_around(when)) == [named[n]]
    of_series = await _ids(raw, expand_recurring="true", master_event_id=master_id)
    assert of_series == named
    pages = [
        await _ids(raw, expand_recurring="true", limit=3, page_token=token) for token in ("0", "3")
    ]
    assert pages == [[named[0], booked, named[1]], [named[2]]]
    sandbox.behaviour = Behaviour(expand_recurring=True)
    assert await _ids(raw) == [event["id"] for event in told]
    assert master_id in await _ids(raw, expand_recurring="false")
    assert (await _events(raw, metadata_pair="key5:x")).status == 200
    refused = await _events(raw, expand_recurring="true", metadata_pair="key5:x")
    assert refused.status == 400
    assert (await _events(raw, expand_recurring="perhaps")).status == 400


@pytest.mark.parametrize("end", ["", "_20261124T090001Z", "_20261199T090000Z", "_20261126T090000Z"])
async def test_one_of_a_series_is_read(raw: Raw, group: Group, end: str) -> None:
    """Each event of a series can be read by its own id; what does not happen is not there."""
    master_id = await _series(group)
    path = f"/v3/grants/{raw.sandbox.grant_id}/events/{master_id}"
    found = await raw("GET", f"{path}_20261124T090000Z", key=raw.sandbox.api_key)
    assert found.told["data"]["when"]["start_time"] == TUESDAY["start_time"]
    other = await raw("GET", path + end, key=raw.sandbox.api_key)
    assert other.status == (404 if end else 200)
