"""Bookings: make, read, move, confirm, decline and cancel them."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .. import operations
from .._pace import Pacer
from .._wire.messages import Timeout
from ..auth import Auth
from ..errors import BookingsError
from ..models._secret import hidden_argument
from ..models._times import Moment
from ..models.bookings import (
    Booking,
    BookingReceipt,
    Cancellation,
    Decision,
    EmailLanguage,
    Guest,
    NewBooking,
    Participant,
    Reschedule,
)
from .resource import Resource, given

if TYPE_CHECKING:
    from ..batch.arguments import StopOn
    from ..batch.journal import Journal
    from ..batch.report import BatchReport
    from ..batch.results import Result
    from ..batch.settling import Settler


class AsyncBookings(Resource):
    """Bookings of a configuration."""

    __slots__ = ()

    async def create(
        self,
        *,
        start_time: Moment,
        end_time: Moment,
        guest: Guest,
        participants: Iterable[Participant | str] | None = None,
        timezone: str | None = None,
        email_language: EmailLanguage | str | None = None,
        additional_guests: Iterable[Guest] = (),
        additional_fields: Mapping[str, str] | None = None,
        booking_timezone: str | None = None,
        event_id: str | None = None,
        master_id: str | None = None,
        calendar_id: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Booking:
        """Book a slot that the availability offers.

        The call is never sent twice when the first may have booked: an error whose `outcome` is
        `UNKNOWN` means that there may be a booking.

        Args:
            start_time: When it starts: a slot that the availability offers.
            end_time: When it ends.
            guest: Who books.
            participants: The hosts who shall take part, by e-mail address; all if not given. A
                round-robin configuration takes exactly one.
            timezone: The guest's zone, for the e-mails.
            email_language: The language of the e-mails to the guest.
            additional_guests: Who else is invited.
            additional_fields: Values of the fields that the configuration declares; texts only.
            booking_timezone: The zone of the booking itself; the configuration's if not given.
            event_id: For a group configuration: the event to join, as the slot names it.
            master_id: For a group configuration: its series, as the slot names it.
            calendar_id: For a group configuration: its calendar, as the slot names it.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.CREATE_BOOKING,
            body=lambda: NewBooking(
                start_time=start_time,
                end_time=end_time,
                guest=guest,
                participants=participants,
                timezone=timezone,
                email_language=email_language,
                additional_guests=additional_guests,
                additional_fields=additional_fields,
                booking_timezone=booking_timezone,
                event_id=event_id,
                master_id=master_id,
                calendar_id=calendar_id,
            ),
            query=None if booking_timezone is None else partial(given, timezone=booking_timezone),
            auth=auth,
            timeout=timeout,
        )

    async def create_many(
        self,
        requests: Iterable[NewBooking] | AsyncIterable[NewBooking],
        *,
        concurrency: int = 32,
        pace: Pacer | None = None,
        journal: str | Path | Journal | None = None,
        settle: Settler | None = None,
        on_result: Callable[[Result], object] | None = None,
        stop_on: StopOn | None = None,
    ) -> BatchReport:
        """Make many bookings, each of them once, whatever gets lost or stops on the way.

        What becomes of one does not concern the others. What is on its way when the batch is
        cancelled is told as unknown. With a journal, the same call goes on where it was stopped.

        Args:
            requests: What shall be booked: any iterable (or `AsyncIterable`). It is read as the
                batch goes on, so it may be endless, and is never in memory as a whole.
            concurrency: How many calls may be on their way at a time.
            pace: How fast calls may leave, if not as fast as the client's.
            journal: A file that remembers every step, so that the batch can be gone on with after
                a crash. It is made if it is not there, and belongs to this input.
            settle: Finds out what became of calls whose answer was lost, such as a
                `CalendarSettler`; without one they are unknown.
            on_result: Called with each result as it comes.
            stop_on: Classes of errors that end the batch, or a function that is asked of each
                result whether it does. What is on its way then is waited for.
        """
        from ..batch import running

        return await running.create_many(
            self._transport,
            requests,
            concurrency=concurrency,
            pace=pace,
            journal=journal,
            settle=settle,
            on_result=on_result,
            stop_on=stop_on,
        )

    async def settle(
        self, error: BookingsError, settler: Settler, *, auth: Auth | None = None
    ) -> Result:
        """Find out what became of a `create` that ended in an error of unknown outcome.

        This takes as long as the settler's `limit` when there is no booking. If that is proven,
        and the slot is still offered, the booking is made now.

        Args:
            error: What `create` raised; it knows what was asked for.
            settler: What looks for the booking, such as a `CalendarSettler`.
            auth: Who asked, if not the client.
        """
        from ..batch import running

        return await running.settle(self._transport, error, settler, auth=auth)

    async def get(
        self, booking_id: str, *, auth: Auth | None = None, timeout: Timeout | None = None
    ) -> Booking:
        """Read a booking.

        Args:
            booking_id: Which one.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.GET_BOOKING, booking_id, auth=auth, timeout=timeout
        )

    async def reschedule(
        self,
        booking_id: str,
        *,
        start_time: Moment,
        end_time: Moment,
        calendar_id: str | None = None,
        event_id: str | None = None,
        master_event_id: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> BookingReceipt:
        """Move a booking to another slot. Use the receipt's `booking_id` from then on.

        Args:
            booking_id: Which one.
            start_time: When it shall start.
            end_time: When it shall end.
            calendar_id: For a group configuration: the calendar of the new slot.
            event_id: For a group configuration: the event of the new slot.
            master_event_id: For a group configuration: the series of the new slot.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.RESCHEDULE_BOOKING,
            booking_id,
            body=lambda: Reschedule(
                start_time=start_time,
                end_time=end_time,
                calendar_id=calendar_id,
                event_id=event_id,
                master_event_id=master_event_id,
                master_id=master_event_id,
            ),
            auth=auth,
            timeout=timeout,
        )

    async def confirm(
        self,
        booking_id: str,
        *,
        salt: str,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Booking:
        """Say the organizer's yes to a pending booking.

        Args:
            booking_id: Which one.
            salt: From the booking reference in the organizer's e-mail; see `references.decode`.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        salt = hidden_argument(salt)
        return await self._transport.run(
            operations.CONFIRM_BOOKING,
            booking_id,
            body=lambda: Decision(salt=salt, status="confirmed"),
            secret=salt,
            auth=auth,
            timeout=timeout,
        )

    async def decline(
        self,
        booking_id: str,
        *,
        salt: str,
        reason: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> BookingReceipt:
        """Say the organizer's no to a pending booking.

        Args:
            booking_id: Which one.
            salt: From the booking reference in the organizer's e-mail; see `references.decode`.
            reason: What the guest is told.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        salt = hidden_argument(salt)
        return await self._transport.run(
            operations.DECLINE_BOOKING,
            booking_id,
            body=lambda: Decision(salt=salt, status="cancelled", cancellation_reason=reason),
            secret=salt,
            auth=auth,
            timeout=timeout,
        )

    async def cancel(
        self,
        booking_id: str,
        *,
        reason: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> BookingReceipt:
        """Cancel a booking.

        Args:
            booking_id: Which one.
            reason: What the others are told.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.CANCEL_BOOKING,
            booking_id,
            body=lambda: Cancellation(cancellation_reason=reason),
            auth=auth,
            timeout=timeout,
        )
