"""Configurations with several participants, and what they come to: bookings, events, mails."""

from __future__ import annotations

from typing import Any

from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, Answer, Raw, slot, wanted

ADA, BOB = "host@example.com", "bob@example.com"
CARL: dict[str, Any] = {"email": "carl@example.com", "name": "Carl"}
"""Somebody who is merely invited."""


def host(email: str, *calendars: str, into: str = "primary", **more: Any) -> dict[str, Any]:
    """Somebody who is met, and is busy as those calendars say, or else the primary one."""
    named = {"calendar_ids": list(calendars or ("primary",))}
    name = email.partition("@")[0].title()
    given = {"email": email, "name": name, "availability": named, "booking": {"calendar_id": into}}
    return {**given, **more}


async def configured(
    raw: Raw, *participants: dict[str, Any], method: str = "collective", **more: Any
) -> str:
    """A new configuration with them; says its id."""
    rules = {"availability_method": method}
    body = {
        "participants": list(participants),
        "availability": {"duration_minutes": 30, "availability_rules": rules},
        "event_booking": {"title": "Meeting"},
        **more,
    }
    path = f"/v3/grants/{raw.sandbox.grant_id}/scheduling/configurations"
    answer = await raw("POST", path, body, key=raw.sandbox.api_key)
    assert answer.status == 200, answer.told
    return str(answer.told["data"]["id"])


async def booked(
    raw: Raw, configuration: str, number: int = 0, *, by: str = "", **more: Any
) -> str:
    """Book a slot, perhaps with a host who is named; says the booking's id."""
    named = {"participants": [{"email": by}]} if by else {}
    body = wanted(number, **named, **more)
    answer = await raw("POST", BOOKINGS, body, configuration_id=configuration)
    assert answer.status == 200, answer.told
    return str(answer.told["data"]["booking_id"])


async def moved(raw: Raw, configuration: str, booking_id: str, number: int, **more: Any) -> Answer:
    """Move a booking to a slot."""
    path, body = f"{BOOKINGS}/{booking_id}", {**slot(number), **more}
    return await raw("PATCH", path, body, configuration_id=configuration)


async def offered(raw: Raw, configuration: str, count: int = 8, **more: Any) -> dict[str, Any]:
    """The availability of the first slots of the morning."""
    times = {"start_time": slot()["start_time"], "end_time": slot(count)["start_time"]}
    query = {**times, **more, "configuration_id": configuration}
    answer = await raw("GET", "/v3/scheduling/availability", **query)
    assert answer.status == 200, answer.told
    found: dict[str, Any] = answer.told["data"]
    return found


def calendars(sandbox: Sandbox) -> list[tuple[str, str, int]]:
    """Where there are meetings: whose, in which calendar, from when on."""
    owners = {one["id"]: one["email"] for one in sandbox.hosts()}
    return [
        (owners[event["grant_id"]], event["calendar_id"], event["when"]["start_time"])
        for event in sandbox.events()
        if event["title"] != "Busy"
    ]


def recipients(sandbox: Sandbox, kind: str) -> list[str]:
    """Who got mails of a kind."""
    return [mail["recipient"] for mail in sandbox.outbox() if mail["kind"] == kind]


def take(sandbox: Sandbox, host: str, number: int, calendar_id: str = "primary") -> None:
    """Give a host something else to do."""
    times = slot(number)
    sandbox.add_event(host, times["start_time"], times["end_time"], calendar_id=calendar_id)
