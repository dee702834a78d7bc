"""Resolve host names in threads for which the end of the process does not wait.

A name server that does not respond can hold `getaddrinfo` for minutes, and nothing can interrupt
it. asyncio calls it in a thread pool, and both `asyncio.run` and the interpreter wait at their end
for the threads of such a pool, without a limit.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar, cast

import aiohttp

Result = TypeVar("Result")


def make_resolver() -> aiohttp.ThreadedResolver | None:
    """Return the resolver to use; None for aiohttp's own where that needs no threads."""
    if aiohttp.DefaultResolver is not aiohttp.ThreadedResolver:
        return None
    # It uses these two methods of its loop and nothing else.
    return aiohttp.ThreadedResolver(cast("asyncio.AbstractEventLoop", _Lookups()))


class _Lookups:
    """The two methods of an event loop that look names up, on daemon threads.

    aiohttp asks for each host once at a time, so there are few of them.
    """

    async def getaddrinfo(
        self,
        host: str,
        port: int,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        """Look up the addresses of a host."""
        return await _call_in_thread(
            partial(socket.getaddrinfo, host, port, family, type, proto, flags)
        )

    async def getnameinfo(self, address: tuple[Any, ...], flags: int = 0) -> tuple[str, str]:
        """Look up the name of an address."""
        return await _call_in_thread(partial(socket.getnameinfo, address, flags))


async def _call_in_thread(function: Callable[[], Result]) -> Result:
    future: Future[Result] = Future()
    # From now on it cannot be cancelled, so that the thread may always set its result.
    future.set_running_or_notify_cancel()
    thread = threading.Thread(
        target=_call, args=(function, future), name="nylas_bookings resolver", daemon=True
    )
    try:
        thread.start()
    except RuntimeError as error:
        raise OSError(errno.EAGAIN, str(error)) from error
    return await asyncio.wrap_future(future)


def _call(function: Callable[[], Result], future: Future[Result]) -> None:
    try:
        result = function()
    except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
        future.set_exception(error)
    else:
        future.set_result(result)
