"""Which addresses the API may have: the two regions, or a host of one's own."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from .errors import InvalidRequest

US: Final = "https://api.us.nylas.com"
"""The region in the United States, which is the default."""

EU: Final = "https://api.eu.nylas.com"
"""The region in Europe."""


def checked(api_url: str) -> str:
    """The address without a slash at its end; refuses one that would show a credential."""
    if not isinstance(api_url, str):
        raise InvalidRequest(f"api_url must be a str, not {type(api_url).__name__}")
    try:
        parts = urlsplit(api_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise InvalidRequest("api_url is not a URL") from None
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidRequest("api_url must have no credentials, no query and no fragment in it")
    if not host or any(c.isspace() for c in api_url):
        raise InvalidRequest("api_url must be a URL such as https://api.us.nylas.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise InvalidRequest("api_url must be https; plain http is for a host on this machine only")
    return api_url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
