"""Group events: made, joined, moved and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, NINE, Raw, dump, slot
from .groups import DAILY, DAY, Group, a_class


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


async def test_a_group_event_is_a_whole_event(group: Group, sandbox: Sandbox) -> None:
    """In the calendar a group event tells what other events do; a guest changes only the guests."""
    event_id = (await group.event(**a_class(**DAILY))).told["data"]["id"]
    (made,) = sandbox.events()
    booked = (await group.raw.book(1)).told["data"]["event_id"]
    (other,) = [event for event in sandbox.events() if event["id"] == booked]
    assert other.keys() - made.keys() == {"description", "location"}
    assert (made["busy"], made["when"]["object"]) == (True, "timespan")
    assert made["organizer"]["email"] == sandbox.organizer_email
    sandbox.clock.advance(minutes=5)
    (first, *_) = await group.slots()
    await group.join(first["event_id"])
    (one,) = [event for event in sandbox.events() if event.get("master_event_id") == event_id]
    assert (one["created_at"], one["metadata"]["key5"]) == (made["created_at"], group.id)
    assert one["metadata"]["scheduler_last_start"] == str(NINE)


async def test_an_imported_event_keeps_what_it_had(group: Group, sandbox: Sandbox) -> None:
    """An import adds what makes a group event; who takes part is said, or is who did before."""
    busy = sandbox.add_event(sandbox.organizer_email, NINE, NINE + 3600, title="Yoga")
    booked = (await group.raw.book(4)).told["data"]["event_id"]
    before = {event["id"]: event for event in sandbox.events()}
    sandbox.clock.advance(minutes=5)
    path = f"/v3/scheduling/configurations/{group.id}/import-group-events"
    jim = {"email": "jim@example.com", "name": "Jim"}
    wanted = [
        {"calendar_id": "primary", "event_id": busy, "capacity": 5},
        {"calendar_id": "primary", "event_id": booked, "participants": [jim]},
    ]
    told = (await group.raw("POST", path, wanted, key=group.key)).told["data"]
    assert told["import_failed"] == []
    changed = {"metadata", "updated_at", "participants", "capacity"}
    for event in sandbox.events():
        same = event.keys() - changed
        assert {name: event[name] for name in same} == {
            name: value for name, value in before[event["id"]].items() if name not in changed
        }
        assert event["metadata"]["key5"] == group.id
    assert [event["participants"] for event in sandbox.events()] == [
        before[busy]["participants"],
        [{**jim, "status": "noreply"}],
    ]
    assert [one["emails"] for one in await group.slots()] == [
        [sandbox.organizer_email],
        ["jim@example.com"],
    ]


async def test_one_of_a_series_is_not_imported(group: Group) -> None:
    """What is a group event through its series cannot become another one."""
    await group.event(**a_class(**DAILY))
    path = f"/v3/scheduling/configurations/{group.id}/import-group-events"
    one = {"calendar_id": "primary", "event_id": (await group.slots())[1]["event_id"]}
    report = (await group.raw("POST", path, one, key=group.key)).told["data"]
    assert report["import_failed"][0]["reason"] == "Event is one of a series"
