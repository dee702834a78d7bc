"""Every client that is measured: ours, what people use instead, and the limit of the machine."""

from __future__ import annotations

from . import limits, on_asyncio, on_threads, ours
from .kinds import AnyClient, Awaited, Blocking

AWAITED: tuple[Awaited, ...] = (*on_asyncio.CLIENTS, *ours.AWAITED, *limits.AWAITED)
BLOCKING: tuple[Blocking, ...] = (*ours.BLOCKING, *on_threads.CLIENTS, *limits.BLOCKING)


def installed(*, awaited: bool = True, blocking: bool = True) -> list[AnyClient]:
    """Return those that are installed; plain aiohttp, the reference, is the first."""
    wanted: tuple[AnyClient, ...] = (
        *(AWAITED if awaited else ()),
        *(BLOCKING if blocking else ()),
    )
    return [client for client in wanted if client.is_installed()]
