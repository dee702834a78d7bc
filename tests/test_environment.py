"""Clients that are made from the variables of the environment."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings import (
    ApiKey,
    AsyncClient,
    Client,
    PublicConfiguration,
    PublicPage,
    SessionToken,
)
from nylas_bookings.auth import Auth, from_environment
from nylas_bookings.errors import InvalidRequest

from .wire_server import WireServer

EVERYTHING = {
    "NYLAS_SESSION_ID": "sess",
    "NYLAS_API_KEY": "nyk",
    "NYLAS_CONFIGURATION_ID": "cfg",
    "NYLAS_SLUG": "page",
    "NYLAS_CLIENT_ID": "app",
}


@pytest.mark.parametrize(
    ("missing", "auth"),
    [
        (set(), SessionToken("sess")),
        ({"NYLAS_SESSION_ID"}, ApiKey("nyk", "cfg")),
        ({"NYLAS_SESSION_ID", "NYLAS_CONFIGURATION_ID"}, ApiKey("nyk")),
        ({"NYLAS_SESSION_ID", "NYLAS_API_KEY"}, PublicConfiguration("cfg")),
        (EVERYTHING.keys() - {"NYLAS_SLUG", "NYLAS_CLIENT_ID"}, PublicPage("page", "app")),
    ],
)
@pytest.mark.parametrize("as_empty", [True, False])
def test_the_environment(missing: set[str], auth: Auth, as_empty: bool) -> None:
    """The most specific credential wins; a variable that is empty counts as not set."""
    blank = dict.fromkeys(missing, " ") if as_empty else {}
    found = {name: f" {value}\n" for name, value in EVERYTHING.items() if name not in missing}
    assert from_environment({**found, **blank}) == auth


@pytest.mark.parametrize("found", [{}, {"NYLAS_SLUG": " "}])
def test_an_environment_without_credentials(found: dict[str, str]) -> None:
    """The refusal says which variables there are."""
    with pytest.raises(InvalidRequest, match="no credentials in the environment") as caught:
        from_environment(found)
    assert all(name in str(caught.value) for name in EVERYTHING)


@pytest.mark.parametrize("kind", [AsyncClient, Client])
async def test_a_client_from_the_environment(
    kind: Any, monkeypatch: pytest.MonkeyPatch, server: WireServer
) -> None:
    """`from_env` takes credential and address from there; without an address it is the US."""
    for name in EVERYTHING:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NYLAS_CONFIGURATION_ID", "cfg")
    for address, expected in ((server.url, server.url), ("", "https://api.us.nylas.com")):
        monkeypatch.setenv("NYLAS_API_URI", address)
        client = kind.from_env()
        transport = client._source._transport if kind is Client else client._transport
        assert (transport._api_url, transport._auth) == (expected, PublicConfiguration("cfg"))


@pytest.mark.parametrize(
    ("found", "missing"),
    [({"NYLAS_SLUG": "page"}, "NYLAS_CLIENT_ID"), ({"NYLAS_CLIENT_ID": "app"}, "NYLAS_SLUG")],
)
def test_half_a_page(found: dict[str, str], missing: str) -> None:
    """Of a page that is named by half the other half is asked for."""
    with pytest.raises(InvalidRequest, match=f"{missing} is not set"):
        from_environment(found)
