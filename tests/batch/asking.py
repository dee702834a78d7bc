"""What the tests of batches ask for: slots of a sandbox, one after the other, and odd senders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from nylas_bookings import AsyncClient, Guest, NewBooking, PublicConfiguration, Retry
from nylas_bookings.sandbox import Sandbox

ONCE = Retry(attempts=1)
HALF_AN_HOUR = timedelta(minutes=30)


def monday() -> datetime:
    """The next Monday, which is in the future whenever the tests run."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


def wanted(number: int, **more: Any) -> NewBooking:
    """A booking of the slot with that number, for a guest of its own."""
    day, slot = divmod(number, 16)
    week, day = divmod(day, 5)
    start = monday() + timedelta(days=7 * week + day, hours=9) + slot * HALF_AN_HOUR
    asked = {
        "start_time": start,
        "end_time": start + HALF_AN_HOUR,
        "guest": Guest(name=f"Guest {number}", email=f"guest{number}@example.com"),
    }
    return NewBooking(**(asked | more))


def many(count: int, **more: Any) -> Iterator[NewBooking]:
    """So many bookings."""
    return (wanted(number, **more) for number in range(count))


def client(sandbox: Sandbox, **settings: Any) -> AsyncClient:
    """A client of the public configuration, in this process."""
    settings = {"send": sandbox.send, "retry": ONCE, **settings}
    return AsyncClient(PublicConfiguration(sandbox.public), **settings)


def guests(sandbox: Sandbox) -> list[str]:
    """The guests of all bookings."""
    booked = [booking["document"]["guest"]["email"] for booking in sandbox.bookings()]
    return sorted(booked)
