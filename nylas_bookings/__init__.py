"""Book meetings through the Nylas Scheduler API: asyncio first, with a blocking twin.

    from nylas_bookings import AsyncClient, Guest, PublicConfiguration

    async with AsyncClient(PublicConfiguration("…")) as nylas:
        booking = await nylas.bookings.create(
            start_time=…, end_time=…, guest=Guest(name="Jane Doe", email="jane@example.com")
        )

`Client` has the same methods, and blocks. What goes wrong is in `errors`, what comes back is in
`models`, links in e-mails are read by `references`, and deliveries by `webhooks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _lazy, _version

__version__ = _version.VERSION

if TYPE_CHECKING:
    from . import batch as batch
    from . import errors as errors
    from . import models as models
    from . import references as references
    from . import webhooks as webhooks
    from . import workers as workers
    from ._api_url import EU as EU
    from ._api_url import US as US
    from ._client.client import AsyncClient as AsyncClient
    from ._observing import Exchange as Exchange
    from ._pace import Pace as Pace
    from ._pace.paces import PostgresPace as PostgresPace
    from ._pace.paces import RedisPace as RedisPace
    from ._retry import Retry as Retry
    from ._sync import Client as Client
    from ._wire.messages import Request as Request
    from ._wire.messages import Response as Response
    from ._wire.messages import Timeout as Timeout
    from .auth import ApiKey as ApiKey
    from .auth import Auth as Auth
    from .auth import MintedSession as MintedSession
    from .auth import PublicConfiguration as PublicConfiguration
    from .auth import PublicPage as PublicPage
    from .auth import SessionToken as SessionToken
    from .models.bookings import Guest as Guest
    from .models.bookings import NewBooking as NewBooking
else:
    __getattr__, __dir__, __all__ = _lazy.names(
        __name__,
        {
            ".batch": ("batch",),
            ".errors": ("errors",),
            ".models": ("models",),
            ".references": ("references",),
            ".webhooks": ("webhooks",),
            ".workers": ("workers",),
            "._api_url": ("EU", "US"),
            "._client.client": ("AsyncClient",),
            "._observing": ("Exchange",),
            "._pace": ("Pace",),
            "._pace.paces": ("PostgresPace", "RedisPace"),
            "._retry": ("Retry",),
            "._sync": ("Client",),
            "._wire.messages": ("Request", "Response", "Timeout"),
            ".auth": (
                "ApiKey",
                "Auth",
                "MintedSession",
                "PublicConfiguration",
                "PublicPage",
                "SessionToken",
            ),
            ".models.bookings": ("Guest", "NewBooking"),
        },
    )
