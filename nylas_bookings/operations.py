"""Everything that the API can be asked: one row for each operation, wire facts only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from urllib.parse import quote

from attrs import field, frozen

from .errors import InvalidRequest
from .models._secret import plain

if TYPE_CHECKING:
    from .models import (
        AnyConfiguration,
        Availability,
        Booking,
        BookingReceipt,
        GroupEvent,
        ImportReport,
        Page,
        Receipt,
        Session,
        WebhookSubscription,
    )

Result_co = TypeVar("Result_co", covariant=True)

_BOOKINGS = "/v3/scheduling/bookings"
_SESSIONS = "/v3/scheduling/sessions"
_CONFIGURATIONS = "/v3/grants/{grant_id}/scheduling/configurations"
_CONFIGURATION = _CONFIGURATIONS + "/{configuration_id}"
_GROUP_EVENTS = _CONFIGURATION + "/group-events"
_OF_CONFIGURATION = "/v3/scheduling/configurations/{configuration_id}"
_WEBHOOKS = "/v3/webhooks"


@frozen
class Operation(Generic[Result_co]):
    """One thing that the API can be asked to do.

    Attributes:
        name: The resource and the method of the client, such as `bookings.create`.
        method: The HTTP method.
        path: The path, with the names of its ids in braces.
        body: The model that goes along as JSON. Without one, `{}` does, except in a GET.
        result: The model that the answer is read into.
        repeatable: Whether sending it twice does no more than sending it once.
    """

    name: str
    method: str
    path: str
    body: str | None
    result: str
    repeatable: bool
    for_visitors: bool = field(init=False)
    """Whether the query says which configuration is meant, and a visitor may ask."""

    @for_visitors.default
    def _is_about_bookings(self) -> bool:
        return self.name.startswith(("bookings.", "availability."))

    @property
    def resource(self) -> str:
        """The part of the client that it belongs to, such as `bookings`."""
        return self.name.partition(".")[0]

    @property
    def reads(self) -> bool:
        """Whether it leaves everything as it is."""
        return self.method == "GET" or self.name == "group_events.validate_timeslot"

    @property
    def tells_secret(self) -> bool:
        """Whether its answer may hold a credential: a session, or the secret of a webhook."""
        return self.result in ("Session", "WebhookSubscription")

    def path_to(self, *ids: str) -> str:
        """The path with the ids in it, each as one segment whatever characters it has."""
        if not ids:
            return self.path
        named = zip(_names(self.path), ids, strict=True)
        return self.path.format(**{name: _segment(name, value) for name, value in named})


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _segment(name: str, value: str) -> str:
    value = plain(value)
    if not (isinstance(value, str) and value) or value in (".", ".."):
        raise InvalidRequest(f"{name} is not an id: it must be a str that is not empty")
    return _encoded(name, value)


def _encoded(name: str, value: str) -> str:
    try:
        return quote(plain(value), safe="")
    except UnicodeEncodeError:
        raise InvalidRequest(f"{name} has half of a surrogate pair in it") from None


def parameter(name: str, value: str) -> str:
    """One parameter of a query, whatever characters its value has."""
    return f"{name}={_encoded(name, value)}"


CREATE_BOOKING: Final[Operation[Booking]] = Operation(
    "bookings.create", "POST", _BOOKINGS, "NewBooking", "Booking", False
)
GET_BOOKING: Final[Operation[Booking]] = Operation(
    "bookings.get", "GET", _BOOKINGS + "/{booking_id}", None, "Booking", True
)
RESCHEDULE_BOOKING: Final[Operation[BookingReceipt]] = Operation(
    "bookings.reschedule",
    "PATCH",
    _BOOKINGS + "/{booking_id}",
    "Reschedule",
    "BookingReceipt",
    True,
)
CONFIRM_BOOKING: Final[Operation[Booking]] = Operation(
    "bookings.confirm", "PUT", _BOOKINGS + "/{booking_id}", "Decision", "Booking", True
)
DECLINE_BOOKING: Final[Operation[BookingReceipt]] = Operation(
    "bookings.decline", "PUT", _BOOKINGS + "/{booking_id}", "Decision", "BookingReceipt", True
)
CANCEL_BOOKING: Final[Operation[BookingReceipt]] = Operation(
    "bookings.cancel", "DELETE", _BOOKINGS + "/{booking_id}", "Cancellation", "BookingReceipt", True
)
GET_AVAILABILITY: Final[Operation[Availability]] = Operation(
    "availability.get", "GET", "/v3/scheduling/availability", None, "Availability", True
)
# Opened twice, the session that nobody uses ends by itself a few minutes later.
CREATE_SESSION: Final[Operation[Session]] = Operation(
    "sessions.create", "POST", _SESSIONS, "NewSession", "Session", True
)
DESTROY_SESSION: Final[Operation[Receipt]] = Operation(
    "sessions.destroy", "DELETE", _SESSIONS + "/{session_id}", None, "Receipt", True
)
CREATE_CONFIGURATION: Final[Operation[AnyConfiguration]] = Operation(
    "configurations.create", "POST", _CONFIGURATIONS, "AnyConfiguration", "AnyConfiguration", False
)
GET_CONFIGURATION: Final[Operation[AnyConfiguration]] = Operation(
    "configurations.get", "GET", _CONFIGURATION, None, "AnyConfiguration", True
)
LIST_CONFIGURATIONS: Final[Operation[Page[AnyConfiguration]]] = Operation(
    "configurations.list", "GET", _CONFIGURATIONS, None, "Page[AnyConfiguration]", True
)
UPDATE_CONFIGURATION: Final[Operation[AnyConfiguration]] = Operation(
    "configurations.update", "PUT", _CONFIGURATION, "ConfigurationChanges", "AnyConfiguration", True
)
DELETE_CONFIGURATION: Final[Operation[Receipt]] = Operation(
    "configurations.delete", "DELETE", _CONFIGURATION, None, "Receipt", True
)
LIST_GROUP_EVENTS: Final[Operation[Page[GroupEvent]]] = Operation(
    "group_events.list", "GET", _GROUP_EVENTS, None, "Page[GroupEvent]", True
)
CREATE_GROUP_EVENT: Final[Operation[GroupEvent]] = Operation(
    "group_events.create", "POST", _GROUP_EVENTS, "NewGroupEvent", "GroupEvent", False
)
UPDATE_GROUP_EVENT: Final[Operation[GroupEvent]] = Operation(
    "group_events.update",
    "PUT",
    _GROUP_EVENTS + "/{event_id}",
    "GroupEventChanges",
    "GroupEvent",
    True,
)
DELETE_GROUP_EVENT: Final[Operation[Receipt]] = Operation(
    "group_events.delete", "DELETE", _GROUP_EVENTS + "/{event_id}", None, "Receipt", True
)
IMPORT_GROUP_EVENTS: Final[Operation[ImportReport]] = Operation(
    "group_events.import_events",
    "POST",
    _OF_CONFIGURATION + "/import-group-events",
    "list[GroupEventImport]",
    "ImportReport",
    False,
)
VALIDATE_TIMESLOT: Final[Operation[Receipt]] = Operation(
    "group_events.validate_timeslot",
    "POST",
    _OF_CONFIGURATION + "/group-events/validate-timeslot",
    "SlotToValidate",
    "Receipt",
    True,
)
LIST_WEBHOOKS: Final[Operation[Page[WebhookSubscription]]] = Operation(
    "webhooks.list", "GET", _WEBHOOKS, None, "Page[WebhookSubscription]", True
)
GET_WEBHOOK: Final[Operation[WebhookSubscription]] = Operation(
    "webhooks.get", "GET", _WEBHOOKS + "/{webhook_id}", None, "WebhookSubscription", True
)
CREATE_WEBHOOK: Final[Operation[WebhookSubscription]] = Operation(
    "webhooks.create", "POST", _WEBHOOKS, "NewWebhookSubscription", "WebhookSubscription", False
)
UPDATE_WEBHOOK: Final[Operation[WebhookSubscription]] = Operation(
    "webhooks.update",
    "PUT",
    _WEBHOOKS + "/{webhook_id}",
    "WebhookSubscriptionChanges",
    "WebhookSubscription",
    True,
)
DELETE_WEBHOOK: Final[Operation[Receipt]] = Operation(
    "webhooks.delete", "DELETE", _WEBHOOKS + "/{webhook_id}", None, "Receipt", True
)
ROTATE_WEBHOOK_SECRET: Final[Operation[WebhookSubscription]] = Operation(
    "webhooks.rotate_secret",
    "POST",
    _WEBHOOKS + "/rotate-secret/{webhook_id}",
    None,
    "WebhookSubscription",
    True,
)

OPERATIONS: Final[tuple[Operation[Any], ...]] = tuple(
    value for value in list(globals().values()) if isinstance(value, Operation)
)
"""All rows, in the order above."""
