"""Who is asking: puts a credential, or the name of a public configuration, on a request.

| class | on the wire | for |
|---|---|---|
| `PublicConfiguration` | `?configuration_id=` | public configurations |
| `PublicPage` | `?slug=&client_id=` | the same, by the name of the page |
| `SessionToken` | `Authorization: Bearer`, and no configuration | private configurations |
| `ApiKey` | `Authorization: Bearer`, with `?configuration_id=` if it names one | the rest |
| `MintedSession` | a session opened with the key | private configurations, on a server |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import field, frozen

from ._frames import hides_arguments, hides_fields
from .errors import InvalidRequest
from .models._secret import Secret, plain
from .models.sessions import check_minutes
from .operations import VALIDATE_TIMESLOT, Operation, parameter


def _secret(value: str) -> Secret:
    value = plain(value)
    if not (isinstance(value, str) and value):
        raise InvalidRequest("a credential is a str that is not empty")
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise InvalidRequest("a credential has printable ASCII characters only, and no spaces")
    return Secret(value)


def _id(instance: object, attribute: object, value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise InvalidRequest(f"{type(instance).__name__} needs ids that are a str and not empty")


def _optional_id(instance: object, attribute: object, value: Any) -> None:
    if value is not None:
        _id(instance, attribute, value)


# What an auth adds to a request is the same for all calls, so each makes it once, after its
# validators have run: `query`, the encoded part of the query that names the configuration, and
# `authorization`, the value of the header.


def _make(auth: object, *, query: str = "", token: str | None = None) -> None:
    object.__setattr__(auth, "query", query)
    header = None if token is None else Secret(f"Bearer {token}")
    object.__setattr__(auth, "authorization", header)


@hides_fields
@frozen
class PublicConfiguration:
    """A public configuration, by its id. Nobody is asked for a credential."""

    configuration_id: str = field(converter=plain, validator=_id)
    query: str = field(init=False, repr=False, eq=False)
    authorization: str | None = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        _make(self, query=parameter("configuration_id", self.configuration_id))


@hides_fields
@frozen
class PublicPage:
    """A public configuration, by the slug of its page and the client id of the application."""

    slug: str = field(converter=plain, validator=_id)
    client_id: str = field(converter=plain, validator=_id)
    query: str = field(init=False, repr=False, eq=False)
    authorization: str | None = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        page = f"{parameter('slug', self.slug)}&{parameter('client_id', self.client_id)}"
        _make(self, query=page)


@hides_fields
@frozen
class SessionToken:
    """A visitor's session. The API knows from it which configuration is meant."""

    session_id: str = field(converter=_secret)
    query: str = field(init=False, repr=False, eq=False)
    authorization: str | None = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        # Next to a session the API does not find the configuration that it is given besides.
        _make(self, token=self.session_id)


@hides_fields
@frozen
class ApiKey:
    """The application's key; with a configuration, it books for that one too."""

    key: str = field(converter=_secret)
    configuration_id: str | None = field(default=None, converter=plain, validator=_optional_id)
    query: str = field(init=False, repr=False, eq=False)
    authorization: str | None = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        named = self.configuration_id
        _make(
            self,
            query="" if named is None else parameter("configuration_id", named),
            token=self.key,
        )


@hides_fields
@frozen
class MintedSession:
    """Sessions for a private configuration, opened with the application's key as they are needed.

    Args:
        key: The application's key.
        configuration_id: The private configuration.
        time_to_live: How many minutes each session lasts; the API takes up to 30.
    """

    key: str = field(converter=_secret)
    configuration_id: str = field(converter=plain, validator=_id)
    time_to_live: int = field(default=30, kw_only=True)

    def __attrs_post_init__(self) -> None:
        # To leave it to the API is not possible: how long a session is good for has to be known.
        check_minutes(self.time_to_live or 0)


Auth: TypeAlias = PublicConfiguration | PublicPage | SessionToken | ApiKey | MintedSession
"""Any of the five ways to ask."""

StaticAuth: TypeAlias = PublicConfiguration | PublicPage | SessionToken | ApiKey
"""The ways to ask that need no call of their own first."""


_KINDS = frozenset({PublicConfiguration, PublicPage, SessionToken, ApiKey, MintedSession})


def check(auth: object) -> None:
    """Refuse what is not an auth, with a word on what to use instead."""
    if not isinstance(auth, Auth):
        raise InvalidRequest(
            f"auth must be one of PublicConfiguration, PublicPage, SessionToken, ApiKey and "
            f"MintedSession, not {type(auth).__name__}"
        )


def key_of(auth: Auth | None, operation: Operation[object]) -> StaticAuth | MintedSession:
    """The auth to use for an operation; refuses one that can never be enough for it."""
    if auth is None:
        raise InvalidRequest("this client has no auth of its own: give the call one with auth=…")
    if type(auth) not in _KINDS:
        check(auth)
    if operation.for_visitors or operation is VALIDATE_TIMESLOT:
        return auth
    if isinstance(auth, MintedSession):
        return ApiKey(auth.key, auth.configuration_id)
    if not isinstance(auth, ApiKey):
        raise InvalidRequest(f"this needs an ApiKey; {type(auth).__name__} is for visitors")
    return auth


def configuration_of(auth: Auth | None) -> str | None:
    """The id of the configuration that an auth names, if it does."""
    if isinstance(auth, PublicConfiguration | ApiKey | MintedSession):
        return auth.configuration_id
    return None


def asks_for(auth: Auth | None) -> str:
    """Which configuration an auth stands for, in words without a credential."""
    if isinstance(auth, PublicPage):
        return f"{auth.slug} of {auth.client_id}"
    return configuration_of(auth) or "a session's"


def secrets(auth: Auth) -> tuple[str, ...]:
    """What must never appear in a text about a call with this auth."""
    if isinstance(auth, ApiKey | MintedSession):
        return (str(auth.key),)
    if isinstance(auth, SessionToken):
        return (str(auth.session_id),)
    return ()


@hides_arguments
def from_environment(environment: Mapping[str, str] = os.environ) -> Auth:
    """The auth that the `NYLAS_…` variables describe; the most specific credential wins."""
    names = ("session_id", "api_key", "configuration_id", "slug", "client_id")
    found = {name: Secret(environment.get(f"NYLAS_{name.upper()}", "").strip()) for name in names}
    if found["session_id"]:
        return SessionToken(found["session_id"])
    if found["api_key"]:
        return ApiKey(found["api_key"], str(found["configuration_id"]) or None)
    if found["configuration_id"]:
        return PublicConfiguration(str(found["configuration_id"]))
    if found["slug"] and found["client_id"]:
        return PublicPage(str(found["slug"]), str(found["client_id"]))
    if found["slug"] or found["client_id"]:
        other = "NYLAS_CLIENT_ID" if found["slug"] else "NYLAS_SLUG"
        raise InvalidRequest(f"a page has a slug and a client id: {other} is not set")
    raise InvalidRequest(
        "no credentials in the environment: set NYLAS_SESSION_ID, NYLAS_API_KEY, "
        "NYLAS_CONFIGURATION_ID, or both NYLAS_SLUG and NYLAS_CLIENT_ID"
    )
