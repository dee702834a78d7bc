"""Which addresses the API may have: the two regions, or a host of one's own."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from .errors import InvalidRequest

US: Final = "https://api.us.nylas.com"
"""The region in the United States, which is the default."""

EU: Final = "https://api.eu.nylas.com"
"""The region in Europe."""

_LABEL = r"[a-z0-9_-]{1,63}"
_ADDRESS = re.compile(
    rf"https?://({_LABEL}(\.{_LABEL})*\.?|\[[0-9a-f:.]+\])(:[0-9]+)?(/[a-z0-9._~/-]*)?",
    re.IGNORECASE | re.ASCII,
)


def from_environment(environment: Mapping[str, str]) -> str:
    """The address that `NYLAS_API_URI` names, or the default."""
    return environment.get("NYLAS_API_URI", "").strip() or US


def checked(api_url: str) -> str:
    """The address without a slash at its end; refuses one that would show a credential."""
    if not isinstance(api_url, str):
        raise InvalidRequest(f"api_url must be a str, not {type(api_url).__name__}")
    api_url = str.__str__(api_url)
    if not _ADDRESS.fullmatch(api_url):
        raise InvalidRequest(
            "api_url must be an address such as https://api.us.nylas.com, with no credentials, no "
            "query and no fragment in it"
        )
    try:
        parts = urlsplit(api_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidRequest("api_url has a port or an IPv6 address that cannot be") from None
    if parts.scheme != "https" and not _is_loopback(host):
        raise InvalidRequest("api_url must be https; plain http is for a host on this machine only")
    return api_url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
