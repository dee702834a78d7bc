"""The call that every client makes: one `create`, as arguments, as JSON and as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from nylas_bookings import Guest, NewBooking

CONFIGURATION: Final = "11111111-2222-3333-4444-555555555555"
PATH: Final = f"/v3/scheduling/bookings?configuration_id={CONFIGURATION}"
START: Final = datetime(2030, 12, 2, 9, tzinfo=UTC)
END: Final = datetime(2030, 12, 2, 9, 30, tzinfo=UTC)
GUEST: Final = Guest(name="Jane Doe", email="jane@example.com")


def body() -> dict[str, Any]:
    """Return the JSON object of the request."""
    return {
        "start_time": int(START.timestamp()),
        "end_time": int(END.timestamp()),
        "guest": {"name": "Jane Doe", "email": "jane@example.com"},
    }


def new_booking() -> NewBooking:
    """Return the same request as a model of ours."""
    return NewBooking(start_time=START, end_time=END, guest=GUEST)


def new_bookings(number: int) -> Iterator[NewBooking]:
    """Yield that many, each a minute after the last: a batch accepts no two equal rows."""
    for minute in range(number):
        later = timedelta(minutes=minute)
        yield NewBooking(start_time=START + later, end_time=END + later, guest=GUEST)


def raw(host: str) -> bytes:
    """Return the request as the bytes that are sent."""
    content = orjson.dumps(body())
    return (
        b"POST %b HTTP/1.1\r\nHost: %b\r\nAccept: application/json\r\nUser-Agent: raw\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (PATH.encode(), host.encode(), len(content), content)
    )


ANSWER: Final = orjson.dumps(
    {
        "request_id": "5fa64c92-e840-4357-86b9-2aa364d35b88",
        "data": {
            "booking_id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "event_id": "0cp1c5v1v8d0f4c7c1v8d0f4c7",
            "title": "Introduction to the product",
            "organizer": {"email": "host@example.com", "name": "Jane Host"},
            "status": "booked",
            "description": "We talk for half an hour. Bring your questions, and a cup of tea.",
        },
    }
)
"""The body of the response."""

ANSWER_HEADERS: Final = {
    "Content-Type": "application/json",
    "Content-Length": str(len(ANSWER)),
    "Date": "Mon, 02 Dec 2030 08:00:00 GMT",
    "Server": "benchmark",
    "Via": "1.1 benchmark",
    "Vary": "Accept-Encoding",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Request-Id": "5fa64c92-e840-4357-86b9-2aa364d35b88",
    "X-Fastly-Id": "5fa64c92e84043574b3b9f7c1e5d2a60",
    "X-Served-By": "cache-benchmark-1",
    "X-Timer": "S1924070400.000000,VS0,VE50",
}
"""As many headers as there are behind a proxy and a content network."""

_RAW_HEAD: Final = b"HTTP/1.1 200 OK\r\n%b\r\n\r\n" % (
    "\r\n".join(f"{name}: {value}" for name, value in ANSWER_HEADERS.items()).encode()
)
_BEFORE_ID, _AFTER_ID = ANSWER.split(b"aaaaaaaa", 1)


def answer(number: int) -> bytes:
    """Return the body of a response with a booking of its own: a journal has each one once."""
    # The ids are as scattered as the API's: ids in order would cost an index less.
    return b"%b%08x%b" % (_BEFORE_ID, number * 0x9E3779B1 & 0xFFFFFFFF, _AFTER_ID)


def raw_answer(number: int) -> bytes:
    """Return such a response as the bytes that are received."""
    return _RAW_HEAD + answer(number)
