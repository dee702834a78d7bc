"""Every operation of the sandbox, once at least, each with success."""

from __future__ import annotations

from typing import Any

from ..calls import BOOKINGS, Answer, Raw, slot, wanted

_URL = "http://127.0.0.1:9/"


async def ask_everything(raw: Raw) -> None:
    """Ask for all that there is, so that it is answered with 200."""
    calls = _Calls(raw)
    await _bookings(calls)
    await _configurations(calls)
    await _sessions(calls)
    await _group_events(calls)
    await _webhooks(calls)


class _Calls:
    """Calls that have to succeed."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.sandbox = raw.sandbox
        self.grant = f"/v3/grants/{raw.sandbox.grant_id}"

    async def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Without a key, what is told."""
        answer = await self.raw(method, path, body, **query)
        return _told(answer)

    async def with_key(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """With the application's key, what is told."""
        answer = await self.raw(method, path, body, key=self.sandbox.api_key, **query)
        return _told(answer)


def _told(answer: Answer) -> Any:
    assert answer.status in (200, 201, 204), answer.told
    told = answer.told and answer.told.get("data")
    return told[0] if isinstance(told, list) and len(told) == 1 else told


async def _bookings(calls: _Calls) -> None:
    public = {"configuration_id": calls.sandbox.public}
    times = {"start_time": slot()["start_time"], "end_time": slot(16)["start_time"]}
    await calls("GET", "/v3/scheduling/availability", **times, **public)
    booked = await calls("POST", BOOKINGS, wanted(), **public)
    one = f"{BOOKINGS}/{booked['booking_id']}"
    await calls("GET", "/v3/scheduling/ui-settings", booking_id=booked["booking_id"], **public)
    await calls("PATCH", one, slot(1), **public)
    await calls("GET", one, **public)
    event = f"{calls.grant}/events/{booked['event_id']}"
    await calls.with_key("GET", event, calendar_id="primary")
    await calls.with_key("GET", f"{calls.grant}/events", calendar_id="primary", limit=1)
    await calls.with_key("GET", f"{calls.grant}/calendars")
    await calls("DELETE", one, {"cancellation_reason": "ill"}, **public)
    confirming = {"configuration_id": calls.sandbox.confirming}
    for number, status in ((2, "confirmed"), (3, "cancelled")):
        asked = await calls("POST", BOOKINGS, wanted(number), **confirming)
        salt = calls.sandbox.bookings()[-1]["salt"]
        decision = {"status": status, "salt": salt}
        await calls("PUT", f"{BOOKINGS}/{asked['booking_id']}", decision, **confirming)


async def _configurations(calls: _Calls) -> None:
    path = f"{calls.grant}/scheduling/configurations"
    public = await calls.with_key("GET", f"{path}/{calls.sandbox.public}")
    made = await calls.with_key("POST", path, {**public, "slug": None, "name": None})
    await calls.with_key("GET", path, limit=2)
    await calls.with_key("PUT", f"{path}/{made['id']}", {"name": "Other", "scheduler": None})
    await calls.with_key("DELETE", f"{path}/{made['id']}")


async def _sessions(calls: _Calls) -> None:
    body = {"configuration_id": calls.sandbox.private}
    made = await calls.with_key("POST", "/v3/scheduling/sessions", body)
    path = f"/v3/scheduling/sessions/{made['session_id']}"
    await calls.with_key("GET", path)
    await calls.with_key("DELETE", path)


async def _group_events(calls: _Calls) -> None:
    group = {"type": "group", "name": "Class", "group_booking": {"calendar_id": "primary"}}
    made = await calls.with_key("POST", f"{calls.grant}/scheduling/configurations", group)
    of_grant = f"{calls.grant}/scheduling/configurations/{made['id']}"
    alone = f"/v3/scheduling/configurations/{made['id']}"
    yoga = {"calendar_id": "primary", "capacity": 2, "title": "Yoga", "when": slot(96)}
    daily = {**yoga, "recurrence": ["RRULE:FREQ=DAILY"], "conferencing": _ROOM}
    event = await calls.with_key("POST", f"{of_grant}/group-events", yoga)
    await calls.with_key("POST", f"{of_grant}/group-events", daily)
    times = {"start_time": slot()["start_time"], "end_time": slot(480)["start_time"]}
    await calls.with_key("GET", f"{of_grant}/group-events", **times)
    await calls("GET", "/v3/scheduling/availability", configuration_id=made["id"], **times)
    joined = {**wanted(96), "event_id": event["id"]}
    await calls("POST", f"{alone}/group-events/validate-timeslot", joined)
    await calls("POST", BOOKINGS, joined, configuration_id=made["id"])
    one = f"{of_grant}/group-events/{event['id']}"
    await calls.with_key("PUT", one, {"title": "Judo"})
    await calls.with_key("PATCH", one, {"location": "Hall"})
    wish = [{"calendar_id": "primary", "event_id": "unknown"}]
    for path in (of_grant, alone):
        await calls.with_key("POST", f"{path}/import-group-events", wish)
    await calls.with_key("DELETE", one)


_ROOM = {
    "provider": "Zoom Meeting",
    "details": {"url": "https://zoom.example.com/1", "meeting_code": "1"},
}


async def _webhooks(calls: _Calls) -> None:
    body = {"trigger_types": ["booking.created"], "webhook_url": _URL}
    made = await calls.with_key("POST", "/v3/webhooks", body)
    await calls.with_key("GET", "/v3/webhooks")
    path = f"/v3/webhooks/{made['id']}"
    await calls.with_key("GET", path)
    await calls.with_key("PUT", path, {"status": "pause"})
    await calls.with_key("POST", f"/v3/webhooks/rotate-secret/{made['id']}")
    await calls.with_key("PUT", f"{path}/rotate-secret", {})
    await calls.with_key("DELETE", path)
