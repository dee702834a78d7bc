"""What the benchmarks know of a client: its name, and how to open it for concurrent calls."""

from __future__ import annotations

import importlib.util
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import TypeAlias

from attrs import frozen

from ..server import Endpoint

Create: TypeAlias = Callable[[], Awaitable[object]]
"""Makes one booking, awaited."""

BlockingCreate: TypeAlias = Callable[[], object]
"""Makes one booking."""


@frozen(kw_only=True)
class Client:
    """The part that both kinds share.

    Attributes:
        name: Its name in the tables.
        needs: The module without which it cannot be measured.
        most: The most concurrent calls to measure; with more it takes minutes to start.
    """

    name: str
    needs: str = "aiohttp"
    most: int = 512

    def is_installed(self) -> bool:
        """Whether it is here."""
        return importlib.util.find_spec(self.needs) is not None


@frozen(kw_only=True)
class Awaited(Client):
    """A client that runs on asyncio."""

    open: Callable[[Endpoint, int], AbstractAsyncContextManager[Create]]


@frozen(kw_only=True)
class Blocking(Client):
    """A client that blocks, and is used from threads."""

    most: int = 64
    open: Callable[[Endpoint, int], AbstractContextManager[BlockingCreate]]


AnyClient: TypeAlias = Awaited | Blocking
"""Either of the two."""
