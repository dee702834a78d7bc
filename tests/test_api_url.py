"""Where a client may send a credential to."""

from __future__ import annotations

from typing import Any

import pytest

from nylas_bookings import EU, US, AsyncClient, Client
from nylas_bookings._api_url import checked
from nylas_bookings.errors import InvalidRequest

from .conftest import ONCE
from .samples import PUBLIC
from .wire_server import WireServer


def test_the_regions() -> None:
    """The two regions are the vendor's addresses, and the default is the United States."""
    assert (US, EU) == ("https://api.us.nylas.com", "https://api.eu.nylas.com")
    assert AsyncClient(PUBLIC)._transport._api_url == US


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (US, US),
        (EU, EU),
        ("https://api.us.nylas.com/", US),
        ("https://gateway.example/nylas/v1//", "https://gateway.example/nylas/v1"),
        ("https://api.example.:8443", "https://api.example.:8443"),
        ("https://10.0.0.1", "https://10.0.0.1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://LocalHost:1", "http://LocalHost:1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_good_addresses(given: str, used: str) -> None:
    """An address is https, or http on this machine, perhaps with a port and a path before `/v3`."""
    assert checked(given) == used


@pytest.mark.parametrize(
    "bad",
    [
        "http://api.us.nylas.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://[::2]",
        "http://127.1",
    ],
)
def test_plain_http_stays_here(bad: str) -> None:
    """A credential never leaves the machine unencrypted."""
    with pytest.raises(InvalidRequest, match="must be https"):
        checked(bad)


@pytest.mark.parametrize(
    "bad",
    [
        "https://jane:hunter2@api.us.nylas.com",
        "https://hunter2@api.us.nylas.com",
        "https://:hunter2@api.us.nylas.com",
        "http://localhost@hunter2.example",
        "http://localhost\\@hunter2.example",
        "https://api.us.nylas.com?key=hunter2",
        "https://api.us.nylas.com#hunter2",
        "https://api.us.nylas.com/v3?key=hunter2",
        "https://api.us.nylas.com/#hunter2",
        "https://api.us.nylas.com/a b",
        "https://api.us.nylas.com?",
        "https://api.us.nylas.com#",
        "https://api.us.nylas .com",
        "https://api.us.nylas.com\n",
        "https://\tapi.us.nylas.com",
        "https://api.us.nylas.com\x00",
        "https://nylas.exämple",
        "https://a..example",
        f"https://{'a' * 64}.example",
        "https://%61.example",
        "https://",
        "https:///v3",
        "//api.us.nylas.com",
        "api.us.nylas.com",
        "ftp://localhost",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_is_no_address(bad: str) -> None:
    """Anything else is refused, and not shown: it may have a password in it."""
    with pytest.raises(InvalidRequest, match="with no credentials, no query and no fragment") as no:
        checked(bad)
    assert "hunter2" not in str(no.value)


@pytest.mark.parametrize("bad", ["https://h:99999", "https://[::::]", "https://[1.2.3]"])
def test_what_looks_like_an_address(bad: str) -> None:
    """A port or an IPv6 address that cannot be is refused before anything is sent."""
    with pytest.raises(InvalidRequest, match="a port or an IPv6 address that cannot be"):
        checked(bad)


@pytest.mark.parametrize("bad", [None, b"https://api.us.nylas.com", 7])
@pytest.mark.parametrize("kind", [AsyncClient, Client])
def test_an_address_is_a_text(bad: Any, kind: Any) -> None:
    """Something else than a text is refused when the client is made."""
    with pytest.raises(InvalidRequest, match="api_url must be a str"):
        kind(PUBLIC, api_url=bad)


async def test_a_path_before_the_api(server: WireServer) -> None:
    """A gateway that has the API under a path of its own is served."""
    async with AsyncClient(PUBLIC, api_url=f"{server.url}/eu/", retry=ONCE) as nylas:
        await nylas.bookings.get("b-1")
    assert server.last().target == "/eu/v3/scheduling/bookings/b-1?configuration_id=cfg-1"
