"""Group events: meetings that several guests can join."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .. import operations
from .._wire.messages import Timeout
from ..auth import Auth
from ..models._times import Moment, stretch
from ..models._unset import UNSET, Unset
from ..models.bookings import Receipt
from ..models.conferencing import Conferencing
from ..models.group_events import (
    EventTime,
    GroupEvent,
    GroupEventChanges,
    GroupEventImport,
    GroupEventParticipant,
    ImportReport,
    NewGroupEvent,
    SlotToValidate,
    at_most_twenty,
)
from ..models.pages import Page
from .resource import Resource, given


class AsyncGroupEvents(Resource):
    """Events of a group configuration. All but `validate_timeslot` need an `ApiKey`."""

    __slots__ = ()

    async def list(
        self,
        grant_id: str,
        configuration_id: str,
        *,
        calendar_id: str,
        start_time: Moment,
        end_time: Moment,
        page_token: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Page[GroupEvent]:
        """Read the group events from one time to another.

        Args:
            grant_id: Whose they are.
            configuration_id: Of which configuration.
            calendar_id: In which calendar.
            start_time: From when.
            end_time: Until when.
            page_token: The `next_cursor` of the page before.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.LIST_GROUP_EVENTS,
            grant_id,
            configuration_id,
            query=lambda: given(
                **stretch(start_time, end_time), calendar_id=calendar_id, page_token=page_token
            ),
            auth=auth,
            timeout=timeout,
        )

    async def create(
        self,
        grant_id: str,
        configuration_id: str,
        *,
        calendar_id: str,
        title: str,
        when: EventTime,
        capacity: int = 10,
        participants: Sequence[GroupEventParticipant] = (),
        description: str | None = None,
        location: str | None = None,
        recurrence: Sequence[str] | None = None,
        conferencing: Conferencing | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> GroupEvent:
        """Make a group event.

        Args:
            grant_id: Whose it shall be.
            configuration_id: Of which configuration.
            calendar_id: In which calendar.
            title: Its title.
            when: When it is.
            capacity: How many guests may join, from 1 to 500.
            participants: Who takes part from the start; the organizer if nobody is given.
            description: What it is about.
            location: Where it is.
            recurrence: The rules of a series, such as `RRULE:FREQ=WEEKLY;COUNT=4`.
            conferencing: How the participants meet online.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.CREATE_GROUP_EVENT,
            grant_id,
            configuration_id,
            body=lambda: NewGroupEvent(
                calendar_id=calendar_id,
                title=title,
                when=when,
                capacity=capacity,
                participants=participants,
                description=description,
                location=location,
                recurrence=recurrence,
                conferencing=conferencing,
            ),
            auth=auth,
            timeout=timeout,
        )

    async def update(
        self,
        grant_id: str,
        configuration_id: str,
        event_id: str,
        *,
        calendar_id: str | Unset = UNSET,
        title: str | Unset = UNSET,
        when: EventTime | Unset = UNSET,
        capacity: int | Unset = UNSET,
        participants: Sequence[GroupEventParticipant] | Unset = UNSET,
        description: str | Unset = UNSET,
        location: str | Unset = UNSET,
        recurrence: Sequence[str] | Unset = UNSET,
        conferencing: Conferencing | Unset = UNSET,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> GroupEvent:
        """Change a group event; what is not given stays.

        Args:
            grant_id: Whose it is.
            configuration_id: Of which configuration.
            event_id: Which one.
            calendar_id: In which calendar.
            title: Its title.
            when: When it is.
            capacity: How many guests may join, from 1 to 500.
            participants: Who takes part.
            description: What it is about.
            location: Where it is.
            recurrence: The rules of a series.
            conferencing: How the participants meet online.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.UPDATE_GROUP_EVENT,
            grant_id,
            configuration_id,
            event_id,
            body=lambda: GroupEventChanges(
                calendar_id=calendar_id,
                title=title,
                when=when,
                capacity=capacity,
                participants=participants,
                description=description,
                location=location,
                recurrence=recurrence,
                conferencing=conferencing,
            ),
            auth=auth,
            timeout=timeout,
        )

    async def delete(
        self,
        grant_id: str,
        configuration_id: str,
        event_id: str,
        *,
        calendar_id: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Receipt:
        """Delete a group event.

        Args:
            grant_id: Whose it is.
            configuration_id: Of which configuration.
            event_id: Which one.
            calendar_id: In which calendar, where the API asks for it.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.DELETE_GROUP_EVENT,
            grant_id,
            configuration_id,
            event_id,
            query=lambda: given(calendar_id=calendar_id),
            auth=auth,
            timeout=timeout,
        )

    async def import_events(
        self,
        configuration_id: str,
        events: Iterable[GroupEventImport],
        *,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> ImportReport:
        """Make group events out of events that are in the calendar already.

        Args:
            configuration_id: Of which configuration.
            events: Up to twenty of them.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.IMPORT_GROUP_EVENTS,
            configuration_id,
            body=lambda: at_most_twenty(events),
            auth=auth,
            timeout=timeout,
        )

    async def validate_timeslot(
        self,
        configuration_id: str,
        *,
        calendar_id: str,
        event_id: str,
        start_time: Moment,
        end_time: Moment,
        master_id: str | None = None,
        capacity: int | None = None,
        emails: Sequence[str] | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Receipt:
        """Ask whether a slot of a group configuration can still be booked; an error if not.

        Args:
            configuration_id: Of which configuration.
            calendar_id: The calendar, as the slot names it.
            event_id: The event, as the slot names it.
            start_time: When it starts.
            end_time: When it ends.
            master_id: The series, as the slot names it.
            capacity: The capacity, as the slot names it.
            emails: The hosts, as the slot names them.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.VALIDATE_TIMESLOT,
            configuration_id,
            body=lambda: SlotToValidate(
                calendar_id=calendar_id,
                event_id=event_id,
                start_time=start_time,
                end_time=end_time,
                master_id=master_id,
                capacity=capacity,
                emails=emails,
            ),
            auth=auth,
            timeout=timeout,
        )
