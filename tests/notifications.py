"""Notifications as the documentation shows them, one for each trigger."""

from __future__ import annotations

from typing import Any

import orjson

REFERENCE = "ERERESIiMzNERFVVVVVVVaqqqqq7u8zM3d3u7u7u7u77OAssC6T+q1yz"
CREATED_ONLY = {
    "event_description": "<p>Links</p>",
    "event_html_link": "https://calendar.example.com/e-1",
    "ical_uid": "uid-1",
    "host_confirmation_url": "https://example.com/o/ref",
}
INFO: dict[str, Any] = {
    "event_id": "e-1",
    "start_time": 1719842400,
    "end_time": 1719846000,
    "participants": [
        {"email": "host@example.com", "name": "Host"},
        {"email": "guest@example.com", "name": "Guest"},
    ],
    "additional_fields": {"company": "Example"},
    "hide_cancellation_options": False,
    "hide_rescheduling_options": False,
    "participant_rescheduling_url": "https://example.com/r/ref",
    "participant_cancellation_url": "https://example.com/c/ref",
    "host_language": "en",
    "guest_language": "en",
    "title": "Call",
    "duration": 60,
    "location": "",
    "organizer_timezone": "America/Toronto",
    "guest_timezone": "",
    "is_group_event": False,
    "organizer_calendar_id": "primary",
}
IDS = {"booking_id": "b-1", "configuration_id": "cfg-1"}
OBJECTS: dict[str, dict[str, Any]] = {
    "booking.created": {
        **IDS,
        "booking_ref": REFERENCE,
        "object": "booking",
        "booking_info": INFO | CREATED_ONLY,
    },
    "booking.pending": {
        **IDS,
        "booking_ref": REFERENCE,
        "booking_type": "organizer-confirmation",
        "booking_info": INFO | CREATED_ONLY | {"title": "[PENDING] Call"},
    },
    "booking.rescheduled": {
        **IDS,
        "booking_ref": REFERENCE,
        "object": "booking",
        "booking_info": INFO | {"old_start_time": 1719839400, "old_end_time": 1719842400},
    },
    "booking.cancelled": {
        **IDS,
        "booking_info": INFO | {"cancellation_reason": "Conflicting appointment"},
    },
    "booking.reminder": {
        **IDS,
        "booking_info": INFO
        | {"time_until_event": 3600, "organizer_email": "host@example.com", "provider": "google"},
    },
}


def notification(trigger: str, said: Any = None, **changes: Any) -> dict[str, Any]:
    """A notification with its envelope."""
    about = OBJECTS.get(trigger) if said is None else said
    data = {"application_id": "app-1", "grant_id": "grant-1", "object": about}
    envelope = {
        "specversion": "1.0",
        "type": trigger,
        "source": "/nylas/passthru",
        "id": "ntf-1",
        "time": 1725895310,
        "webhook_delivery_attempt": 1,
        "data": data,
    }
    return envelope | changes


def raw(trigger: str, said: Any = None, **changes: Any) -> bytes:
    """The bytes of a notification."""
    return orjson.dumps(notification(trigger, said, **changes))
