"""Configurations: what can be booked, with whom, when, and what happens around it.

What is not given is not sent. Where the API takes null, `None` sends null and `UNSET` (the default)
sends nothing. What the API sends and this package does not know yet is kept in `extra` and sent
back, so that a change to one setting never drops another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from ..errors import InvalidRequest
from ._checks import many, some_change, texts_by_name_or_nothing
from ._extra import extra
from ._unset import UNSET, Unset
from .availability_rules import ConfigurationAvailability, OpenHours, SpecificTime
from .conferencing import Conferencing
from .scheduler_settings import SchedulerSettings

BookingType: TypeAlias = Literal["booking", "organizer-confirmation"]
ReminderType: TypeAlias = Literal["email", "webhook"]
ReminderRecipient: TypeAlias = Literal["all", "host", "guest"]


@frozen(kw_only=True)
class ParticipantAvailability:
    """Which calendars make a host busy, and in which hours the host can be booked."""

    calendar_ids: Sequence[str] | None = field(default=None, validator=many(str))
    open_hours: Sequence[OpenHours] | None = field(default=None, validator=many(OpenHours))
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class ParticipantBooking:
    """Which calendar of a host the events go into."""

    calendar_id: str | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class ConfigurationParticipant:
    """A host of a configuration.

    Attributes:
        is_organizer: Exactly one host is the organizer; in a round-robin configuration none is.
        timezone: The zone of open hours that name none.
        availability: Without it the host counts as always free.
        booking: Without it the host is not on the event.
    """

    email: str
    name: str | None = None
    is_organizer: bool | None = None
    grant_id: str | None = None
    timezone: str | None = None
    availability: ParticipantAvailability | None = None
    booking: ParticipantBooking | None = None
    specific_time_availability: Sequence[SpecificTime] | None = field(
        default=None, validator=many(SpecificTime)
    )
    only_specific_time_availability: bool | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class Reminder:
    """A reminder before the event, by e-mail or as a `booking.reminder` webhook."""

    type: ReminderType | str
    minutes_before_event: int
    recipient: ReminderRecipient | str | None = None
    email_subject: str | None = None
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class EventBooking:
    """The event that a booking makes.

    Attributes:
        booking_type: `organizer-confirmation` makes bookings wait for the organizer's yes; it needs
            `scheduler.organizer_confirmation_url`.
        timezone: The zone of the e-mails and of default open hours.
        disable_emails: Null means the same as false: e-mails are sent.
    """

    title: str
    description: str | None = None
    location: str | None = None
    timezone: str | None = None
    booking_type: BookingType | str | None = None
    conferencing: Conferencing | None = None
    disable_emails: bool | Unset | None = UNSET
    hide_participants: bool | Unset | None = UNSET
    notify_participants: bool | Unset | None = UNSET
    reminders: Sequence[Reminder] | None = field(default=None, validator=many(Reminder))
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class GroupBooking:
    """The events of a group configuration."""

    calendar_id: str
    booking_type: BookingType | str | None = None
    title: str | None = None
    default_capacity: int | None = None
    conferencing: Conferencing | None = None
    disable_emails: bool | Unset | None = UNSET
    reminders: Sequence[Reminder] | None = field(default=None, validator=many(Reminder))
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class Configuration:
    """What visitors can book: one-on-one, with several hosts, or with one of several in turn.

    Attributes:
        id: Given by the API; never sent.
        name: The title of the booking page; the organizer's name if not given.
        slug: A readable name for the page's address, unique in the application.
        requires_session_auth: Whether visitors need a session. Null means the same as false.
        appearance: Texts for the booking page, such as `company_logo_url` and `color`.
    """

    participants: Sequence[ConfigurationParticipant] = field(
        validator=many(ConfigurationParticipant)
    )
    availability: ConfigurationAvailability
    event_booking: EventBooking
    scheduler: SchedulerSettings | None = None
    name: str | None = None
    slug: str | Unset | None = UNSET
    requires_session_auth: bool | Unset | None = UNSET
    appearance: Mapping[str, str] | Unset | None = field(
        default=UNSET, validator=texts_by_name_or_nothing
    )
    type: str | None = None
    id: str | None = field(default=None, metadata={"sent": False})
    request_id: str | None = field(default=None, metadata={"sent": False})
    extra: Mapping[str, Any] = extra()


@frozen(kw_only=True)
class GroupConfiguration:
    """A configuration whose visitors join events that exist already.

    Attributes:
        id: Given by the API; never sent.
        slug: A readable name for the page's address, unique in the application.
        requires_session_auth: Whether visitors need a session. Null means the same as false.
    """

    name: str
    group_booking: GroupBooking
    scheduler: SchedulerSettings | None = None
    slug: str | Unset | None = UNSET
    requires_session_auth: bool | Unset | None = UNSET
    appearance: Mapping[str, str] | Unset | None = field(
        default=UNSET, validator=texts_by_name_or_nothing
    )
    type: str = "group"
    id: str | None = field(default=None, metadata={"sent": False})
    request_id: str | None = field(default=None, metadata={"sent": False})
    extra: Mapping[str, Any] = extra()


AnyConfiguration: TypeAlias = Configuration | GroupConfiguration
"""Whichever of the two kinds it is."""


def checked(configuration: AnyConfiguration) -> AnyConfiguration:
    """The configuration; refuses what is none."""
    if not isinstance(configuration, Configuration | GroupConfiguration):
        raise InvalidRequest(
            "configuration must be a Configuration or a GroupConfiguration, "
            f"not {type(configuration).__name__}"
        )
    return configuration


@frozen(kw_only=True)
class ConfigurationChanges:
    """What shall change in a configuration: what is given replaces the whole of that part."""

    name: str | Unset = UNSET
    slug: str | Unset | None = UNSET
    requires_session_auth: bool | Unset | None = UNSET
    participants: Sequence[ConfigurationParticipant] | Unset = field(
        default=UNSET, validator=many(ConfigurationParticipant)
    )
    availability: ConfigurationAvailability | Unset = UNSET
    event_booking: EventBooking | Unset = UNSET
    group_booking: GroupBooking | Unset = UNSET
    scheduler: SchedulerSettings | Unset = UNSET
    appearance: Mapping[str, str] | Unset | None = field(
        default=UNSET, validator=texts_by_name_or_nothing
    )

    def __attrs_post_init__(self) -> None:
        some_change(self)
