"""A mail server: where it is, how to log in, and a mail handed to it."""

from __future__ import annotations

import smtplib
import socket
import ssl
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

from attrs import field, frozen

SECONDS: Final = 10.0
"""How long the server may take for each thing it is told."""

_PORTS: Final = {"smtp": 25, "smtps": 465}


@frozen(kw_only=True)
class MailServer:
    """Where mails go. How to log in is not shown."""

    host: str
    port: int
    is_encrypted: bool = False
    user: str | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, address: str) -> MailServer:
        """From `host:port` or `smtp://user:password@host:port`; `smtps` is encrypted throughout."""
        parts = urlsplit(address if "://" in address else f"smtp://{address}")
        try:
            host, port = parts.hostname, parts.port
        except ValueError:  # its text would repeat the address, and the password in it
            host = port = None
        if not host or parts.scheme not in _PORTS or parts.path.strip("/"):
            raise ValueError("smtp is host:port or smtp://user:password@host:port") from None
        return cls(
            host=host,
            port=_PORTS[parts.scheme] if port is None else port,
            is_encrypted=parts.scheme == "smtps",
            user=None if parts.username is None else unquote(parts.username),
            password=unquote(parts.password or ""),
        )


class Handover:
    """One mail on its way to the server, from a thread that may be interrupted by another."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> str | None:
        """Send a mail; what went wrong, if anything did."""
        server = self._server
        kind = smtplib.SMTP_SSL if server.is_encrypted else smtplib.SMTP
        try:
            with kind(timeout=SECONDS) as connection:
                # As its constructor does, which would connect before anybody could interrupt it.
                connection._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001
                self._connection = connection
                connection.connect(server.host, server.port)
                if server.user is not None:
                    self._log_in(connection, server.user)
                connection.send_message(message)
        except (OSError, ValueError, smtplib.SMTPException) as problem:
            return _reason(problem)
        return None

    def interrupt(self) -> None:
        """Let a `send` that waits for the server fail at once."""
        sock = None if self._connection is None else self._connection.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has come to an end by itself

    def _log_in(self, connection: smtplib.SMTP, user: str) -> None:
        connection.ehlo()
        if not self._server.is_encrypted and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
        connection.login(user, self._server.password)


def _reason(problem: BaseException) -> str:
    """In a few words, and never the server's own: they may repeat what it was told."""
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{type(problem).__name__} {problem.smtp_code}"
    return type(problem).__name__
