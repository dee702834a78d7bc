"""Group events that are moved or taken away: what becomes of the bookings of those who joined."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from nylas_bookings.sandbox import Sandbox

from .calls import MONDAY, NINE, Raw, dump, slot
from .groups import DAILY, DAY, Group, a_class

HOUR = 3600
REMINDER = {"type": "email", "minutes_before_event": 30}


@pytest.fixture
async def told(group: Group, sandbox: Sandbox, raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guests are reminded, and a webhook hears of everything; nothing is sent."""
    sandbox.behaviour = evolve(sandbox.behaviour, challenge=False)
    monkeypatch.setattr(sandbox._world, "wake", lambda: None)
    triggers = ["booking.rescheduled", "booking.cancelled"]
    hook = {"trigger_types": triggers, "webhook_url": "http://127.0.0.1:9/in"}
    assert (await raw("POST", "/v3/webhooks", hook, key=sandbox.api_key)).status == 200
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{group.id}"
    part = {"group_booking": {"calendar_id": "primary", "reminders": [REMINDER]}}
    assert (await raw("PUT", path, part, key=sandbox.api_key)).status == 200


def _heard(sandbox: Sandbox) -> tuple[list[str], list[str]]:
    """The kinds of mails since the first, each once, and what the webhook is told."""
    mails = {mail["kind"]: None for mail in sandbox.outbox()}
    del mails["booking.created"]
    return [*mails], [one["document"]["type"] for one in sandbox.deliveries()]


async def _joined(group: Group, *numbers: int, **event: Any) -> tuple[str, list[str]]:
    """A class in which guests have joined the events with these numbers; the ids of all events."""
    master_id = (await group.event(**a_class(**event))).told["data"]["id"]
    found = await group.slots()
    for number in numbers:
        times = {name: found[number][name] for name in ("start_time", "end_time")}
        assert (await group.join(found[number]["event_id"], **times)).status == 200
    return master_id, [one["event_id"] for one in found]


@pytest.mark.usefixtures("told")
async def test_who_joined_moves_with_the_event(group: Group, sandbox: Sandbox) -> None:
    """Moved, an event takes its bookings along: times, reminders, history, mail, notification."""
    event_id, _ = await _joined(group, 0)
    later = slot(4)
    assert (await group.event("PUT", event_id, when=later, title="Judo")).status == 200
    (booking,) = sandbox.bookings()
    assert (booking["start"], booking["end"]) == (later["start_time"], later["end_time"])
    assert (booking["status"], booking["document"]["title"]) == ("booked", "Judo")
    assert [entry["what"] for entry in booking["history"]] == ["created", "rescheduled"]
    assert booking["history"][1]["old_start_time"] == slot()["start_time"]
    planned = sandbox._world.store.rows("SELECT at FROM reminders")
    assert [row["at"] for row in planned] == [later["start_time"] - 1800]
    assert _heard(sandbox) == (["booking.rescheduled"], ["booking.rescheduled"])
    (event,) = sandbox.events()
    assert event["when"]["start_time"] == later["start_time"]
    assert "jane@example.com" in [person["email"] for person in event["participants"]]


@pytest.mark.usefixtures("told")
async def test_who_joined_hears_that_the_event_is_gone(group: Group, sandbox: Sandbox) -> None:
    """Taken away, an event cancels its bookings as a cancellation would."""
    event_id, _ = await _joined(group, 0)
    assert (await group.event("DELETE", event_id)).status == 200
    (booking,) = sandbox.bookings()
    assert booking["status"] == "cancelled"
    assert [entry["what"] for entry in booking["history"]] == ["created", "cancelled"]
    assert dump(sandbox)["reminders"] == []
    assert _heard(sandbox) == (["booking.cancelled"], ["booking.cancelled"])
    assert sandbox.events() == []


@pytest.mark.usefixtures("told")
async def test_what_keeps_its_time_is_no_news(group: Group, sandbox: Sandbox) -> None:
    """A change of the title, or of one event into a series, moves nobody."""
    event_id, _ = await _joined(group, 0)
    assert (await group.event("PUT", event_id, title="Judo", **DAILY)).status == 200
    (booking,) = sandbox.bookings()
    assert booking["event_id"] == f"{event_id}_20261123T090000Z"
    assert [event["id"] for event in sandbox.events()] == [event_id, booking["event_id"]]
    assert {event["title"] for event in sandbox.events()} == {"Judo"}
    assert [one["capacity"] for one in await group.slots()] == [1, 2, 2]
    assert (await group.event("PUT", event_id, recurrence=[])).status == 200
    assert [event["id"] for event in sandbox.events()] == [event_id]
    assert [one["capacity"] for one in await group.slots()] == [1]
    assert len(sandbox.bookings()[0]["history"]) == 1


async def test_a_series_takes_along_whom_it_can(group: Group, sandbox: Sandbox) -> None:
    """Bookings move as far as their series does; one whose event is gone by that is cancelled."""
    series_id, _ = await _joined(group, 0, 1, 2, **DAILY)
    start, end = NINE + DAY, NINE + DAY + HOUR
    shorter = {"recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]}
    moved = await group.event(
        "PUT", series_id, when={"start_time": start, "end_time": end}, **shorter
    )
    assert moved.status == 200
    kept = sorted(sandbox.bookings(), key=lambda booking: booking["history"][0]["start"])
    assert [booking["status"] for booking in kept] == ["booked", "booked", "cancelled"]
    assert [(one["start"], one["end"]) for one in kept[:2]] == [
        (start, end),
        (start + DAY, end + DAY),
    ]
    own = [f"{series_id}_20261124T090000Z", f"{series_id}_20261125T090000Z"]
    assert [booking["event_id"] for booking in kept[:2]] == own
    assert [event["id"] for event in sandbox.events()] == [series_id, *own]
    for event in sandbox.events()[1:]:
        assert [one["email"] for one in event["participants"]].count("jane@example.com") == 1
    assert [one["capacity"] for one in await group.slots()] == [1, 1]


async def test_a_series_moves_on_the_wall(group: Group, sandbox: Sandbox) -> None:
    """How far a series moves over a change of the clocks is what the wall clock says."""
    sandbox.clock.freeze(MONDAY.replace(month=10, day=19))
    start = NINE - 35 * DAY  # 11:00 in Berlin, which is an hour later in UTC from the next week on
    zones = {"start_timezone": "Europe/Berlin", "end_timezone": "Europe/Berlin"}
    weekly = {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"]}
    when = {"start_time": start, "end_time": start + HOUR, **zones}
    series_id = (await group.event(**a_class(when=when, **weekly))).told["data"]["id"]
    booked = start + 7 * DAY + HOUR
    one = f"{series_id}_20261026T100000Z"
    assert (await group.join(one, start_time=booked, end_time=booked + HOUR)).status == 200
    later = start + 7 * DAY + HOUR + 1800
    when |= {"start_time": later, "end_time": later + HOUR}
    assert (await group.event("PUT", series_id, when=when)).status == 200
    (booking,) = sandbox.bookings()
    assert (booking["status"], booking["start"]) == ("booked", later + 7 * DAY)


async def test_what_has_taken_place_is_not_cancelled(group: Group, sandbox: Sandbox) -> None:
    """Who was there on Monday was there, when the rest of the series is called off."""
    series_id, _ = await _joined(group, 0, 2, **DAILY)
    sandbox.clock.advance(days=1)
    assert (await group.event("DELETE", series_id)).status == 200
    assert [booking["status"] for booking in sandbox.bookings()] == ["booked", "cancelled"]
