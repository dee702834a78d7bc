"""What the code does not show of the API: limits, parameters, what is always told, who may ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..subscriptions import KNOWN_TRIGGERS

Facts = Mapping[str, Any]

TIME: Final[Facts] = {
    "anyOf": [
        {"type": "integer", "minimum": -62135596800, "maximum": 253402300799},
        {"type": "string", "pattern": "^[0-9]+$"},
    ]
}
"""A time in a body: epoch seconds, as a number or in digits."""

_TEXT: Final = {"pattern": r"\S"}
_ADDRESS: Final = {"pattern": r"^\S+@[^@\s]+$"}
_PLACES: Final = {"minimum": 1, "maximum": 500}
_SECONDS: Final = {"type": "integer", "minimum": 0, "maximum": 10**11 - 1}
_MINUTES: Final = {"minimum": 1, "maximum": 731 * 24 * 60}
_BUFFER: Final = {"minimum": 0, "maximum": 120, "multipleOf": 5}
_HOUR: Final = {"pattern": r"^([0-9]{1,2}:[0-9]{2})?$"}
_DAY: Final = {"format": "date"}
_TYPES: Final = {"type": "string", "enum": ["", "booking", "organizer-confirmation"]}
_TRIGGER_TYPES: Final = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "enum": list(KNOWN_TRIGGERS)},
}

LIMITS: Final[Mapping[tuple[str, str], Facts]] = {
    ("Guest", "name"): _TEXT,
    ("Guest", "email"): _ADDRESS,
    ("Participant", "email"): _ADDRESS,
    ("Decision", "salt"): _TEXT,
    ("NewSession", "time_to_live"): {"type": "number", "minimum": 0, "maximum": 30},
    ("ConfigurationAvailability", "duration_minutes"): _MINUTES,
    ("ConfigurationAvailability", "interval_minutes"): _MINUTES,
    ("ConfigurationAvailability", "round_to"): {**_MINUTES, "minimum": 5, "multipleOf": 5},
    ("AvailabilityRules", "availability_method"): {
        "type": "string",
        "enum": ["", "collective", "max-fairness", "max-availability"],
    },
    ("Buffer", "before"): _BUFFER,
    ("Buffer", "after"): _BUFFER,
    ("OpenHours", "days"): {
        "type": "array",
        "items": {"type": "integer", "minimum": 0, "maximum": 6},
    },
    ("OpenHours", "start"): _HOUR,
    ("OpenHours", "end"): _HOUR,
    ("OpenHours", "exdates"): {"type": "array", "items": {"type": "string", "format": "date"}},
    ("SpecificTime", "date"): _DAY,
    ("SpecificTime", "start"): _HOUR,
    ("SpecificTime", "end"): _HOUR,
    ("EventBooking", "title"): {"minLength": 1, "maxLength": 1024},
    ("EventBooking", "booking_type"): _TYPES,
    ("GroupBooking", "booking_type"): {"type": "string", "enum": ["", "booking"]},
    ("Reminder", "type"): {"type": "string", "enum": ["email", "webhook"]},
    ("Reminder", "minutes_before_event"): {"minimum": 1, "maximum": 366 * 24 * 60 - 1},
    ("AdditionalField", "pattern"): {"format": "regex"},
    ("EventTime", "start_time"): _SECONDS,
    ("EventTime", "end_time"): _SECONDS,
    ("NewGroupEvent", "capacity"): _PLACES,
    ("NewGroupEvent", "title"): {"minLength": 1, "maxLength": 1024},
    ("NewGroupEvent", "location"): {"maxLength": 255},
    ("NewGroupEvent", "description"): {"maxLength": 8192},
    ("GroupEventChanges", "capacity"): _PLACES,
    ("GroupEventChanges", "title"): {"minLength": 1, "maxLength": 1024},
    ("GroupEventChanges", "location"): {"maxLength": 255},
    ("GroupEventChanges", "description"): {"maxLength": 8192},
    ("GroupEventImport", "capacity"): _PLACES,
    ("EventException", "capacity"): _PLACES,
    ("SlotToValidate", "capacity"): _PLACES,
    ("NewWebhookSubscription", "trigger_types"): _TRIGGER_TYPES,
    ("NewWebhookSubscription", "webhook_url"): {"pattern": "^https?://"},
    ("WebhookSubscriptionChanges", "trigger_types"): _TRIGGER_TYPES,
    ("WebhookSubscriptionChanges", "webhook_url"): {"pattern": "^https?://"},
    ("WebhookSubscription", "status"): {
        "type": "string",
        "enum": ["active", "pause", "failing", "failed"],
    },
}
"""Where the sandbox takes or tells less than the type of a field would allow."""

MAY_BE_LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "NewGroupEvent": ("participants",),
    "SlotToValidate": ("calendar_id",),
}
"""What the contract requires and the sandbox does not."""

ALWAYS_TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "Booking": ("description", "booking_ref", "location"),
    "Organizer": ("email", "name", "is_organizer"),
    "Availability": ("time_slots",),
    "TimeSlot": ("emails",),
    "GroupEvent": ("id", "calendar_id", "capacity", "participants", "title", "when"),
    "ImportReport": ("imported_events", "import_failed"),
    "ImportFailure": ("event_id", "reason"),
    "WebhookSubscription": (
        "webhook_url",
        "trigger_types",
        "status",
        "description",
        "notification_email_addresses",
        "compressed_delivery",
        "status_updated_at",
        "created_at",
        "updated_at",
    ),
}
"""What the models may lack, and the sandbox's answers never do."""

BEYOND_CONTRACT: Final[Mapping[str, tuple[str, ...]]] = {
    "Booking": ("booking_ref", "location"),
    "Organizer": ("is_organizer",),
}
"""What is told besides the contract, as long as the switch `booking_extras` is on."""

BODY_MAY_BE_EMPTY: Final = (
    "bookings.cancel",
    "configurations.update",
    "group_events.update",
    "webhooks.update",
)
"""The calls that nothing need be sent along with."""

_NUMBER: Final = {"type": "string", "pattern": "^[0-9]{0,12}$"}
_COUNT: Final = {"type": "integer", "minimum": 1, "maximum": 200}
_EPOCH: Final = {"type": "integer", "minimum": 0}
_ANY: Final = {"type": "string"}

NAMES_CONFIGURATION: Final[Mapping[str, Facts]] = {
    "configuration_id": _ANY,
    "slug": _ANY,
    "client_id": _ANY,
}
"""The parameters of every call that a visitor may make."""

QUERY: Final[Mapping[str, Mapping[str, Facts]]] = {
    "bookings.create": {"timezone": _ANY},
    "availability.get": {"start_time": _EPOCH, "end_time": _EPOCH, "booking_id": _ANY},
    "ui_settings.get": {"booking_id": _ANY},
    "configurations.list": {"limit": _COUNT, "page_token": _NUMBER},
    "group_events.list": {"start_time": _EPOCH, "end_time": _EPOCH, "calendar_id": _ANY},
    "events.list": {
        "calendar_id": {"type": "string", "minLength": 1},
        "start": _NUMBER,
        "end": _NUMBER,
        "metadata_pair": {"type": "string", "pattern": "^(key[1-5]:.*)?$"},
        "title": _ANY,
        "ical_uid": _ANY,
        "master_event_id": _ANY,
        "location": _ANY,
        "show_cancelled": {"type": "boolean"},
        "expand_recurring": {"type": "boolean"},
        "limit": _COUNT,
        "page_token": _NUMBER,
    },
}
"""The other parameters of the query, by operation."""

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "availability.get": ("start_time", "end_time"),
    "group_events.list": ("start_time", "end_time"),
    "events.list": ("calendar_id",),
}
"""Those of the parameters that cannot be left out."""

REFUSALS: Final = (400, 401, 404, 413, 422, 429, 504)
"""The statuses of the errors; others come only when they are scripted."""

SECURITY: Final[Mapping[str, Facts]] = {
    "API_KEY": {"type": "http", "scheme": "bearer"},
    "ACCESS_TOKEN": {"type": "http", "scheme": "bearer"},
    "SESSION": {"type": "http", "scheme": "bearer"},
}
"""The credentials: of the application, of a grant, and of a visitor with a session."""
