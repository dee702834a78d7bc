"""Configurations: what can be booked, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import operations
from .._wire.messages import Timeout
from ..auth import Auth
from ..models._unset import UNSET, Unset
from ..models.availability_rules import ConfigurationAvailability
from ..models.bookings import Receipt
from ..models.configurations import (
    AnyConfiguration,
    ConfigurationChanges,
    ConfigurationParticipant,
    EventBooking,
    GroupBooking,
    checked,
)
from ..models.pages import Page
from ..models.scheduler_settings import SchedulerSettings
from .paging import all_items, page_query
from .resource import Resource


class AsyncConfigurations(Resource):
    """Configurations of a grant, which is told by its id or its address. They need an `ApiKey`."""

    __slots__ = ()

    async def create(
        self,
        grant_id: str,
        configuration: AnyConfiguration,
        *,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> AnyConfiguration:
        """Make a configuration.

        Args:
            grant_id: Whose it shall be.
            configuration: What it shall be; its id, if it has one, is not sent.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.CREATE_CONFIGURATION,
            grant_id,
            body=lambda: checked(configuration),
            auth=auth,
            timeout=timeout,
        )

    async def get(
        self,
        grant_id: str,
        configuration_id: str,
        *,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> AnyConfiguration:
        """Read a configuration.

        Args:
            grant_id: Whose it is.
            configuration_id: Which one.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.GET_CONFIGURATION, grant_id, configuration_id, auth=auth, timeout=timeout
        )

    async def list(
        self,
        grant_id: str,
        *,
        limit: int | None = None,
        page_token: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Page[AnyConfiguration]:
        """Read one page of the configurations of a grant.

        Args:
            grant_id: Whose they are.
            limit: How many at most: 50 if not given, 200 at most.
            page_token: The `next_cursor` of the page before.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.LIST_CONFIGURATIONS,
            grant_id,
            query=lambda: page_query(limit, page_token),
            auth=auth,
            timeout=timeout,
        )

    async def list_all(
        self, grant_id: str, *, auth: Auth | None = None, timeout: Timeout | None = None
    ) -> Sequence[AnyConfiguration]:
        """Read all configurations of a grant, page by page.

        Args:
            grant_id: Whose they are.
            auth: Who is asking, if not the client.
            timeout: How long an attempt at a page may take, if not as long as the client's.
        """
        return await all_items(
            lambda token: self.list(
                grant_id, limit=200, page_token=token, auth=auth, timeout=timeout
            )
        )

    async def update(
        self,
        grant_id: str,
        configuration_id: str,
        *,
        name: str | Unset = UNSET,
        slug: str | Unset | None = UNSET,
        requires_session_auth: bool | Unset | None = UNSET,
        participants: Sequence[ConfigurationParticipant] | Unset = UNSET,
        availability: ConfigurationAvailability | Unset = UNSET,
        event_booking: EventBooking | Unset = UNSET,
        group_booking: GroupBooking | Unset = UNSET,
        scheduler: SchedulerSettings | Unset = UNSET,
        appearance: Mapping[str, str] | Unset | None = UNSET,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> AnyConfiguration:
        """Change parts of a configuration. Each part that is given is replaced whole.

        Read the configuration first, and make the new part out of the old with `attrs.evolve`.

        Args:
            grant_id: Whose it is.
            configuration_id: Which one.
            name: The title of the booking page.
            slug: A readable name for the page's address; `None` takes it away.
            requires_session_auth: Whether visitors need a session.
            participants: The hosts.
            availability: When it can be booked.
            event_booking: What event a booking makes.
            group_booking: The events of a group configuration.
            scheduler: The booking page and its rules.
            appearance: Texts for the booking page.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.UPDATE_CONFIGURATION,
            grant_id,
            configuration_id,
            body=lambda: ConfigurationChanges(
                name=name,
                slug=slug,
                requires_session_auth=requires_session_auth,
                participants=participants,
                availability=availability,
                event_booking=event_booking,
                group_booking=group_booking,
                scheduler=scheduler,
                appearance=appearance,
            ),
            auth=auth,
            timeout=timeout,
        )

    async def delete(
        self,
        grant_id: str,
        configuration_id: str,
        *,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Receipt:
        """Delete a configuration. The API refuses while it has sessions.

        Args:
            grant_id: Whose it is.
            configuration_id: Which one.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.DELETE_CONFIGURATION, grant_id, configuration_id, auth=auth, timeout=timeout
        )
