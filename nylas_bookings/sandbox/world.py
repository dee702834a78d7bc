"""What everything in the sandbox works with: database, clock, ids, switches, faults, address."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

from .behaviour import Behaviour
from .clock import Clock
from .faults import Faults
from .identifiers import Identifiers
from .post.smtp import MailServer
from .store import Store


def _nobody() -> None:
    """Nobody has to be told."""


@define(kw_only=True, eq=False)
class World:
    """The state of one sandbox.

    Attributes:
        mail_server: Where the mails of the outbox go, if they go anywhere.
        wake: To be called when something was queued that has to be sent.
    """

    store: Store
    clock: Clock
    identifiers: Identifiers
    behaviour: Behaviour
    faults: Faults
    api_key: str = field(repr=False)
    client_id: str
    url: str = "http://127.0.0.1"
    mail_server: MailServer | None = None
    wake: Callable[[], None] = _nobody
    parsed: dict[str, tuple[str, object]] = field(factory=dict)
