"""Which proxy, if any, is on the way to a URL."""

from __future__ import annotations

import urllib.request
from urllib.parse import urlsplit

from ..errors import InvalidRequest


def checked(proxy: str) -> str:
    """The URL of a proxy, if it is one."""
    if not isinstance(proxy, str):
        raise InvalidRequest(f"a proxy must be a str, not {type(proxy).__name__}")
    proxy = str.__str__(proxy)
    try:
        parts = urlsplit(proxy)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        # The URL itself may hold a password.
        raise InvalidRequest("a proxy must be a URL such as http://proxy.example.com:3128")
    return proxy


def of_the_environment(url: str) -> str | None:
    """The proxy that `HTTPS_PROXY` and the like name for a URL, unless `NO_PROXY` exempts it.

    aiohttp's own `trust_env` would take credentials from `~/.netrc`, too.
    """
    parts = urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme)
    exempt = any(map(urllib.request.proxy_bypass, (parts.hostname or "", parts.netloc)))
    return None if proxy is None or exempt else checked(proxy)
