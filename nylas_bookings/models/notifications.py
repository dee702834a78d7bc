"""Notifications: what the API tells a webhook about bookings, one class for each trigger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from attrs import field, frozen


@frozen(kw_only=True)
class NotifiedParticipant:
    """Host or guest; the API does not say which."""

    email: str | None = None
    name: str | None = None


@frozen(kw_only=True)
class BookingInfo:
    """The booking as the notification tells it. Everything is optional: notifications differ.

    The links with which a booking can be changed are not shown in the repr.

    Attributes:
        participants: Hosts and guests together.
        additional_fields: The answers to the form, `metadata` fields included.
        duration: In minutes.
        time_until_event: In seconds, in a reminder.
    """

    event_id: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    participants: tuple[NotifiedParticipant, ...] = ()
    additional_fields: Mapping[str, Any] | None = None
    hide_cancellation_options: bool | None = None
    hide_rescheduling_options: bool | None = None
    participant_rescheduling_url: str | None = field(default=None, repr=False)
    participant_cancellation_url: str | None = field(default=None, repr=False)
    host_confirmation_url: str | None = field(default=None, repr=False)
    host_language: str | None = None
    guest_language: str | None = None
    title: str | None = None
    duration: int | None = None
    location: str | None = None
    organizer_timezone: str | None = None
    guest_timezone: str | None = None
    is_group_event: bool | None = None
    organizer_calendar_id: str | None = None
    event_description: str | None = field(default=None, repr=False)
    event_html_link: str | None = None
    ical_uid: str | None = None
    old_start_time: datetime | None = None
    old_end_time: datetime | None = None
    cancellation_reason: str | None = None
    time_until_event: int | None = None
    organizer_email: str | None = None
    provider: str | None = None


@frozen(kw_only=True)
class Notification:
    """What all notifications have.

    Attributes:
        id: The same when a delivery is repeated: keep it, to act on each only once.
        type: The trigger.
        time: When it happened.
        attempt: Which delivery of this notification it is, from 1.
        application_id: Of which application.
        grant_id: Of which grant.
    """

    id: str
    type: str
    time: datetime | None = None
    attempt: int | None = None
    application_id: str | None = None
    grant_id: str | None = None


@frozen(kw_only=True)
class BookingNotification(Notification):
    """What all notifications about bookings have."""

    booking_id: str
    configuration_id: str | None = None
    booking_ref: str | None = field(default=None, repr=False)
    booking_type: str | None = None
    booking_info: BookingInfo = BookingInfo()


@frozen(kw_only=True)
class BookingCreated(BookingNotification):
    """`booking.created`: a booking was made."""


@frozen(kw_only=True)
class BookingPending(BookingNotification):
    """`booking.pending`: a booking waits for the organizer's yes."""


@frozen(kw_only=True)
class BookingRescheduled(BookingNotification):
    """`booking.rescheduled`: a booking was moved."""


@frozen(kw_only=True)
class BookingCancelled(BookingNotification):
    """`booking.cancelled`: a booking was cancelled."""


@frozen(kw_only=True)
class BookingReminder(BookingNotification):
    """`booking.reminder`: a booking is about to begin."""


@frozen(kw_only=True)
class OtherNotification(Notification):
    """A trigger that this package has no class for.

    Attributes:
        data: All of the notification, as it came.
    """

    data: Mapping[str, Any] = field(repr=False)


AnyNotification: TypeAlias = (
    BookingCreated
    | BookingPending
    | BookingRescheduled
    | BookingCancelled
    | BookingReminder
    | OtherNotification
)
"""Any of the notifications."""
