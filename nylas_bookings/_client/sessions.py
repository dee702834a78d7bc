"""Sessions: let visitors use a private configuration for some minutes."""

from __future__ import annotations

from .. import operations
from .._wire.messages import Timeout
from ..auth import Auth
from ..models._secret import hidden_argument
from ..models.bookings import Receipt
from ..models.sessions import NewSession, Session
from .resource import Resource


class AsyncSessions(Resource):
    """Sessions of private configurations. They need an `ApiKey`."""

    __slots__ = ()

    async def create(
        self,
        *,
        configuration_id: str | None = None,
        slug: str | None = None,
        time_to_live: int | None = None,
        auth: Auth | None = None,
        timeout: Timeout | None = None,
    ) -> Session:
        """Open a session. Its id is a credential for one configuration.

        Args:
            configuration_id: Which configuration, by its id.
            slug: Which configuration, by its slug. Give one of the two.
            time_to_live: How many minutes it shall last: 5 if not given, 30 at most.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        return await self._transport.run(
            operations.CREATE_SESSION,
            body=lambda: NewSession(
                configuration_id=configuration_id, slug=slug, time_to_live=time_to_live
            ),
            auth=auth,
            timeout=timeout,
        )

    async def destroy(
        self, session_id: str, *, auth: Auth | None = None, timeout: Timeout | None = None
    ) -> Receipt:
        """End a session before its time.

        Args:
            session_id: Which one.
            auth: Who is asking, if not the client.
            timeout: How long an attempt may take, if not as long as the client's.
        """
        session_id = hidden_argument(session_id)
        return await self._transport.run(
            operations.DESTROY_SESSION, session_id, secret=session_id, auth=auth, timeout=timeout
        )
