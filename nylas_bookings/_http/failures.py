"""Translate the exceptions of an exchange into errors, by how far the exchange had come."""

from __future__ import annotations

import asyncio
import os
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.http import HttpProcessingError

from .._deadlines import Deadlines, Task
from .._expiry import EXPIRED
from .._wire.messages import Request, Timeout
from ..errors import BookingsError, InvalidRequest, NoAnswer, NotSent


class Stage(Enum):
    """How far an exchange had come when it failed."""

    WAITING = "waiting for a free connection"
    CONNECTING = "connecting; no byte of the request was written"
    SENT = "the request was written, in part at least"


UNREQUESTED: Final = "the server sent data before the request"


class NotWritten(aiohttp.ClientConnectionError):
    """A connection was given up before a byte of the request was written to it."""


class PoolClosed(NotWritten):
    """The client was closed while a request waited for a connection."""


NEVER_WRITTEN: Final = (
    NotWritten,
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
)
"""What is raised when there was no connection to write a request to."""


def translate(
    error: BaseException,
    request: Request,
    stage: Stage,
    session: aiohttp.ClientSession,
    deadlines: Deadlines,
    waiting: Task,
) -> BookingsError:
    """Return the error to raise instead; raise one that is meant for the caller's task as it is."""
    if isinstance(error, BookingsError):
        return error
    if isinstance(error, asyncio.CancelledError):
        if deadlines.has_cancelled(waiting):
            if deadlines.is_closed:
                return _explain_closed(stage)
            return _explain(TimeoutError(), request, stage)
        if not session.closed or waiting.cancelling():
            raise error
        # A session that is closed cancels those that wait for one of its connections.
        return _explain_closed(stage)
    if not isinstance(error, Exception):
        raise error
    if isinstance(error, PoolClosed):
        return _explain_closed(stage)
    return _explain(error, request, stage)


def _explain_closed(stage: Stage) -> BookingsError:
    text = "the client was closed in the middle of the call"
    return NoAnswer(text) if stage is Stage.SENT else NotSent(text)


def _explain(error: Exception, request: Request, stage: Stage) -> BookingsError:
    if stage is Stage.SENT:
        return _explain_no_response(error, request)
    if stage is Stage.WAITING and isinstance(error, TimeoutError):
        return NotSent(f"none of this client's connections became free {request.timeout}")
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return InvalidRequest(f"aiohttp rejected the request: {error}")
    server = urlsplit(request.url)
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, StopIteration):
        # aiohttp takes the first address of a host, and there is none.
        reason = f"the host name {server.hostname} cannot be resolved"
    else:
        reason = _describe(error)
    return NotSent(f"no connection to {server.netloc} ({reason})")


def _explain_no_response(error: Exception, request: Request) -> NoAnswer:
    if isinstance(error, TimeoutError):
        return NoAnswer(f"no response {request.timeout}")
    if isinstance(error, aiohttp.ClientResponseError | HttpProcessingError):
        return NoAnswer("invalid HTTP response")
    return NoAnswer(f"no response: the connection was lost ({_describe(error)})")


def explain_not_written(request: Request, reason: str) -> NotSent:
    """Return the error for a request that was not written to its connection."""
    if reason is EXPIRED:
        return NotSent(reason)
    return NotSent(f"no connection to {urlsplit(request.url).netloc} ({reason})")


def explain_cut(error: BaseException, timeout: Timeout, *, in_time: bool) -> str:
    """Return why a body that had begun did not end; raise what is not about the response."""
    if not in_time or isinstance(error, TimeoutError):
        return f"did not end {timeout}"
    if isinstance(error, aiohttp.ClientError | OSError):
        return "stopped in the middle"
    raise error


def _describe(error: Exception) -> str:
    """Return the reason in words of our own: aiohttp's may hold a URL, or a proxy's password."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, NotWritten):
        return str(error)
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
