"""The calendar that bookings are written into."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings.sandbox import Sandbox

from .calls import Answer, Raw, slot


async def _events(raw: Raw, **query: Any) -> Answer:
    path = f"/v3/grants/{raw.sandbox.grant_id}/events"
    return await raw("GET", path, key=raw.sandbox.api_key, **{"calendar_id": "primary", **query})


async def test_a_lost_booking_is_found(raw: Raw, sandbox: Sandbox) -> None:
    """A booking is found by its configuration and its time."""
    booked = [(await raw.book(n)).told["data"]["event_id"] for n in range(3)]
    around = {"start": slot(1)["start_time"], "end": slot(1)["end_time"]}
    found = await _events(raw, metadata_pair=f"key5:{sandbox.public}", **around)
    assert [event["id"] for event in found.told["data"]] == [booked[1]]
    assert (await _events(raw, metadata_pair="key5:other")).told["data"] == []
    titled = await _events(raw, title="Introduction", show_cancelled="true")
    assert len(titled.told["data"]) == 3
    by_address = await _events(raw, calendar_id=sandbox.organizer_email)
    assert len(by_address.told["data"]) == 3


async def test_events_come_in_pages(raw: Raw) -> None:
    """Pages hold as many events as were asked for, and each event is on one of them."""
    booked = [(await raw.book(n)).told["data"]["event_id"] for n in range(5)]
    found, token = [], None
    while token != "":
        query = {} if token is None else {"page_token": token}
        page = (await _events(raw, limit=2, **query)).told
        assert len(page["data"]) <= 2
        found += [event["id"] for event in page["data"]]
        token = page["next_cursor"] or ""
    assert found == booked


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"calendar_id": ""}, 400),
        ({"calendar_id": "other"}, 404),
        ({"limit": 0}, 400),
        ({"limit": 201}, 400),
        ({"limit": "²"}, 400),
        ({"start": "noon"}, 400),
        ({"end": "9" * 30}, 400),
        ({"page_token": "x"}, 400),
        ({"metadata_pair": "source"}, 400),
        ({"metadata_pair": "source:scheduler"}, 400),
        ({"metadata_pair": "key1[:x"}, 400),
    ],
)
async def test_a_wrong_query_is_refused(raw: Raw, query: dict[str, Any], status: int) -> None:
    """A query that cannot be meant gets an error, not everything."""
    assert (await _events(raw, **query)).status == status


async def test_one_event_is_read(raw: Raw, sandbox: Sandbox) -> None:
    """An event is read by its id, with the key alone."""
    event_id = (await raw.book()).told["data"]["event_id"]
    path = f"/v3/grants/{sandbox.grant_id}/events/{event_id}"
    assert (await raw("GET", path, key=sandbox.api_key)).told["data"]["id"] == event_id
    assert (await raw("GET", f"{path}x", key=sandbox.api_key)).status == 404
    assert (await raw("GET", path)).status == 401


async def test_calendars_are_listed(raw: Raw, sandbox: Sandbox) -> None:
    """The organizer has a primary calendar, which the editor can choose."""
    path = f"/v3/grants/{sandbox.grant_id}/calendars"
    (calendar,) = (await raw("GET", path, key=sandbox.api_key)).told["data"]
    assert (calendar["id"], calendar["is_primary"], calendar["read_only"]) == (
        "primary",
        True,
        False,
    )


async def test_a_calendar_called_by_its_address_is_busy(raw: Raw, sandbox: Sandbox) -> None:
    """A host's address names the primary calendar, for busy times and for events."""
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    host = (await raw("GET", path, key=sandbox.api_key)).told["data"]["participants"][0]
    host["availability"]["calendar_ids"] = [sandbox.organizer_email]
    host["booking"]["calendar_id"] = sandbox.organizer_email
    assert (await raw("PUT", path, {"participants": [host]}, key=sandbox.api_key)).status == 200
    assert [(await raw.book()).status for _ in range(2)] == [200, 400]
    assert sandbox.events()[0]["calendar_id"] == "primary"
