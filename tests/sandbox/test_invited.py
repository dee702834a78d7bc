"""Participants who are known by e-mail alone: merely invited, and told of everything."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from nylas_bookings.sandbox import Sandbox

from .calls import BOOKINGS, JANE, Raw
from .meetings import ADA, BOB, CARL, booked, configured, host, moved, offered, recipients

KINDS = ("booking.created", "booking.rescheduled", "booking.cancelled")
HOOK = {"trigger_types": [*KINDS], "webhook_url": "http://127.0.0.1:9/"}


def _invited(sandbox: Sandbox) -> list[str]:
    return [one["email"] for one in sandbox.events()[0]["participants"]]


async def test_they_hear_of_everything(raw: Raw, sandbox: Sandbox) -> None:
    """They are in the event, in every notification, and get the mails that guests get."""
    sandbox.behaviour = type(sandbox.behaviour)(challenge=False)
    await raw("POST", "/v3/webhooks", HOOK, key=sandbox.api_key)
    reminders = [{"type": "email", "minutes_before_event": 60, "recipient": "guest"}]
    event = {"title": "Meeting", "reminders": reminders}
    made = await configured(raw, host(ADA, is_organizer=True), CARL, event_booking=event)
    booking_id = await booked(raw, made)
    everybody = [ADA, JANE.email, CARL["email"]]
    assert _invited(sandbox) == everybody
    await moved(raw, made, booking_id, 2)
    assert _invited(sandbox) == everybody
    sandbox.clock.advance(hours=9)
    await raw("DELETE", f"{BOOKINGS}/{booking_id}", {}, configuration_id=made)
    for kind in KINDS:
        assert recipients(sandbox, kind) == everybody
    assert recipients(sandbox, "booking.reminder") == everybody[1:]
    told = sandbox._world.store.rows("SELECT document FROM deliveries")
    infos = [orjson.loads(row["document"])["data"]["object"]["booking_info"] for row in told]
    assert len(infos) == len(KINDS)
    for info in infos:
        assert [one["email"] for one in info["participants"]] == everybody
        assert info["participants"][-1] == CARL


async def test_they_have_no_say(raw: Raw, sandbox: Sandbox) -> None:
    """They are in no slot and no order, and are asked for nothing until a meeting is certain."""
    page = {"organizer_confirmation_url": "https://example.com/:booking_ref"}
    event = {"title": "Meeting", "booking_type": "organizer-confirmation"}
    parts: dict[str, Any] = {"event_booking": event, "scheduler": page}
    made = await configured(raw, CARL, host(ADA), **parts)
    assert [one["emails"] for one in (await offered(raw, made))["time_slots"]] == [[ADA]] * 8
    await booked(raw, made)
    assert recipients(sandbox, "booking.pending") == [ADA, JANE.email]
    assert _invited(sandbox) == [ADA, JANE.email, CARL["email"]]


@pytest.mark.parametrize(
    ("method", "named", "invited"),
    [
        ("collective", [ADA], False),
        ("collective", [ADA, "CARL@example.com"], True),
        ("collective", [], True),
        ("max-fairness", [ADA], True),
    ],
)
async def test_who_is_named_alone(
    raw: Raw, sandbox: Sandbox, method: str, named: list[str], invited: bool
) -> None:
    """Who names all that shall take part leaves them out; who chooses a host by turn does not."""
    sandbox.add_host(BOB)
    made = await configured(raw, host(ADA), host(BOB), CARL, method=method)
    await booked(raw, made, participants=[{"email": email} for email in named])
    assert (CARL["email"] in _invited(sandbox)) is invited


async def test_nobody_is_invited_twice(raw: Raw, sandbox: Sandbox) -> None:
    """Who books, and would be invited anyway, takes part once and is told once."""
    made = await configured(raw, host(ADA), CARL)
    await booked(raw, made, guest={**CARL, "email": "Carl@example.com"})
    assert _invited(sandbox) == [ADA, "Carl@example.com"]
    assert recipients(sandbox, "booking.created") == [ADA, "Carl@example.com"]
