"""What became of a request that got no answer, in errors of our own."""

from __future__ import annotations

import os
import traceback
from types import CodeType
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from .._wire.messages import Request, Timeout
from ..errors import BookingsError, InvalidRequest, NoAnswer, NotSent

_NEVER_CONNECTED: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
)
"""What aiohttp raises when there was no connection to write a request to."""

_CONNECTING: Final = aiohttp.BaseConnector.connect.__code__
_WAITING: Final = aiohttp.BaseConnector._wait_for_available_connection.__code__  # noqa: SLF001 - no other place tells that all are in use


def failure(error: BaseException, request: Request) -> BookingsError:
    """The error to raise instead: it says whether anything can have reached the API."""
    if isinstance(error, TimeoutError) and _was_in(error, _WAITING):
        return NotSent(f"none of this client's connections was free {request.timeout}")
    if isinstance(error, _NEVER_CONNECTED) or _was_in(error, _CONNECTING):
        return NotSent(f"no connection to {urlsplit(request.url).netloc} ({_why(error)})")
    if isinstance(error, TimeoutError):
        return NoAnswer(f"no answer {request.timeout}")
    if isinstance(error, aiohttp.ClientResponseError):
        return NoAnswer("no answer that is proper HTTP")
    if isinstance(error, aiohttp.ClientError | OSError):
        return NoAnswer(f"no answer: the connection was lost ({_why(error)})")
    return InvalidRequest(f"aiohttp does not take the request: {error}")


def _was_in(error: BaseException, function: CodeType) -> bool:
    """Whether it came while that function of aiohttp's connector ran: its frames say so."""
    return any(f.f_code is function for f, _ in traceback.walk_tb(error.__traceback__))


def cut(error: BaseException, timeout: Timeout, *, in_time: bool) -> str:
    """Why an answer that had begun did not end; raises what is not about the answer."""
    if not in_time or isinstance(error, TimeoutError):
        return f"did not end {timeout}"
    if isinstance(error, aiohttp.ClientError | OSError):
        return "stopped in the middle"
    raise error


def _why(error: BaseException) -> str:
    """The reason in words of our own: aiohttp's may hold a URL, or a proxy's password."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"the host name {error.host} cannot be resolved"
    if isinstance(error, aiohttp.ClientSSLError):
        return f"TLS: {error.os_error}"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy answered {error.status}"
    reason = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        reason = os.strerror(error.errno)
    return f"proxy: {reason}" if isinstance(error, aiohttp.ClientProxyConnectionError) else reason
