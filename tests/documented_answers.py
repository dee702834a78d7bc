"""What the API is documented to answer, one example of `data` for each kind of result."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from nylas_bookings import Response, models
from nylas_bookings._wire.answers import decode

START, END = 1719842400, 1719846000
STARTS, ENDS = datetime.fromtimestamp(START, UTC), datetime.fromtimestamp(END, UTC)

BOOKING: dict[str, Any] = {
    "booking_id": "b-1",
    "event_id": "e-1",
    "title": "Intro call",
    "organizer": {"email": "host@example.com", "name": "Host"},
    "status": "booked",
    "description": "A first talk",
}
CONFIGURATION: dict[str, Any] = {
    "id": "cfg-1",
    "slug": None,
    "requires_session_auth": None,
    "participants": [
        {
            "name": "Host",
            "email": "host@example.com",
            "is_organizer": True,
            "availability": {
                "calendar_ids": ["primary"],
                "open_hours": [
                    {
                        "days": [0, 1],
                        "start": "09:00",
                        "end": "17:00",
                        "timezone": "",
                        "exdates": None,
                    }
                ],
            },
            "booking": {"calendar_id": "primary"},
            "timezone": "",
        }
    ],
    "availability": {
        "duration_minutes": 30,
        "availability_rules": {
            "availability_method": "collective",
            "buffer": {"before": 60, "after": 0},
            "default_open_hours": [],
            "round_robin_group_id": "",
        },
    },
    "event_booking": {
        "title": "Intro",
        "timezone": "utc",
        "description": "",
        "location": "none",
        "booking_type": "booking",
        "conferencing": {
            "provider": "Microsoft Teams",
            "autocreate": {"conf_grant_id": "", "conf_settings": None},
        },
        "hide_participants": None,
        "disable_emails": None,
    },
    "scheduler": {
        "available_days_in_future": 7,
        "min_cancellation_notice": 60,
        "min_booking_notice": 120,
        "confirmation_redirect_url": "",
        "additional_fields": {
            "company": {"label": "Company", "type": "text", "required": False, "order": 1}
        },
        "email_template": {"booking_confirmed": {}},
    },
    "appearance": {"submit_button_label": "Book", "thank_you_message": "Thanks"},
}
GROUP_CONFIGURATION: dict[str, Any] = {
    "id": "cfg-2",
    "type": "group",
    "name": "Class",
    "group_booking": {"calendar_id": "primary", "default_capacity": 10, "disable_emails": None},
}
SLOT: dict[str, Any] = {"emails": ["host@example.com"], "start_time": START, "end_time": END}
GROUP_EVENT: dict[str, Any] = {
    "id": "e-1",
    "calendar_id": "primary",
    "title": "Class",
    "when": {"start_time": START, "end_time": END, "object": "timespan"},
    "capacity": 10,
    "participants": [{"email": "host@example.com", "name": "Host", "is_organizer": True}],
}
SUBSCRIPTION: dict[str, Any] = {
    "id": "w-1",
    "description": "For the calendar",
    "trigger_types": ["booking.created"],
    "webhook_url": "https://example.com/hook",
    "webhook_secret": "secret-1",
    "status": "active",
    "notification_email_addresses": None,
    "status_updated_at": START,
}
IMPORT: dict[str, Any] = {
    "imported_events": [{"event_id": "e-1"}],
    "import_failed": [{"event_id": "e-2", "reason": "Event already imported"}],
}

BOOKED = models.Booking(
    booking_id="b-1",
    event_id="e-1",
    title="Intro call",
    organizer=models.Organizer(email="host@example.com", name="Host"),
    status="booked",
    description="A first talk",
    request_id="req-1",
)

DATA: dict[str, Any] = {
    "Booking": BOOKING,
    "BookingReceipt": BOOKING,
    "Availability": {"order": ["host@example.com"], "time_slots": [SLOT]},
    "Session": {"session_id": "session-1"},
    "Receipt": {"status": "success"},
    "AnyConfiguration": CONFIGURATION,
    "Page[AnyConfiguration]": [CONFIGURATION, GROUP_CONFIGURATION],
    "GroupEvent": [GROUP_EVENT],
    "Page[GroupEvent]": [GROUP_EVENT],
    "ImportReport": IMPORT,
    "WebhookSubscription": SUBSCRIPTION,
    "Page[WebhookSubscription]": [SUBSCRIPTION],
}


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    """An answer with that body, bytes or JSON; headers with `_` for `-`."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(status, {k.replace("_", "-"): v for k, v in headers.items()}, raw)


def without(known: dict[str, Any], *path: str | int) -> dict[str, Any]:
    """A deep copy of some JSON without the value at that path."""
    name, *rest = path
    inner = known[name]
    if rest:
        replaced = without(inner, *rest)
        if isinstance(known, list):
            return [*known[:name], replaced, *known[name + 1 :]]
        return {**known, name: replaced}
    return {key: value for key, value in known.items() if key != name}


def read(data: Any, result: str, subject: str | None = None) -> Any:
    """The result of a success with that data."""
    return decode(answer({"request_id": "req-1", "data": data}), result, subject)
