"""Create the sockets of the client's own connections."""

from __future__ import annotations

import socket
import sys
from typing import Any, Final

UNACKNOWLEDGED_SECONDS: Final = 20
"""How long the kernel keeps sending what the other end does not acknowledge.

Without a limit it goes on for 15 minutes, even after the process was killed: when the network comes
back, it delivers a request that its caller gave up long ago. A batch that has looked for the
booking by then would send it again.
"""

_TCP_RXT_CONNDROPTIME: Final = 0x80
"""The option of macOS, which Python does not name."""

_TCP_MAXRT: Final = 5
"""The option of Windows, which Python does not name."""


def _find_option() -> tuple[int, int] | None:
    """Return the option of this platform that sets the limit, and its value."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        return socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_SECONDS * 1000
    if sys.platform == "darwin":
        return _TCP_RXT_CONNDROPTIME, UNACKNOWLEDGED_SECONDS
    if sys.platform == "win32":
        return _TCP_MAXRT, UNACKNOWLEDGED_SECONDS
    return None


_OPTION: Final = _find_option()


def make_socket(address: tuple[Any, ...]) -> socket.socket:
    """Return a socket for an address as `getaddrinfo` returns it.

    Its data is not sent again after `UNACKNOWLEDGED_SECONDS`, on platforms that can be told so.
    """
    family, kind, protocol, _, _ = address
    made = socket.socket(family=family, type=kind, proto=protocol)
    if _OPTION is not None:
        option, value = _OPTION
        try:
            made.setsockopt(socket.IPPROTO_TCP, option, value)
        except OSError:
            made.close()
            raise
    return made
