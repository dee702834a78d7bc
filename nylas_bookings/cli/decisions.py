"""The organizer's commands for a pending booking, and the one that takes a reference apart."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from ..errors import InvalidRequest
from . import asking, printing, telling
from .documents import document
from .options import Json, Reason, Yes
from .running import Answer, command, reading

if TYPE_CHECKING:
    from ..auth import PublicConfiguration
    from ..references import BookingReference

_VARIABLE = "NYLAS_BOOKING_REF"


@command
async def confirm(booking_id: str | None = None, /, *, json: Json = False) -> Answer:
    """Say the organizer's yes to a pending booking.

    The link of the organizer's e-mail, or the reference in it, is read from NYLAS_BOOKING_REF,
    else it is asked for, else it is the first line of stdin. With the booking's id, its salt will
    do too.

    Parameters
    ----------
    booking_id
        Which one; the one of the reference if not given.
    """
    decided = _decided(booking_id)
    async with asking.client(_asker(decided)) as nylas:
        return telling.booking(
            await nylas.bookings.confirm(decided.booking_id, salt=str(decided.salt))
        )


@command
async def decline(
    booking_id: str | None = None, /, *, reason: Reason = None, yes: Yes = False, json: Json = False
) -> Answer:
    """Say the organizer's no to a pending booking.

    The link of the organizer's e-mail, or the reference in it, is read as `confirm` does.

    Parameters
    ----------
    booking_id
        Which one; the one of the reference if not given.
    """
    decided = _decided(booking_id)
    asking.sure(f"Decline the booking {decided.booking_id}?", yes=yes)
    async with asking.client(_asker(decided)) as nylas:
        receipt = await nylas.bookings.decline(
            decided.booking_id, salt=str(decided.salt), reason=reason
        )
    return telling.receipt(receipt, "declined")


@reading
async def ref(reference: str | None = None, /, *, json: Json = False) -> Answer:
    """Take a booking reference apart, or the one in a link of an e-mail.

    With the salt of the organizer's reference anybody can confirm or decline. To keep it out of the
    history of your shell, leave it out here: it is then read as `confirm` does.

    Parameters
    ----------
    reference
        The reference, or the link it is in.
    """
    found = _found(reference or asking.secret(_VARIABLE, "the booking reference"))
    facts = {
        "booking": found.booking_id,
        "configuration": found.configuration_id,
        "salt": found.salt,
    }
    return Answer(document(found), printing.facts(facts))


def _decided(booking_id: str | None) -> BookingReference:
    """Which booking it is about, with its salt."""
    from ..references import BookingReference

    typed = asking.secret(_VARIABLE, "the booking reference")
    try:
        found = _found(typed)
    except InvalidRequest:
        if booking_id is None:
            raise
        return BookingReference(configuration_id="", booking_id=booking_id, salt=typed)
    if booking_id not in (None, found.booking_id):
        raise InvalidRequest(f"the reference is of another booking: {found.booking_id}")
    if found.salt is None:
        raise InvalidRequest("that reference has no salt: the one of the organizer's e-mail has")
    return found


def _found(typed: str) -> BookingReference:
    """The reference itself, or the one in a link."""
    from .. import references

    for part in sorted(re.split(r"[/?&=#\s]+", typed), key=len, reverse=True):
        with contextlib.suppress(InvalidRequest):
            return references.decode(part)
    return references.decode(typed)


def _asker(decided: BookingReference) -> PublicConfiguration | None:
    """The configuration of the reference, where the environment names nobody."""
    from ..auth import PublicConfiguration

    known = decided.configuration_id
    return PublicConfiguration(known) if known and asking.names_nobody() else None
