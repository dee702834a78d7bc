"""Settling where a second send could book a second host or seat: round robin and group events."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings import PublicConfiguration
from nylas_bookings._wire.converter import from_json, to_json
from nylas_bookings._wire.messages import Request
from nylas_bookings.batch import Created, Unknown
from nylas_bookings.sandbox import Sandbox, calendar

from .asking import HALF_AN_HOUR, guests, wanted
from .test_settling import only, settle


async def call(sandbox: Sandbox, method: str, path: str, body: dict[str, Any]) -> Any:
    """Ask the sandbox something with its key."""
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    answer = await sandbox.send(Request(method, f"http://sandbox{path}", headers, to_json(body)))
    assert answer.status == 200, answer.body
    return from_json(answer.body)["data"]


def path_to(sandbox: Sandbox) -> str:
    """Where configurations are made."""
    return f"/v3/grants/{sandbox.grant_id}/scheduling/configurations"


def host(email: str, *, is_organizer: bool = False) -> dict[str, Any]:
    """A host who is there from nine to five."""
    return {
        "email": email,
        "name": email,
        "is_organizer": is_organizer,
        "availability": {
            "calendar_ids": ["primary"],
            "open_hours": [{"days": [1, 2, 3, 4, 5], "start": "9:00", "end": "17:00"}],
        },
        "booking": {"calendar_id": "primary"},
    }


@pytest.fixture
async def in_turn(sandbox: Sandbox) -> PublicConfiguration:
    """A configuration that books one of two hosts in turn."""
    second = "second@example.com"
    with sandbox._world.store.transaction():
        calendar.add_grant(sandbox._world, second, "Second")
    made = await call(
        sandbox,
        "POST",
        path_to(sandbox),
        {
            "name": "In turn",
            "participants": [host(sandbox.organizer_email), host(second)],
            "availability": {
                "duration_minutes": 30,
                "availability_rules": {"availability_method": "max-fairness"},
            },
            "event_booking": {"title": "In turn", "booking_type": "booking"},
        },
    )
    return PublicConfiguration(made["id"])


@pytest.mark.parametrize("fate", ["before", "after", 30.0])
@pytest.mark.parametrize("first", [0, 1])
def test_in_turn(sandbox: Sandbox, in_turn: PublicConfiguration, fate: Any, first: int) -> None:
    """Whichever host has the booking, it is found in the host's own calendar."""
    others = [wanted(0, guest=wanted(n + 5).guest, key=f"other {n}") for n in range(first)]
    for other in others:
        settle(sandbox, [], [other], auth=in_turn)
    report, trouble = settle(sandbox, [fate], auth=in_turn)
    assert isinstance(only(report), Created)
    assert guests(sandbox).count("guest0@example.com") == 1
    assert len(trouble.sent_at) == (2 if fate == "before" else 1)


def test_two_rows_two_hosts(sandbox: Sandbox, in_turn: PublicConfiguration) -> None:
    """A guest who is asked for twice gets both hosts, and each row its own booking."""
    twice = [wanted(0, key="a"), wanted(0, key="b")]
    report, _ = settle(sandbox, ["after", "before", "after"], twice, auth=in_turn)
    ids = {result.booking.booking_id for result in report if isinstance(result, Created)}
    assert ids == {booking["id"] for booking in sandbox.bookings()}
    assert len(ids) == 2


@pytest.fixture
async def group(sandbox: Sandbox) -> tuple[PublicConfiguration, dict[str, str]]:
    """A group configuration, and the ids of an event that can be joined."""
    made = await call(
        sandbox,
        "POST",
        path_to(sandbox),
        {"name": "Yoga", "type": "group", "group_booking": {"calendar_id": "primary"}},
    )
    start = int(wanted(0).start_time.timestamp())
    event = await call(
        sandbox,
        "POST",
        f"{path_to(sandbox)}/{made['id']}/group-events",
        {
            "calendar_id": "primary",
            "capacity": 5,
            "title": "Yoga",
            "when": {"start_time": start, "end_time": start + HALF_AN_HOUR.seconds},
            "participants": [{"email": sandbox.organizer_email}],
        },
    )
    event = event[0] if isinstance(event, list) else event
    return PublicConfiguration(made["id"]), {"event_id": event["id"], "calendar_id": "primary"}


def test_a_place_that_was_taken(sandbox: Sandbox, group: Any) -> None:
    """A guest who takes part by now is not booked again, and which booking it is stays unknown."""
    auth, ids = group
    report, trouble = settle(sandbox, ["after"], [wanted(0, **ids)], auth=auth)
    unknown = only(report)
    assert isinstance(unknown, Unknown)
    assert unknown.evidence is not None
    assert unknown.evidence.events == (ids["event_id"],)
    assert "by which booking is not known" in unknown.evidence.says
    assert len(trouble.sent_at) == len(sandbox.bookings()) == 1


def test_a_place_that_was_not_taken(sandbox: Sandbox, group: Any) -> None:
    """A guest who does not take part after the limit is booked."""
    auth, ids = group
    report, trouble = settle(sandbox, ["before"], [wanted(0, **ids)], auth=auth)
    assert isinstance(only(report), Created)
    assert len(trouble.sent_at) == 2
    assert len(sandbox.bookings()) == 1


def test_a_twin_of_unknown_outcome(sandbox: Sandbox, in_turn: PublicConfiguration) -> None:
    """While a row for the same guest and slot is unknown, what is found may be that row's."""
    twice = [wanted(0, key="a"), wanted(0, key="b")]
    report, trouble = settle(sandbox, ["before"] * 3 + ["after"], twice, auth=in_turn)
    unsure, found = report
    assert isinstance(unsure, Unknown)
    assert isinstance(found, Unknown)
    assert found.evidence is not None
    assert "another row" in found.evidence.says
    assert len(trouble.sent_at) == 4
    assert len(sandbox.bookings()) == 1
