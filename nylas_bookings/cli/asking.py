"""What is asked of the environment and of people: credentials, secrets, whether they are sure."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..errors import InvalidRequest
from . import printing

if TYPE_CHECKING:
    from .._client.client import AsyncClient
    from ..auth import Auth


class StillAsking(KeyboardInterrupt):
    """Ctrl-C while somebody was waited for: nothing was sent by then."""


def client(auth: Auth | None = None) -> AsyncClient:
    """A client for whoever the environment says is asking."""
    return _client(os.environ, auth)


def key_client() -> AsyncClient:
    """A client for what only the application's key may do."""
    if not os.environ.get("NYLAS_API_KEY", "").strip():
        raise InvalidRequest("this needs the application's key in the environment: NYLAS_API_KEY")
    # A visitor's session would win otherwise.
    return _client({k: v for k, v in os.environ.items() if k != "NYLAS_SESSION_ID"})


def _client(environment: Mapping[str, str], auth: Auth | None = None) -> AsyncClient:
    from .. import _api_url
    from .._client.client import AsyncClient
    from ..auth import from_environment

    api_url = _api_url.from_environment(environment)
    return AsyncClient(auth or from_environment(environment), api_url=api_url)


def names_nobody() -> bool:
    """Whether the environment has no credential at all."""
    return not any(
        os.environ.get(f"NYLAS_{name}", "").strip()
        for name in ("SESSION_ID", "API_KEY", "CONFIGURATION_ID", "SLUG")
    )


def configuration_id() -> str:
    """The configuration that the environment names."""
    found = os.environ.get("NYLAS_CONFIGURATION_ID", "").strip()
    if not found:
        raise InvalidRequest("which configuration? Say --configuration-id or --slug")
    return found


def secret(variable: str, what: str) -> str:
    """A secret: from the environment, else asked for without an echo, else a line of stdin.

    Never an argument: these stay in the history of the shell, and everybody can list processes.
    """
    found = os.environ.get(variable, "").strip()
    if not found:
        with interruptible():
            found = _typed(what) if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not found:
        raise InvalidRequest(f"{what} is missing: set {variable}, or give it on stdin")
    return found


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """While somebody is waited for: Ctrl-C ends it, although asyncio would only note it down."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        raise StillAsking from None
    finally:
        signal.signal(signal.SIGINT, before)


def _typed(what: str) -> str:
    import getpass

    try:
        return getpass.getpass(f"{what[0].upper()}{what[1:]}: ").strip()
    except EOFError:
        return ""


def sure(question: str, *, yes: bool) -> None:
    """Ask whoever sits at the terminal, if anybody does; a no ends the command."""
    if yes or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    with interruptible():
        printing.console(stderr=True).print(printing.text(f"{question} [y/N] "), end="")
        answer = sys.stdin.readline()
    if answer.strip().lower() not in ("y", "yes"):
        raise InvalidRequest("nothing was done")
