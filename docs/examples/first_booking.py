"""A first booking, without an account: the whole life of one, against an API of forty lines.

    python docs/examples/first_booking.py

`send=` takes anything that turns a request into a response. Here it is a stand-in that keeps one
booking in memory; leave it out, and the same code talks to Nylas.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from nylas_bookings import Client, Guest, PublicConfiguration, Request, Response, errors

NINE = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
BOOKED: dict[str, str] = {}


async def stand_in(request: Request) -> Response:
    """An API that offers four slots and keeps one booking."""
    path = urlsplit(request.url).path
    if path.endswith("/availability"):
        starts = [int((NINE + timedelta(minutes=30 * n)).timestamp()) for n in range(4)]
        slots = [{"start_time": start, "end_time": start + 1800} for start in starts]
        return answer({"time_slots": slots})
    if request.method == "POST":
        if BOOKED:
            return answer(None, status=400, error="The selected timeslot is unavailable")
        BOOKED["status"] = "booked"
    if request.method == "DELETE":
        BOOKED["status"] = "cancelled"
        return answer(None)
    return answer(
        {
            "booking_id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "event_id": "event-1",
            "title": "Introduction",
            "organizer": {"name": "Host", "email": "host@example.com"},
            "status": BOOKED["status"],
        }
    )


def answer(data: object, *, status: int = 200, error: str | None = None) -> Response:
    """An answer in the shape that the API gives it."""
    body: dict[str, object] = {"request_id": "req-1"}
    if data is not None:
        body["data"] = data
    if error is not None:
        body["error"] = {"type": "invalid_request_error", "message": error}
    return Response(status, {"Content-Type": "application/json"}, json.dumps(body).encode())


def main() -> None:
    """Look, book, move, cancel; and meet an error on the way."""
    guest = Guest(name="Jane Doe", email="jane@example.com")
    configuration = PublicConfiguration("8a3d0000-0000-4000-8000-000000000000")
    with Client(configuration, send=stand_in) as nylas:
        offer = nylas.availability.get(start_time=NINE, end_time=NINE + timedelta(days=1))
        first, second, *_ = offer.time_slots
        print(f"{len(offer.time_slots)} slots, the first at {first.start_time:%H:%M} UTC")

        booking = nylas.bookings.create(
            start_time=first.start_time, end_time=first.end_time, guest=guest
        )
        print(f"booked: {booking.title!r} with {booking.organizer.name}, {booking.status}")
        try:
            nylas.bookings.create(start_time=first.start_time, end_time=first.end_time, guest=guest)
        except errors.SlotUnavailable as error:
            print(f"once more: {error}")

        receipt = nylas.bookings.reschedule(
            booking.booking_id, start_time=second.start_time, end_time=second.end_time
        )
        nylas.bookings.cancel(receipt.booking_id, reason="Plans changed")
        print(f"cancelled: {nylas.bookings.get(receipt.booking_id).status}")


if __name__ == "__main__":
    main()
