"""Mails: who gets which, what they say, in whose zone, and with which links."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings import AsyncClient, Guest
from nylas_bookings.models import EventBooking, SchedulerSettings
from nylas_bookings.sandbox import Sandbox

from ..calls import JANE, Raw, slot

HOST = "host@example.com"
JOE = Guest(name="Joe", email="joe@example.com")


def _told(sandbox: Sandbox, since: int = 0) -> list[tuple[str, str]]:
    return [(mail["recipient"], mail["subject"]) for mail in sandbox.outbox()[since:]]


def _bodies(sandbox: Sandbox, kind: str) -> dict[str, str]:
    return {m["recipient"]: m["body"] for m in sandbox.outbox() if m["kind"] == kind}


async def test_a_life(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """Host, guest and further guests hear of each change, with the reason and the old time."""
    booked = await visitor.bookings.create(**slot(), guest=JANE, additional_guests=[JOE])
    await visitor.bookings.reschedule(booked.booking_id, **slot(2))
    await visitor.bookings.cancel(booked.booking_id, reason="Ill")
    everybody = [HOST, JANE.email, JOE.email]
    assert _told(sandbox) == [
        (address, f"{what}: Introduction")
        for what in ("Confirmed", "Rescheduled", "Cancelled")
        for address in everybody
    ]
    moved, cancelled = sandbox.outbox()[4]["body"], sandbox.outbox()[7]["body"]
    assert "When: Monday, 23 November 2026, 10:00–10:30 (UTC)\n" in moved
    assert "Until now: Monday, 23 November 2026, 09:00–09:30 (UTC)\n" in moved
    assert "Reason: Ill\n" in cancelled
    assert "http" not in cancelled


async def test_a_booking_that_waits(guest_of_confirming: AsyncClient, sandbox: Sandbox) -> None:
    """Only the organizer gets the link to say yes; the guest hears that it is to be waited for."""
    await guest_of_confirming.bookings.create(**slot(), guest=JANE, additional_guests=[JOE])
    assert _told(sandbox) == [
        (HOST, "Waiting for confirmation: By appointment"),
        (JANE.email, "Waiting for confirmation: By appointment"),
    ]
    bodies = _bodies(sandbox, "booking.pending")
    assert "Confirm or decline: http://127.0.0.1/book/confirm?ref=" in bodies[HOST]
    assert "confirm?ref=" not in bodies[JANE.email]
    assert "Cancel: http" in bodies[JANE.email]


@pytest.mark.parametrize("is_quiet", [False, True])
async def test_a_yes_and_a_no(
    guest_of_confirming: AsyncClient, sandbox: Sandbox, is_quiet: bool
) -> None:
    """A yes is told to everybody, a no to whom it was asked of, whatever webhooks are told."""
    if is_quiet:
        sandbox.behaviour = type(sandbox.behaviour)(confirm_notifies=None, decline_notifies=None)
    booked = [
        await guest_of_confirming.bookings.create(**slot(n), guest=JANE, additional_guests=[JOE])
        for n in range(2)
    ]
    yes, no = ({row["id"]: row["salt"] for row in sandbox.bookings()}[b.booking_id] for b in booked)
    await guest_of_confirming.bookings.confirm(booked[0].booking_id, salt=yes)
    await guest_of_confirming.bookings.decline(booked[1].booking_id, salt=no, reason="Away")
    assert _told(sandbox, since=4) == [
        (HOST, "Confirmed: By appointment"),
        (JANE.email, "Confirmed: By appointment"),
        (JOE.email, "Confirmed: By appointment"),
        (HOST, "Declined: By appointment"),
        (JANE.email, "Declined: By appointment"),
    ]
    assert "Reason: Away\n" in sandbox.outbox()[-1]["body"]


@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("Asia/Tokyo", "Monday, 23 November 2026, 18:00–18:30 (Asia/Tokyo)"),
        ("America/New_York", "Monday, 23 November 2026, 04:00–04:30 (America/New_York)"),
        ("Pacific/Kiritimati", "Monday, 23 November 2026, 23:00–23:30 (Pacific/Kiritimati)"),
        (None, "Monday, 23 November 2026, 10:00–10:30 (Europe/Berlin)"),
    ],
)
async def test_times_are_those_of_the_reader(
    visitor: AsyncClient, admin: AsyncClient, sandbox: Sandbox, zone: str | None, when: str
) -> None:
    """The guest reads the guest's time, the host the configuration's."""
    event = EventBooking(title="Call", timezone="Europe/Berlin")
    await admin.configurations.update(sandbox.grant_id, sandbox.public, event_booking=event)
    await visitor.bookings.create(**slot(), guest=JANE, timezone=zone)
    bodies = _bodies(sandbox, "booking.created")
    assert f"When: {when}\n" in bodies[JANE.email]
    assert "When: Monday, 23 November 2026, 10:00–10:30 (Europe/Berlin)\n" in bodies[HOST]


async def test_a_meeting_that_ends_on_another_day(visitor: AsyncClient, sandbox: Sandbox) -> None:
    """Where a meeting goes past midnight, both days are told."""
    await visitor.bookings.create(**slot(3), guest=JANE, timezone="Pacific/Auckland")
    told = _bodies(sandbox, "booking.created")[JANE.email]
    assert "When: Monday, 23 November 2026, 23:30 – Tuesday, 24 November 2026, 00:00" in told


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ({}, {"Reschedule", "Cancel"}),
        ({"hide_rescheduling_options": True}, {"Cancel"}),
        ({"hide_cancellation_options": True}, {"Reschedule"}),
    ],
)
async def test_what_is_hidden_has_no_link(
    visitor: AsyncClient,
    admin: AsyncClient,
    sandbox: Sandbox,
    hidden: dict[str, Any],
    shown: set[str],
) -> None:
    """What the configuration hides is in no mail; its own pages are linked with the reference."""
    pages = {
        "rescheduling_url": "https://example.com/r/:booking_ref",
        "cancellation_url": "https://example.com/c/:booking_ref",
    }
    settings = SchedulerSettings(**pages, **hidden)
    await admin.configurations.update(sandbox.grant_id, sandbox.public, scheduler=settings)
    await visitor.bookings.create(**slot(), guest=JANE)
    for body in _bodies(sandbox, "booking.created").values():
        links = [line for line in body.splitlines() if "https://example.com/" in line]
        assert {line.split(":")[0] for line in links} == shown


@pytest.mark.parametrize(
    ("event", "check"),
    [
        ({"disable_emails": True}, lambda bodies: not bodies),
        ({"disable_emails": None}, lambda bodies: len(bodies) == 2),
        ({"hide_participants": True}, lambda bodies: "Who:" not in "".join(bodies)),
        ({"location": "Room {1}"}, lambda bodies: all("Where: Room {1}\n" in b for b in bodies)),
        (
            {"title": "A {title} & Ü"},
            lambda bodies: all("What: A {title} & Ü\n" in b for b in bodies),
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_what_a_configuration_decides(
    visitor: AsyncClient, admin: AsyncClient, sandbox: Sandbox, event: dict[str, Any], check: Any
) -> None:
    """The configuration decides whether there are mails, and who and where is told."""
    changed = EventBooking(**{"title": "Call", **event})
    await admin.configurations.update(sandbox.grant_id, sandbox.public, event_booking=changed)
    await visitor.bookings.create(**slot(), guest=JANE)
    assert check([mail["body"] for mail in sandbox.outbox()])


async def test_own_words(visitor: AsyncClient, raw: Raw, sandbox: Sandbox) -> None:
    """A configuration may have words of its own for a guest whose booking is certain."""
    own = {"title": "See you {soon}", "body": "We look forward to it."}
    settings = {"email_template": {"booking_confirmed": own}}
    body = {"scheduler": settings}
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations/{sandbox.public}"
    assert (await raw("PUT", path, body, key=sandbox.api_key)).status == 200
    await visitor.bookings.create(**slot(), guest=JANE)
    assert _told(sandbox) == [(HOST, "Confirmed: Introduction"), (JANE.email, "See you {soon}")]
    assert sandbox.outbox()[1]["body"].startswith("We look forward to it.\n")
