"""Group events: made, joined, moved and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, NINE, Answer, Raw, dump, slot, wanted

DAY = 86400


class Group:
    """A group configuration, and calls on it."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.key = raw.sandbox.api_key
        self.id = ""

    async def make(self) -> Group:
        """Make the configuration."""
        path = f"/v3/grants/{self.raw.sandbox.grant_id}/scheduling/configurations"
        body = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}
        self.id = (await self.raw("POST", path, body, key=self.key)).told["data"]["id"]
        return self

    async def event(self, method: str = "POST", event_id: str = "", /, **body: Any) -> Answer:
        """Make, change or delete an event."""
        path = f"/v3/grants/{self.raw.sandbox.grant_id}/scheduling/configurations/{self.id}"
        end = f"/{event_id}" if event_id else ""
        return await self.raw(method, f"{path}/group-events{end}", body, key=self.key)

    async def join(self, event_id: str | None, number: int = 0, **more: Any) -> Answer:
        """Book an event."""
        body = wanted(number, event_id=event_id, **more)
        return await self.raw("POST", BOOKINGS, body, configuration_id=self.id)

    async def slots(self) -> list[dict[str, Any]]:
        """What can be joined in the next three days."""
        query = {"start_time": NINE - DAY, "end_time": NINE + 3 * DAY, "configuration_id": self.id}
        answer = await self.raw("GET", "/v3/scheduling/availability", **query)
        found: list[dict[str, Any]] = answer.told["data"]["time_slots"]
        return found

    async def validate(self, event_id: Any, number: int = 0, **more: Any) -> Answer:
        """Ask whether an event can still be joined."""
        path = f"/v3/scheduling/configurations/{self.id}/group-events/validate-timeslot"
        return await self.raw("POST", path, {**slot(number), "event_id": event_id, **more})


@pytest.fixture
async def group(raw: Raw) -> Group:
    """A group configuration."""
    return await Group(raw).make()


def a_class(number: int = 0, **more: Any) -> dict[str, Any]:
    """An event for two guests."""
    when = slot(number)
    return {"calendar_id": "primary", "capacity": 2, "title": "Yoga", "when": when, **more}


DAILY = {"recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]}


def _addresses(event: Mapping[str, Any]) -> list[str]:
    """The guests' addresses: an event that names nobody has the organizer besides."""
    return [person["email"] for person in event["participants"] if "is_organizer" not in person]


async def test_guests_fill_an_event(group: Group, sandbox: Sandbox) -> None:
    """Each booking takes a place; the guest is on the event; a full event is offered no more."""
    event_id = (await group.event(**a_class())).told["data"]["id"]
    assert [one["capacity"] for one in await group.slots()] == [2]
    first = await group.join(event_id)
    assert first.told["data"]["event_id"] == event_id
    assert [one["capacity"] for one in await group.slots()] == [1]
    assert (await group.validate(event_id)).status == 200
    await group.join(event_id, guest={"name": "Jim", "email": "jim@example.com"})
    assert await group.slots() == []
    assert _addresses(sandbox.events()[0]) == ["jane@example.com", "jim@example.com"]
    assert (await group.validate(event_id)).message == "Event is full"
    before = dump(sandbox)
    assert (await group.join(event_id)).message == "Event is full"
    assert dump(sandbox) == before


async def test_one_of_a_series_is_joined(group: Group, sandbox: Sandbox) -> None:
    """A guest joins one event of a series; the others keep their places."""
    master_id = (await group.event(**a_class(**DAILY))).told["data"]["id"]
    found = await group.slots()
    assert [one["master_id"] for one in found] == [master_id] * 3
    second = found[1]
    times = {name: second[name] for name in ("start_time", "end_time")}
    joined = await group.join(second["event_id"], **times)
    assert [one["capacity"] for one in await group.slots()] == [2, 1, 2]
    booking_id = joined.told["data"]["booking_id"]
    (one,) = [event for event in sandbox.events() if event["id"] == second["event_id"]]
    assert (one["master_event_id"], _addresses(one)) == (master_id, ["jane@example.com"])
    await group.raw("DELETE", f"{BOOKINGS}/{booking_id}", {}, configuration_id=group.id)
    assert [one["capacity"] for one in await group.slots()] == [2, 2, 2]
    assert [event["id"] for event in sandbox.events()] == [master_id]


async def test_a_guest_changes_to_another_event(group: Group, sandbox: Sandbox) -> None:
    """Moved to another event, a guest has left the first; the own place is no obstacle."""
    one, other = [
        (await group.event(**a_class(n, capacity=1))).told["data"]["id"] for n in range(2)
    ]
    booked = (await group.join(one)).told["data"]["booking_id"]
    path, named = f"{BOOKINGS}/{booked}", {"configuration_id": group.id}
    stays = await group.raw("PATCH", path, {**slot(0), "event_id": one}, **named)
    assert stays.status == 200
    body = {**slot(1), "event_id": other, "calendar_id": "primary", "master_event_id": None}
    moved = await group.raw("PATCH", path, body, **named)
    assert moved.told["data"]["event_id"] == other
    assert [_addresses(event) for event in sandbox.events()] == [[], ["jane@example.com"]]
    assert [found["event_id"] for found in await group.slots()] == [one]


async def test_what_cannot_be_joined_is_refused(group: Group, sandbox: Sandbox) -> None:
    """No event, another time, an unknown event and one that has begun are refused."""
    event_id = (await group.event(**a_class())).told["data"]["id"]
    before = dump(sandbox)
    assert (await group.join(None)).status == 400
    assert (await group.join(event_id, 1)).status == 404
    assert (await group.join("nothing")).status == 404
    assert (await group.validate(3)).status == 400
    sandbox.clock.advance(days=2)
    assert "timeslot is unavailable" in (await group.join(event_id)).message
    assert dump(sandbox) == before


async def test_an_event_is_changed_and_deleted(group: Group, sandbox: Sandbox) -> None:
    """A change keeps what is not given, and the guests; a deleted event cancels their bookings."""
    event_id = (await group.event(**a_class())).told["data"]["id"]
    await group.join(event_id)
    for method, title in (("PUT", "Tai chi"), ("PATCH", "Judo")):
        changed = await group.event(method, event_id, title=title)
        assert changed.told["data"]["capacity"] == 2
        (event,) = sandbox.events()
        assert (event["title"], _addresses(event)) == (title, ["jane@example.com"])
    assert (await group.event("DELETE", event_id)).status == 200
    assert (sandbox.events(), sandbox.bookings()[0]["status"]) == ([], "cancelled")
    assert (await group.event("DELETE", event_id)).status == 404


async def test_events_are_listed(group: Group) -> None:
    """The events of a calendar between two times, each series once."""
    event_id = (await group.event(**a_class(**DAILY))).told["data"]["id"]
    path = f"/v3/grants/me/scheduling/configurations/{group.id}/group-events".replace(
        "me", group.raw.sandbox.grant_id, 1
    )
    query = {"calendar_id": "primary", "start_time": NINE, "end_time": NINE + 3 * DAY}
    listed = await group.raw("GET", path, key=group.key, **query)
    assert [event["id"] for event in listed.told["data"]] == [event_id]
    other = await group.raw("GET", path, key=group.key, **{**query, "calendar_id": "other"})
    assert other.told["data"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": None},
        {"title": 3},
        {"title": "x" * 1025},
        {"location": "x" * 256},
        {"calendar_id": {}},
        {"calendar_id": "unknown"},
        {"capacity": 0},
        {"capacity": 501},
        {"capacity": True},
        {"when": "noon"},
        {"when": {"start_time": 2, "end_time": 1}},
        {"when": {"start_time": 1, "end_time": 2**63}},
        {"when": {**slot(), "start_timezone": "UTC"}},
        {"when": {**slot(), "start_timezone": 7, "end_timezone": 7}},
        {"when": {**slot(), "start_timezone": [], "end_timezone": "Mars/Base"}},
        {"recurrence": "RRULE:FREQ=DAILY"},
        {"recurrence": [1]},
        {"recurrence": ["RRULE:FREQ=SOMETIMES"]},
        {"participants": 5},
        {"participants": [{"name": "Nobody"}]},
    ],
)
async def test_a_wrong_event_is_refused(
    group: Group, sandbox: Sandbox, wrong: dict[str, Any]
) -> None:
    """What makes no event is refused, and changes nothing."""
    before = dump(sandbox)
    answer = await group.event(**{**a_class(), **wrong})
    assert answer.status == (404 if wrong == {"calendar_id": "unknown"} else 400)
    assert dump(sandbox) == before


async def test_events_are_imported(group: Group, sandbox: Sandbox) -> None:
    """A calendar event becomes a group event once; why others do not is told."""
    event_id = (await group.raw.book()).told["data"]["event_id"]
    path = f"/v3/scheduling/configurations/{group.id}/import-group-events"
    event = {"calendar_id": "primary", "event_id": event_id}
    wanted_events = [event, event, event | {"calendar_id": "x"}, event | {"event_id": "x"}]
    report = (await group.raw("POST", path, wanted_events, key=group.key)).told["data"]
    assert report["imported_events"] == [{"event_id": event_id}]
    assert [failed["reason"] for failed in report["import_failed"]] == [
        "Event already imported",
        "Event already imported",
        "Event not found",
    ]
    assert [one["capacity"] for one in await group.slots()] == [9]
    for wrong in ([], [3], [event] * 21, "x"):
        assert (await group.raw("POST", path, wrong, key=group.key)).status == 400
    for wrong in ({"capacity": 0.5}, {"event_id": 3}, {"calendar_id": None}):
        assert (await group.raw("POST", path, event | wrong, key=group.key)).status == 400


async def test_others_have_no_group_events(sandbox: Sandbox, raw: Raw, group: Group) -> None:
    """A configuration that is not for groups has no group events, nor has one that is not there."""
    group.id = sandbox.public
    assert (await group.event(**a_class())).status == 400
    group.id = "nothing"
    assert (await group.validate("x")).status == 404


async def test_a_private_class_is_validated_with_a_session(group: Group, sandbox: Sandbox) -> None:
    """For a private configuration strangers cannot ask whether an event can be joined."""
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{group.id}"
    await group.raw("PUT", path, {"requires_session_auth": True}, key=group.key)
    assert (await group.validate("nothing")).status == 401
