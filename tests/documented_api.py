"""What the code in the documentation talks to: plausible answers for whatever it asks."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import orjson

from nylas_bookings import Request, Response

BOOKING = {
    "booking_id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "event_id": "event-1",
    "title": "Introduction",
    "organizer": {"name": "Host", "email": "host@example.com"},
    "status": "booked",
}


async def send(request: Request) -> Response:
    """Answer as the API would."""
    path = urlsplit(request.url).path
    if path.endswith("no-such-booking"):
        missing = {"type": "not_found_error", "message": "requested object not found"}
        return _answer({"request_id": "req-1", "error": missing}, 404)
    if path.endswith("/availability"):
        start = int(time.time()) // 1800 * 1800 + 86_400
        slots = [{"start_time": start, "end_time": start + 1800, "emails": ["host@example.com"]}]
        return _answer({"request_id": "req-1", "data": {"time_slots": slots}})
    if path.endswith("/sessions"):
        return _answer({"request_id": "req-1", "data": {"session_id": "session-1"}})
    if request.method == "DELETE":
        return _answer({"request_id": "req-1"})
    return _answer({"request_id": "req-1", "data": BOOKING})


def _answer(body: object, status: int = 200) -> Response:
    return Response(status, {"Content-Type": "application/json"}, orjson.dumps(body))
