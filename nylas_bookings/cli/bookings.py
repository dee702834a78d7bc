"""The commands for one booking: create, get, reschedule, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..errors import InvalidRequest
from . import asking, telling
from .options import Json, Reason, Yes, Zone
from .running import Answer, command, reading

if TYPE_CHECKING:
    from ..models import Guest

Start = Annotated[str, Parameter(name="--start", help="When it starts, such as 2027-01-04T09:00.")]
End = Annotated[
    str | None,
    Parameter(name="--end", help="When it ends; if not given, when the slot at that time does."),
]


@command
async def create(
    *,
    start: Start,
    end: End = None,
    zone: Zone = None,
    name: str,
    email: str,
    timezone: str | None = None,
    email_language: str | None = None,
    participant: tuple[str, ...] = (),
    additional_guest: tuple[str, ...] = (),
    field: tuple[str, ...] = (),
    booking_timezone: str | None = None,
    json: Json = False,
) -> Answer:
    """Book a slot, one of those that `slots` shows.

    Parameters
    ----------
    name
        The guest's name.
    email
        The guest's address.
    timezone
        The guest's zone, for the e-mails; the one of --zone if not given.
    email_language
        The language of the e-mails to the guest, such as de.
    participant
        The address of a host who shall take part; all hosts if nobody is given.
    additional_guest
        Who else is invited, such as "Joe Doe <joe@example.com>".
    field
        An answer to the booking form: LABEL=VALUE.
    booking_timezone
        The zone of the booking itself; the configuration's if not given.
    """
    from ..models import Guest
    from . import offers

    guest = Guest(name=name, email=email)
    others = [_guest(one) for one in additional_guest]
    fields = dict(_field(one) for one in field)
    async with asking.client() as nylas:
        slot = await offers.wanted(nylas, start, end, zone)
        booking = await nylas.bookings.create(
            start_time=slot.start_time,
            end_time=slot.end_time,
            guest=guest,
            participants=participant or None,
            timezone=timezone or zone,
            email_language=email_language,
            additional_guests=others,
            additional_fields=fields or None,
            booking_timezone=booking_timezone,
            event_id=slot.event_id,
            master_id=slot.master_id,
            calendar_id=slot.calendar_id,
        )
    who = telling.person(guest.name, guest.email)
    return telling.booking(booking, when=telling.stretch(slot, zone), guest=who)


@reading
async def get(booking_id: str, /, *, json: Json = False) -> Answer:
    """Read a booking. The API tells neither its times nor its guest.

    Parameters
    ----------
    booking_id
        Which one.
    """
    async with asking.client() as nylas:
        return telling.booking(await nylas.bookings.get(booking_id))


@command
async def reschedule(
    booking_id: str, /, *, start: Start, end: End = None, zone: Zone = None, json: Json = False
) -> Answer:
    """Move a booking to another slot. It may get another id: use the one that is printed.

    Parameters
    ----------
    booking_id
        Which one.
    """
    from . import offers

    async with asking.client() as nylas:
        slot = await offers.wanted(nylas, start, end, zone, booking_id)
        receipt = await nylas.bookings.reschedule(
            booking_id,
            start_time=slot.start_time,
            end_time=slot.end_time,
            calendar_id=slot.calendar_id,
            event_id=slot.event_id,
            master_event_id=slot.master_id,
        )
    return telling.receipt(receipt, "moved", when=telling.stretch(slot, zone))


@command
async def cancel(
    booking_id: str, /, *, reason: Reason = None, yes: Yes = False, json: Json = False
) -> Answer:
    """Cancel a booking.

    Parameters
    ----------
    booking_id
        Which one.
    """
    asking.sure(f"Cancel the booking {booking_id}? Those who take part will be told.", yes=yes)
    async with asking.client() as nylas:
        receipt = await nylas.bookings.cancel(booking_id, reason=reason)
    return telling.receipt(receipt, "cancelled")


def _guest(typed: str) -> Guest:
    from email.utils import parseaddr

    from ..models import Guest

    name, email = parseaddr(typed)
    return Guest(name=name, email=email)


def _field(typed: str) -> tuple[str, str]:
    label, equals, value = typed.partition("=")
    if not (label and equals):
        raise InvalidRequest(f"--field is LABEL=VALUE, not {typed!r}")
    return label, value
