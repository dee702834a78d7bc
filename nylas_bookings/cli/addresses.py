"""Says why nothing can listen on an address."""

from __future__ import annotations

import errno
import os
import socket

from ..errors import InvalidRequest


def cannot_listen(host: str, port: int, error: OSError) -> InvalidRequest:
    """The error for an address that is taken, or is none of this machine's."""
    if error.errno is None or isinstance(error, socket.gaierror):
        reason = error.strerror or str(error)
    else:
        # asyncio puts all that it tried into the text of the error.
        reason = os.strerror(error.errno)
    taken = "; --port 0 takes one that is free" if error.errno == errno.EADDRINUSE else ""
    return InvalidRequest(f"cannot listen on {host}, port {port}: {reason}{taken}")
