"""Who may use the controls: programs and the sandbox's own pages, but not the pages of others.

The controls ask for no key. A page of another site that is open in a browser on this machine must
not reach them all the same: neither by its own origin, nor by a name of its own that it lets point
to this machine, nor with a form.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import SplitResult, urlsplit

from ..._wire.messages import Request
from ..refusals import Refusal

READING: Final = ("GET", "HEAD")


def check(request: Request, bound_to: str) -> None:
    """Refuse what a page of another site may have sent; only browsers send these headers.

    Args:
        request: What came in.
        bound_to: Where the sandbox listens.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    host, origin = headers.get("host"), headers.get("origin")
    if host is not None and not _is_own_name(host, bound_to):
        raise _forbidden(f"{host!r} is no name of this machine")
    if origin is not None and not _is_origin_of(origin, host):
        raise _forbidden("pages of other sites may not use the controls")
    if request.method not in READING and not _is_json(headers.get("content-type", "")):
        needed = "what changes something needs Content-Type: application/json"
        raise Refusal(415, "invalid_request_error", needed)


def _forbidden(why: str) -> Refusal:
    return Refusal(403, "forbidden", why)


def _is_own_name(host: str, bound_to: str) -> bool:
    """An address cannot be made to point elsewhere, as a name can."""
    name = (_split(f"//{host}").hostname or "").rstrip(".")
    if name in {"localhost", bound_to.lower(), socket.gethostname().lower()}:
        return True
    if name.endswith(".localhost") or _is_address(name):
        return True
    # In a network of containers it has a name that it does not know; no site's has no dot.
    return bool(name) and "." not in name and not _is_loopback(bound_to)


def _is_origin_of(origin: str, host: str | None) -> bool:
    parts = _split(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == (host or "").lower()


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # brackets that hold no address
        return urlsplit("")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)
