"""One life with everything in it that a switch decides, led through the client."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import orjson
from attrs import define, evolve, field

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    PublicConfiguration,
    Request,
    Response,
    SessionToken,
    errors,
    models,
    webhooks,
)
from nylas_bookings.sandbox import Fault, Sandbox

from .calls import JANE, MONDAY, ONCE, slot

NOBODY = "http://127.0.0.1:9/hook"
TRIGGERS = [
    "booking.created",
    "booking.pending",
    "booking.rescheduled",
    "booking.cancelled",
    "booking.reminder",
]


@define
class Life:
    """What came of each call for its caller: what it returned, or the error that it ended in.

    Attributes:
        said: The notifications, as this package reads them, by the name of the booking.
        answers: What was on the wire: the path without its start, the status, and the JSON.
    """

    sandbox: Sandbox
    ended: dict[str, Any] = field(factory=dict)
    said: dict[str, list[Any]] = field(factory=dict)
    answers: list[tuple[str, int, Any]] = field(factory=list)

    def client(self, auth: Any) -> AsyncClient:
        """A client of the sandbox that is listened to."""

        async def send(request: Request) -> Response:
            response = await self.sandbox.send(request)
            told = orjson.loads(response.body or b"null")
            path = request.url.split("/v3/")[1].split("?")[0]
            self.answers.append((f"{request.method} {path}", response.status, told))
            return response

        return AsyncClient(auth, send=send, retry=ONCE)

    def public(self) -> AsyncClient:
        """A visitor of the public configuration."""
        return self.client(PublicConfiguration(self.sandbox.public))

    def confirming(self) -> AsyncClient:
        """A visitor of the configuration whose bookings wait for the organizer."""
        return self.client(PublicConfiguration(self.sandbox.confirming))

    def key(self) -> AsyncClient:
        """The holder of the application's key."""
        return self.client(ApiKey(self.sandbox.api_key))

    async def does(self, name: str, call: Coroutine[Any, Any, Any]) -> Any:
        """Keep what comes of a call; nothing else than the package's own errors may come."""
        try:
            self.ended[name] = await call
        except errors.APIError as error:
            self.ended[name] = error
        return self.ended[name]

    def salt(self, booking_id: str) -> str:
        """What lets the organizer confirm or decline a booking."""
        return next(row["salt"] for row in self.sandbox.bookings() if row["id"] == booking_id)


async def lived(sandbox: Sandbox, **switches: Any) -> Life:
    """Lead that life in a sandbox whose switches are so, and the others as they are."""
    life, behaviour = Life(sandbox), evolve(sandbox.behaviour, **switches)
    sandbox.behaviour = evolve(sandbox.behaviour, challenge=False)
    await life.key().webhooks.create(trigger_types=TRIGGERS, webhook_url=NOBODY)
    reminder = models.Reminder(type="webhook", minutes_before_event=60)
    event = models.EventBooking(title="Call", reminders=[reminder])
    await life.key().configurations.update(sandbox.grant_id, sandbox.public, event_booking=event)
    sandbox.behaviour = behaviour
    await _bookings(life)
    await _decisions(life)
    await _application(life)
    await _failures(life)
    await _later(life)
    await _read_notifications(life)
    return life


async def _bookings(life: Life) -> None:
    mine = life.public().bookings
    booked = await life.does("book", mine.create(**slot(), guest=JANE))
    await life.does("book again", mine.create(**slot(), guest=JANE))
    moved = await life.does("reschedule", mine.reschedule(booked.booking_id, **slot(1)))
    await life.does("read", mine.get(moved.booking_id))
    await life.does("cancel", mine.cancel(moved.booking_id, reason="ill"))
    await life.does("read cancelled", mine.get(moved.booking_id))


async def _decisions(life: Life) -> None:
    bookings = life.confirming().bookings
    yes, no = [await bookings.create(**slot(number), guest=JANE) for number in (2, 3)]
    life.ended["wait"] = yes
    salt = life.salt(yes.booking_id)
    confirmed = await life.does("confirm", bookings.confirm(yes.booking_id, salt=salt))
    read = await life.does("read confirmed", bookings.get(yes.booking_id))
    assert (read.status, read.event_id) == (confirmed.status, confirmed.event_id)
    salt = life.salt(no.booking_id)
    await life.does("decline", bookings.decline(no.booking_id, salt=salt))


async def _application(life: Life) -> None:
    key, sandbox = life.key(), life.sandbox
    await life.does("session", key.sessions.create(configuration_id=sandbox.public))
    opened = await key.sessions.create(configuration_id=sandbox.private, time_to_live=1)
    sandbox.clock.advance(seconds=30)
    guest = life.client(SessionToken(opened.session_id)).bookings
    await life.does("book later", guest.create(**slot(4), guest=JANE))
    with_key = life.client(ApiKey(sandbox.api_key, sandbox.public)).bookings
    await life.does("book with key", with_key.create(**slot(5), guest=JANE))
    group = models.GroupConfiguration(
        name="Class", type="group", group_booking=models.GroupBooking(calendar_id="primary")
    )
    made = await key.configurations.create(sandbox.grant_id, group)
    when = models.EventTime(**{name: value + 86400 for name, value in slot().items()})
    meeting = {"calendar_id": "primary", "capacity": 2, "title": "Yoga", "when": when}
    groups = key.group_events
    await life.does("meet", groups.create(sandbox.grant_id, made.id, participants=[], **meeting))
    await life.does(
        "subscribe", key.webhooks.create(trigger_types=TRIGGERS[:1], webhook_url=NOBODY)
    )


async def _failures(life: Life) -> None:
    for status in (401, 404, 429, 504):
        life.sandbox.faults.add("bookings.get", Fault.status(status))
        await life.does(str(status), life.public().bookings.get("nothing"))


async def _later(life: Life) -> None:
    """An hour before the last booking, when it is reminded of; then within the notice."""
    sandbox = life.sandbox
    last = await life.public().bookings.create(**slot(8), guest=JANE)
    life.ended["last"] = last
    sandbox.clock.freeze(MONDAY.replace(hour=12))
    await asyncio.to_thread(sandbox.settle)
    sandbox.clock.freeze(MONDAY.replace(hour=13))
    await life.does("book in a hurry", life.public().bookings.create(**slot(9), guest=JANE))


async def _read_notifications(life: Life) -> None:
    names = {row["id"]: str((row["start"] - slot()["start_time"]) // 1800) for row in _rows(life)}
    for delivery in life.sandbox.deliveries():
        read = webhooks.parse(orjson.dumps(delivery["document"]))
        name = names.get(delivery["booking_id"], "moved")
        life.said.setdefault(name, []).append(read)


def _rows(life: Life) -> list[dict[str, Any]]:
    return life.sandbox.bookings()
