"""What comes with a reschedule: new times, and what official clients tell anew with them."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from ..models.bookings import EmailLanguage, Guest, Participant, Reschedule


@frozen(kw_only=True)
class Rescheduling(Reschedule):
    """A reschedule as the browser component sends it; what is not given stays as it is.

    The contract has the times and the ids alone.

    Attributes:
        participants: The hosts who shall take part from now on.
        additional_guests: All further guests; none, if it is empty.
        additional_fields: All answers.
    """

    participants: tuple[Participant, ...] | None = None
    guest: Guest | None = None
    additional_guests: tuple[Guest, ...] | None = None
    additional_fields: Mapping[str, str] | None = None
    timezone: str | None = None
    email_language: EmailLanguage | str | None = None
