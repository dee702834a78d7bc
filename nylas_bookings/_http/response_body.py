"""Read the body of a response, or as much of it as arrives."""

from __future__ import annotations

import aiohttp

from .._deadlines import Deadlines, Task
from .._wire.messages import Timeout
from . import failures


async def read_body(
    content: aiohttp.StreamReader,
    limit: int,
    deadlines: Deadlines,
    waiting: Task,
    timeout: Timeout,
) -> tuple[bytes, str | None]:
    """Return the body, and why it is not complete if it is not.

    Raises what is not about the response, such as the cancellation of the caller.
    """
    chunks: list[bytes] = []
    size = 0
    try:
        while not content.at_eof():
            # Most responses are complete when their heads have arrived.
            chunk = content.read_nowait() if content.is_eof() else await content.readany()
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                return b"".join(chunks), f"is larger than {limit} bytes"
    except BaseException as error:  # noqa: BLE001 - what is not about the response is raised again
        is_over = deadlines.has_cancelled(waiting)
        if is_over and deadlines.is_closed:
            return b"".join(chunks), "was cut off when the client was closed"
        return b"".join(chunks), failures.explain_cut(error, timeout, in_time=not is_over)
    return b"".join(chunks), None
