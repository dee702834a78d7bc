"""A script as there are many: no event loop anywhere, some threads, an old job to do every night.

    pip install 'nylas-bookings[sandbox]'
    python docs/examples/nightly_script.py

It calls off the bookings of a host who is ill, and offers each guest the same time a week later.
It runs against a sandbox; with `Client.from_env()` in place of the client, and the variables
`NYLAS_…` set, it does the same for the real API.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from nylas_bookings import Client, Guest, PublicConfiguration, errors, models
from nylas_bookings.sandbox import Sandbox


def move(nylas: Client, booking_id: str, slot: models.TimeSlot) -> str:
    """Move a booking by a week, or cancel it when that time has gone."""
    week = timedelta(days=7)
    try:
        receipt = nylas.bookings.reschedule(
            booking_id, start_time=slot.start_time + week, end_time=slot.end_time + week
        )
    except errors.SlotUnavailable:
        nylas.bookings.cancel(booking_id, reason="The host is ill")
        return "cancelled"
    return f"moved, and is {receipt.booking_id} now"


def main() -> None:
    """Book three, and move them all at once, each in a thread of its own."""
    with Sandbox(seed=1) as sandbox:
        nylas = Client(PublicConfiguration(sandbox.public), api_url=sandbox.url)
        now = sandbox.clock.now()
        slots = nylas.availability.get(start_time=now, end_time=now + 7 * 86400).time_slots[:3]
        ids = [
            nylas.bookings.create(
                start_time=slot.start_time,
                end_time=slot.end_time,
                guest=Guest(name="Jane Doe", email="jane@example.com"),
            ).booking_id
            for slot in slots
        ]
        with ThreadPoolExecutor() as threads:
            for told in threads.map(partial(move, nylas), ids, slots):
                print(told)
        print(f"{len(sandbox.bookings())} bookings")


if __name__ == "__main__":
    main()
