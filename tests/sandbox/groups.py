"""What the tests of group events share: a group configuration, calls on it, and an event."""

from __future__ import annotations

from typing import Any

from .calls import BOOKINGS, NINE, Answer, Raw, slot, wanted

DAY = 86400
DAILY = {"recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]}


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


def a_class(number: int = 0, **more: Any) -> dict[str, Any]:
    """An event for two guests."""
    when = slot(number)
    return {"calendar_id": "primary", "capacity": 2, "title": "Yoga", "when": when, **more}
