"""Configurations: kept, listed, changed, refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nylas_bookings import AsyncClient, errors
from nylas_bookings.sandbox import Sandbox

from .calls import Answer, Raw, dump

_CONFIRMS: dict[str, Any] = {"title": "T", "booking_type": "organizer-confirmation"}


async def _call(raw: Raw, method: str, end: str = "", body: Any = None, **query: Any) -> Answer:
    path = f"/v3/grants/{raw.sandbox.grant_id}/scheduling/configurations{end}"
    return await raw(method, path, body, key=raw.sandbox.api_key, **query)


async def _document(raw: Raw) -> dict[str, Any]:
    told: dict[str, Any] = (await _call(raw, "GET", f"/{raw.sandbox.public}")).told["data"]
    return {**copy.deepcopy(told), "slug": None}


async def test_a_configuration_is_kept_as_sent(raw: Raw) -> None:
    """What the sandbox does not know of a configuration is kept and told again."""
    body = {**await _document(raw), "version": "3", "slug": ""}
    body["event_booking"]["conferencing"] = {}
    made = (await _call(raw, "POST", "", body)).told["data"]
    assert (made["version"], made["slug"]) == ("3", None)
    assert made["id"] != raw.sandbox.public
    assert made["scheduler"]["available_days_in_future"] == 30
    again = await _call(raw, "PUT", f"/{made['id']}", {**made, "name": "Other"})
    assert again.told["data"] == {**made, "name": "Other"}


async def test_the_organizer_names_a_page_without_a_name(raw: Raw) -> None:
    """A configuration without a name is called after its organizer."""
    body = await _document(raw)
    del body["name"]
    assert (await _call(raw, "POST", "", body)).told["data"]["name"] == "Ada Host"


async def test_the_client_reads_all_pages(admin: AsyncClient, raw: Raw, sandbox: Sandbox) -> None:
    """Pages follow one another until there are no more."""
    page = await admin.configurations.list(sandbox.grant_id, limit=2)
    assert len(page.items) == 2
    rest = await admin.configurations.list(sandbox.grant_id, page_token=page.next_cursor)
    ids = [one.id for one in (*page.items, *rest.items)]
    assert ids == [sandbox.public, sandbox.private, sandbox.confirming]
    for query in ({"limit": "0"}, {"limit": "²"}, {"page_token": "x"}, {"page_token": "9" * 30}):
        assert (await _call(raw, "GET", **query)).status == 400


async def test_a_configuration_is_deleted(admin: AsyncClient, sandbox: Sandbox) -> None:
    """While it has sessions a configuration cannot be deleted; then it is gone."""
    await admin.sessions.create(configuration_id=sandbox.private, time_to_live=1)
    with pytest.raises(errors.BadRequest, match="active sessions"):
        await admin.configurations.delete(sandbox.grant_id, sandbox.private)
    sandbox.clock.advance(minutes=1)
    await admin.configurations.delete(sandbox.grant_id, sandbox.private)
    with pytest.raises(errors.NotFound):
        await admin.configurations.get(sandbox.grant_id, sandbox.private)


HOST = {"email": "host@example.com", "availability": {}, "booking": {}, "is_organizer": True}
WRONG: dict[str, dict[str, Any]] = {
    "slug of another": {"slug": "introduction"},
    "slug is a list": {"slug": ["introduction"]},
    "no hosts": {"participants": []},
    "hosts are a text": {"participants": "x"},
    "nobody to book": {"participants": [{"email": "host@example.com"}]},
    "two organizers": {"participants": [HOST, HOST]},
    "host without grant": {"participants": [{**HOST, "email": "x@example.com"}]},
    "host without address": {"participants": [{"name": "x"}]},
    "unknown zone": {"participants": [{**HOST, "timezone": "Mars/Base"}]},
    "no availability": {"availability": None},
    "no duration": {"availability": {"duration_minutes": 0}},
    "no interval": {"availability": {"duration_minutes": 30, "interval_minutes": 0}},
    "round to 7": {"availability": {"duration_minutes": 30, "round_to": 7}},
    "buffer of 7": {
        "availability": {
            "duration_minutes": 30,
            "availability_rules": {"buffer": {"before": 7, "after": None}},
        }
    },
    "hours backwards": {
        "availability": {
            "duration_minutes": 30,
            "availability_rules": {
                "default_open_hours": [{"days": [1], "start": "25:99", "end": "x"}]
            },
        }
    },
    "no title": {"event_booking": {}},
    "other type": {"event_booking": {"title": "T", "booking_type": "party"}},
    "nowhere to confirm": {"event_booking": _CONFIRMS, "scheduler": {}},
    "two conferences": {
        "event_booking": {
            "title": "T",
            "conferencing": {"provider": "Zoom Meeting", "autocreate": {}, "details": {}},
        }
    },
    "reminder now": {
        "event_booking": {"title": "T", "reminders": [{"type": "email", "minutes_before_event": 0}]}
    },
    "reminder aeons before": {
        "event_booking": {
            "title": "T",
            "reminders": [{"type": "email", "minutes_before_event": 2**63}],
        }
    },
    "choice of nothing": {
        "scheduler": {
            "additional_fields": {"q": {"label": "Q", "type": "dropdown", "required": True}}
        }
    },
    "bad pattern": {
        "scheduler": {
            "additional_fields": {
                "q": {"label": "Q", "type": "text", "required": True, "pattern": "("}
            }
        }
    },
}


@pytest.mark.parametrize("case", WRONG)
async def test_a_wrong_configuration_is_refused(raw: Raw, sandbox: Sandbox, case: str) -> None:
    """What makes no configuration is refused with a word, and changes nothing."""
    body = {**await _document(raw), **WRONG[case]}
    before = dump(sandbox)
    answer = await _call(raw, "POST", "", body)
    assert (answer.status, bool(answer.message)) == (400, True)
    assert dump(sandbox) == before


async def test_groups_cannot_be_confirmed(raw: Raw) -> None:
    """A group configuration has the booking type `booking` only."""
    group = {"calendar_id": "primary", "booking_type": "organizer-confirmation"}
    body = {"type": "group", "name": "Class", "group_booking": group}
    assert (await _call(raw, "POST", "", body)).status == 400


async def test_the_component_learns_what_it_needs(raw: Raw, sandbox: Sandbox) -> None:
    """The browser component is told the page's settings, and the booking that is to be moved."""
    named = {"configuration_id": sandbox.public}
    path = "/v3/scheduling/ui-settings"
    told = (await raw("GET", path, **named)).told["data"]
    assert told["scheduler"]["available_days_in_future"] == 30
    assert (told["name"], told["slug"], told["booking_type"]) == (
        "Introduction",
        "introduction",
        "booking",
    )
    assert "booking" not in told
    booked = (await raw.book()).told["data"]
    moved = (await raw("GET", path, booking_id=booked["booking_id"], **named)).told["data"]
    assert moved["booking"]["guest"] == {"name": "Jane", "email": "jane@example.com"}
    assert moved["booking"]["booking_ref"] == booked["booking_ref"]


async def test_the_component_learns_who_organizes_a_group(raw: Raw, sandbox: Sandbox) -> None:
    """Whose grant a group configuration is of, organizes its events."""
    group = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}
    made = (await _call(raw, "POST", "", group)).told["data"]["id"]
    told = (await raw("GET", "/v3/scheduling/ui-settings", configuration_id=made)).told["data"]
    (host,) = sandbox.hosts()
    assert told["organizer"] == {"name": host["name"], "email": sandbox.organizer_email}


@pytest.mark.parametrize("query", [{}, {"start_time": "x"}, {"start_time": 2, "end_time": 1}])
async def test_availability_needs_times(raw: Raw, sandbox: Sandbox, query: dict[str, Any]) -> None:
    """Without two times in order there is no availability."""
    named = {"configuration_id": sandbox.public, **query}
    assert (await raw("GET", "/v3/scheduling/availability", **named)).status == 400


async def test_any_stretch_of_time_may_be_asked_about(raw: Raw, sandbox: Sandbox) -> None:
    """Times far from now have an answer too."""
    query = {"configuration_id": sandbox.public, "start_time": 0, "end_time": 999999999999}
    assert (await raw("GET", "/v3/scheduling/availability", **query)).status == 200
