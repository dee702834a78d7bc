"""Availability: which slots can be booked."""

from __future__ import annotations

from .. import operations
from .._wire.messages import Timeout
from ..auth import Auth
from ..models._times import Moment, stretch
from ..models.availability import Availability
from .resource import Resource, given


class AsyncAvailability(Resource):
    """The slots of a configuration."""

    __slots__ = ()

    async def get(
        self,
        *,
        start_time: Moment,
        end_time: Moment,
        booking_id: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Availability:
        """Ask which slots there are from one time to another.

        Args:
            start_time: The earliest time a slot may start.
            end_time: The latest time a slot may end.
            booking_id: A booking to be moved: its own time counts as free.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.GET_AVAILABILITY,
            query=lambda: given(**stretch(start_time, end_time), booking_id=booking_id),
            auth=auth,
            timeout=timeout,
        )
