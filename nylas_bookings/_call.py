"""One call of a user: what is asked, by whom, and what may be told of it."""

from __future__ import annotations

from typing import Any

from attrs import define

from ._expiry import Expiry
from ._pace import Pacer
from ._redaction import Redactor, redact
from ._tracing import CallTrace
from ._wire.messages import JSON_HEADERS, STANDARD_HEADERS, Request, Timeout
from .auth import MintedSession, SessionToken, StaticAuth, secrets
from .errors import APIError, BookingsError, Outcome, UnexpectedAnswer
from .models._secret import Secret
from .operations import Operation


@define(eq=False, repr=False)
class Call:
    """One call of a user, with all that its attempts share. Its secrets are not to be told.

    Attributes:
        path: The address without a query.
        query: What the query says besides the configuration.
        subject: The id that it is about.
        model: What goes along, from which the body was made.
        secret: What among its arguments no text may show.
        pace: How fast its exchanges may leave.
        sent: How many exchanges there were.
        unsent: In how many of them nothing left this machine.
        lost: Whether one of them may have taken effect unseen.
        session: The session that was minted for it.
        expires: When the permission to send it ends, if it does.
    """

    operation: Operation[Any]
    auth: StaticAuth | MintedSession
    path: str
    query: str
    subject: str | None
    model: object
    body: bytes | None
    timeout: Timeout
    started: float
    secret: str | None
    pace: Pacer | None = None
    sent: int = 0
    unsent: int = 0
    lost: bool = False
    session: SessionToken | None = None
    trace: CallTrace | None = None
    expires: Expiry | None = None

    def label(self, error: BookingsError) -> None:
        """Say in an error which call it is about, and nothing that is secret."""
        operation = self.operation
        error.operation = operation.name
        error.reads = operation.reads
        error.attempts = self.sent
        if operation.reads and isinstance(error, APIError) and error.outcome is Outcome.UNKNOWN:
            error.outcome = Outcome.REFUSED
        if operation.tells_secret and isinstance(error, UnexpectedAnswer):
            error.body = b""
        redact(error, self.secrets())

    def secrets(self) -> tuple[str, ...]:
        """What no text about this call may show."""
        given = () if self.secret is None else (self.secret,)
        minted = () if self.session is None else secrets(self.session)
        return (*given, *secrets(self.auth), *minted)

    def hide(self, text: str | None) -> str | None:
        """Return a text that the API has sent without what no text may show."""
        secrets = self.secrets() if text else ()
        return Redactor(secrets).redact(text) if secrets else text

    def request(self, auth: StaticAuth) -> Request:
        """The HTTP request, with who is asking on it."""
        query = self.query
        if self.operation.for_visitors and auth.query:
            query = f"{query}&{auth.query}" if query else auth.query
        headers = STANDARD_HEADERS if self.body is None else JSON_HEADERS
        token = auth.authorization
        url = f"{self.path}?{query}" if query else self.path
        return Request(
            self.operation.method,
            url if self.secret is None else Secret(url),
            headers if token is None else {**headers, "Authorization": token},
            self.body,
            self.timeout,
            self.expires,
        )
