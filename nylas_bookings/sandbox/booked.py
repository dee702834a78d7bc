"""A booking as the database keeps it: its row, and how it is found there."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from attrs import frozen

from .. import references
from .configurations import Stored
from .refusals import not_found
from .store import dumps, loads
from .world import World


@frozen(kw_only=True, eq=False, slots=False)
class Booking:
    """A booking in the database."""

    id: str
    configuration_id: str
    event_id: str
    status: str
    start: int
    end: int
    salt: str
    hosts: tuple[str, ...]
    created: int
    document: dict[str, Any]

    @cached_property
    def reference(self) -> str:
        """What the links in the e-mails carry."""
        return references.encode(
            configuration_id=self.configuration_id, booking_id=self.id, salt=self.salt
        )


def find(world: World, stored: Stored, booking_id: str) -> Booking:
    """The booking of a configuration with that id; refuses when there is none."""
    row = world.store.row("SELECT * FROM bookings WHERE id = ?", booking_id)
    if row is None or row["configuration_id"] != stored.id:
        raise not_found()
    return of_row(row)


def read(world: World, stored: Stored, booking_id: str) -> Booking:
    """The booking, as far as the API still tells it."""
    booking = find(world, stored, booking_id)
    if booking.status == "cancelled" and world.behaviour.cancelled_bookings == "not found":
        raise not_found()
    return booking


def of_row(row: Any) -> Booking:
    """From a row of the database."""
    return Booking(
        id=row["id"],
        configuration_id=row["configuration_id"],
        event_id=row["event_id"],
        status=row["status"],
        start=row["start"],
        end=row["end"],
        salt=row["salt"],
        hosts=tuple(row["hosts"].split(" ")),
        created=row["created"],
        document=loads(row["document"]),
    )


def insert(world: World, booking: Booking) -> None:
    """Keep a new booking."""
    world.store.run(
        "INSERT INTO bookings (id, configuration_id, event_id, status, start, "
        '"end", salt, hosts, created, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        booking.id,
        booking.configuration_id,
        booking.event_id,
        booking.status,
        booking.start,
        booking.end,
        booking.salt,
        " ".join(booking.hosts),
        booking.created,
        dumps(booking.document),
    )
