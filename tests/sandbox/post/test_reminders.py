"""Reminders: when the clock reaches them, whom they reach, and whom they do not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nylas_bookings import ApiKey, AsyncClient
from nylas_bookings.models import EventBooking, Reminder
from nylas_bookings.sandbox import Sandbox

from ..calls import BOOKINGS, JANE, MONDAY, Raw, slot, wanted
from .conftest import Settle, Subscribe
from .receiver import Receiver


async def reminded(admin: AsyncClient, sandbox: Sandbox, *reminders: Reminder) -> None:
    """The public configuration reminds."""
    event = EventBooking(title="Call", reminders=reminders)
    await admin.configurations.update(sandbox.grant_id, sandbox.public, event_booking=event)


def _mails(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [
        (mail["recipient"], mail["subject"])
        for mail in sandbox.outbox()
        if mail["kind"] == "booking.reminder"
    ]


@pytest.mark.parametrize(
    ("recipient", "reached"),
    [
        (None, ["host@example.com", "jane@example.com"]),
        ("all", ["host@example.com", "jane@example.com"]),
        ("host", ["host@example.com"]),
        ("guest", ["jane@example.com"]),
    ],
)
async def test_whom_a_mail_reaches(
    raw: Raw, admin: AsyncClient, sandbox: Sandbox, recipient: Any, reached: list[str]
) -> None:
    """A reminder by mail goes to whom it names, once, at its time and not before."""
    subject = "Soon {really}"
    await reminded(
        admin,
        sandbox,
        Reminder(type="email", minutes_before_event=30, recipient=recipient, email_subject=subject),
    )
    await raw.book()
    sandbox.clock.freeze(MONDAY + timedelta(hours=8, minutes=29))
    assert _mails(sandbox) == []
    for _ in range(3):
        sandbox.clock.advance(minutes=1)
        assert _mails(sandbox) == [(address, subject) for address in reached]


async def test_a_reminder_needs_no_thread_to_be_seen(
    raw: Raw, admin: AsyncClient, sandbox: Sandbox
) -> None:
    """When the clock has been advanced, the mail of a reminder is in the outbox already."""
    await reminded(admin, sandbox, Reminder(type="email", minutes_before_event=60))
    await raw.book()
    sandbox.clock.advance(hours=8)
    assert len(_mails(sandbox)) == 2
    assert "09:00–09:30 (UTC)" in sandbox.outbox()[-1]["body"]


async def test_who_is_not_reminded(
    visitor: AsyncClient,
    admin: AsyncClient,
    sandbox: Sandbox,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
) -> None:
    """Nobody is reminded of what was cancelled before, or was booked when it was too late."""
    await subscribe(trigger_types=["booking.reminder"])
    await reminded(admin, sandbox, Reminder(type="webhook", minutes_before_event=60))
    cancelled = await visitor.bookings.create(**slot(0), guest=JANE)
    await visitor.bookings.cancel(cancelled.booking_id)
    sandbox.clock.freeze(MONDAY + timedelta(hours=9, minutes=30))
    await visitor.bookings.create(**slot(2), guest=JANE)
    for minutes in (1, 600):
        sandbox.clock.advance(minutes=minutes)
        await settle()
    assert receiver.posts == []


@pytest.mark.parametrize("jump", [{"hours": 8}, {"hours": 9}, {"days": 1}])
async def test_a_clock_that_jumps_over_a_meeting(
    visitor: AsyncClient,
    admin: AsyncClient,
    sandbox: Sandbox,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
    jump: dict[str, int],
) -> None:
    """However far the clock is advanced, a reminder goes out once, as if at its own time."""
    made = await subscribe(trigger_types=["booking.reminder"])
    both = [Reminder(type=kind, minutes_before_event=60) for kind in ("webhook", "email")]
    await reminded(admin, sandbox, *both)
    await visitor.bookings.create(**slot(0), guest=JANE)
    for _ in range(2):
        sandbox.clock.advance(**jump)
        await settle()
        assert [address for address, _ in _mails(sandbox)] == ["host@example.com", JANE.email]
        (reminder,) = receiver.read(made.webhook_secret or "")
        assert reminder.booking_info.time_until_event == 3600


async def test_a_group_event_that_is_gone(raw: Raw, sandbox: Sandbox) -> None:
    """Who joined a group event is reminded of it, unless it has been deleted."""
    path = f"/v3/grants/{sandbox.grant_id}/scheduling/configurations"
    reminder = {"type": "email", "minutes_before_event": 60}
    group = {"calendar_id": "primary", "reminders": [reminder]}
    body = {"type": "group", "name": "Class", "group_booking": group}
    made = (await raw("POST", path, body, key=sandbox.api_key)).told["data"]["id"]
    events = f"{path}/{made}/group-events"
    ids = []
    for number in (0, 1):
        meeting = {"calendar_id": "primary", "capacity": 9, "title": "Yoga", "when": slot(number)}
        told = await raw("POST", events, meeting, key=sandbox.api_key)
        ids.append(told.told["data"]["id"])
        wish = wanted(number, event_id=ids[-1])
        assert (await raw("POST", BOOKINGS, wish, configuration_id=made)).status == 200
    await raw("DELETE", f"{events}/{ids[0]}", key=sandbox.api_key)
    sandbox.clock.advance(hours=8, minutes=45)
    assert [address for address, _ in _mails(sandbox)] == ["host@example.com", JANE.email]


async def test_a_booking_that_is_moved(
    visitor: AsyncClient,
    admin: AsyncClient,
    sandbox: Sandbox,
    subscribe: Subscribe,
    receiver: Receiver,
    settle: Settle,
) -> None:
    """A booking that was moved is reminded of at its new time only."""
    made = await subscribe(trigger_types=["booking.reminder"])
    await reminded(admin, sandbox, Reminder(type="webhook", minutes_before_event=60))
    booked = await visitor.bookings.create(**slot(0), guest=JANE)
    await visitor.bookings.reschedule(booked.booking_id, **slot(4))
    for hour, told in ((9, 0), (10, 1), (11, 1)):
        sandbox.clock.freeze(MONDAY + timedelta(hours=hour))
        await settle()
        assert len(receiver.posts) == told
    (reminder,) = receiver.read(made.webhook_secret or "")
    assert reminder.booking_info.time_until_event == 3600
    assert int(reminder.booking_info.start_time.timestamp()) == slot(4)["start_time"]


async def test_who_waits_for_a_yes_is_reminded_after_it(
    guest_of_confirming: AsyncClient, admin: AsyncClient, sandbox: Sandbox
) -> None:
    """A booking that waits for the organizer is not reminded of, and is when it is confirmed."""
    event = EventBooking(
        title="Call",
        booking_type="organizer-confirmation",
        reminders=(Reminder(type="email", minutes_before_event=60),),
    )
    await admin.configurations.update(sandbox.grant_id, sandbox.confirming, event_booking=event)
    booked = [await guest_of_confirming.bookings.create(**slot(n), guest=JANE) for n in (0, 1)]
    salts = {row["id"]: row["salt"] for row in sandbox.bookings()}
    confirmed = booked[0].booking_id
    await guest_of_confirming.bookings.confirm(confirmed, salt=salts[confirmed])
    sandbox.clock.advance(hours=8, minutes=45)
    reminders = [mail for mail in sandbox.outbox() if mail["kind"] == "booking.reminder"]
    assert {mail["booking_id"] for mail in reminders} == {confirmed}


async def test_a_file_that_was_closed_in_the_meantime(tmp_path: Path) -> None:
    """What came due while nobody had the file open is made up for, once."""
    path = tmp_path / "sandbox.db"
    first = Sandbox(path, now=MONDAY)
    async with AsyncClient(ApiKey(first.api_key), send=first.send) as client:
        await reminded(client, first, Reminder(type="email", minutes_before_event=60))
    await Raw(first).book()
    first.close()
    for minutes in (30, 40):
        with Sandbox(path, now=MONDAY + timedelta(hours=8, minutes=minutes)) as again:
            assert len(_mails(again)) == 2
    sandbox = Sandbox(path)
    assert "http://127.0.0.1:" in sandbox.outbox()[-1]["body"]
    sandbox.close()
