"""A booking: what is asked for, what the API answers, and the receipt for a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from ..errors import InvalidRequest
from . import _checks, _times

BookingStatus: TypeAlias = Literal["booked", "pending", "cancelled"]
"""The documented states; a booking may show others, which stay plain strings."""

EmailLanguage: TypeAlias = Literal["en", "fr", "de", "es", "nl", "sv", "ja", "zh", "ko"]
"""The languages that the vendor's e-mails and pages are known to have."""


@frozen(kw_only=True)
class Guest:
    """Somebody who is invited: the one who books, or a further guest."""

    name: str = field(validator=_checks.text)
    email: str = field(validator=_checks.address)


@frozen(kw_only=True)
class Participant:
    """A host of the configuration who shall take part."""

    email: str = field(validator=_checks.address)


def _participants(values: Iterable[Participant | str] | None) -> tuple[Participant, ...] | None:
    if values is None:
        return None
    hosts = _checks.listed(Participant, values, "participants")
    named = (Participant(email=host) if isinstance(host, str) else host for host in hosts)
    return _checks.each(Participant, named, "participants")


def _guests(values: Iterable[Guest]) -> tuple[Guest, ...]:
    return _checks.each(Guest, values, "additional_guests") if values else ()


_TEXTS = ("timezone", "email_language", "booking_timezone", "event_id", "master_id", "calendar_id")
_LOCAL = {"sent": False, "read": False}
_GROUP_IDS = ("calendar_id", "event_id", "master_event_id", "master_id")


# The classes that every create makes have no slots: attrs makes frozen ones of that kind in two
# thirds of the time.
@frozen(kw_only=True, slots=False)
class NewBooking:
    """A booking to be made.

    Args:
        start_time: When it starts; it must be a slot that the availability offers.
        end_time: When it ends.
        guest: Who books.
        participants: The hosts who shall take part, by e-mail address; all of them if not given.
            A round-robin configuration takes exactly one.
        timezone: The guest's zone, for the e-mails.
        email_language: The language of the e-mails to the guest.
        additional_guests: Who else is invited.
        additional_fields: Values of the fields that the configuration declares; texts only.
        booking_timezone: The zone of the booking itself; the configuration's if not given.
        event_id: For a group configuration: the event to join, as the slot names it.
        master_id: For a group configuration: its series, as the slot names it.
        calendar_id: For a group configuration: its calendar, as the slot names it.
        key: In a batch: what you call this booking, such as the id of a row of yours.
        auth: In a batch: who is asking, if not the client. It is never written anywhere.
    """

    start_time: datetime = field(converter=_times.start_time)
    end_time: datetime = field(converter=_times.end_time)
    guest: Guest
    participants: tuple[Participant, ...] | None = field(default=None, converter=_participants)
    timezone: str | None = None
    email_language: EmailLanguage | str | None = None
    additional_guests: tuple[Guest, ...] = field(default=(), converter=_guests)
    additional_fields: Mapping[str, str] | None = None
    booking_timezone: str | None = field(default=None, metadata={"sent": False})
    event_id: str | None = None
    master_id: str | None = None
    calendar_id: str | None = None
    key: str | None = field(default=None, metadata=_LOCAL)
    auth: Any = field(default=None, eq=False, metadata=_LOCAL)

    def __attrs_post_init__(self) -> None:
        # attrs' own validators would take longer: nearly always there is nothing to validate.
        if not isinstance(self.guest, Guest):
            raise InvalidRequest(f"guest must be Guest, not {type(self.guest).__name__}")
        if self.additional_fields is not None:
            # What the caller does with the mapping later does not change the booking.
            fields = _checks.copy_texts("additional_fields", self.additional_fields)
            object.__setattr__(self, "additional_fields", fields)
        if not (
            self.timezone is None
            and self.email_language is None
            and self.booking_timezone is None
            and self.event_id is None
            and self.master_id is None
            and self.calendar_id is None
        ):
            _checks.texts_or_none(self, *_TEXTS)
        _times.check_order(self.start_time, self.end_time)


def copy_of(wanted: Any) -> Any:
    """A booking to be made that nobody else can change; its mapping is all that can be."""
    return wanted if wanted.additional_fields is None else evolve(wanted)


@frozen(kw_only=True)
class Reschedule:
    """New times for a booking; the ids are for group configurations, as the new slot names them."""

    start_time: datetime = field(converter=_times.start_time)
    end_time: datetime = field(converter=_times.end_time)
    calendar_id: str | None = None
    event_id: str | None = None
    master_event_id: str | None = None
    # The contract says master_event_id; the vendor's own browser component says master_id, and its
    # changelog reports that group rescheduling did not work before it did. Both are sent.
    master_id: str | None = None

    def __attrs_post_init__(self) -> None:
        _checks.texts_or_none(self, *_GROUP_IDS)
        _times.check_order(self.start_time, self.end_time)


@frozen(kw_only=True)
class Decision:
    """The organizer's yes or no to a pending booking."""

    salt: str = field(repr=False, validator=_checks.text)
    status: Literal["confirmed", "cancelled"]
    cancellation_reason: str | None = None

    def __attrs_post_init__(self) -> None:
        _checks.texts_or_none(self, "cancellation_reason")


@frozen(kw_only=True)
class Cancellation:
    """Why a booking is cancelled."""

    cancellation_reason: str | None = None

    def __attrs_post_init__(self) -> None:
        _checks.texts_or_none(self, "cancellation_reason")


@frozen(kw_only=True, slots=False)
class Organizer:
    """Who holds the meeting."""

    email: str | None = None
    name: str | None = None
    is_organizer: bool | None = None


@frozen(kw_only=True, slots=False)
class Booking:
    """A booking as the API tells it. It tells neither its times nor its guest.

    Attributes:
        booking_id: What every later call needs.
        event_id: The event in the organizer's calendar.
        title: The title of that event.
        organizer: Who holds the meeting.
        status: `booked`, `pending` or `cancelled`; a word that is new stays a string.
        description: The description of the event.
        booking_ref: The reference that the links in the e-mails carry, when the API tells it. Who
            has it may confirm, decline and cancel, so it is not shown in the repr.
        location: Where the meeting is, when the API tells it.
        request_id: What to quote to the vendor's support about the call that got this.
    """

    booking_id: str
    event_id: str
    title: str
    organizer: Organizer
    status: BookingStatus | str
    description: str | None = None
    booking_ref: str | None = field(default=None, repr=False)
    location: str | None = None
    request_id: str | None = None


@frozen(kw_only=True)
class Receipt:
    """The API's yes to a call that has nothing else to tell.

    Attributes:
        request_id: What to quote to the vendor's support.
        already_gone: The call was repeated after a lost answer, and the API no longer knew the
            thing: the lost attempt had removed it, or somebody else.
    """

    request_id: str | None = None
    already_gone: bool = False


@frozen(kw_only=True)
class BookingReceipt(Receipt):
    """The API's yes to a change of a booking.

    Attributes:
        booking_id: The id to use from now on: a rescheduled booking may get a new one.
        booking: The booking, when the API sent it whole.
    """

    booking_id: str
    booking: Booking | None = None
