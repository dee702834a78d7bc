"""Which part of the sandbox a request is for: the API, its description, the pages, the controls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from .._wire.messages import Request, Response
from .api import Api
from .mishaps import carried_out

Part: TypeAlias = Callable[[Request], Awaitable[Response]]

CONTROLS: Final = "_sandbox"
PAGES: Final = "book"


class Front:
    """Hands a request to the part that its path begins with; whatever else there is, is the API."""

    def __init__(self, api: Api, parts: Mapping[str, Part]) -> None:
        self._api = api
        self._parts = parts

    async def answered(self, request: Request) -> Response | None:
        """The answer to a request; nothing, when the connection is to be closed instead."""
        part = self._parts.get(first_segment(request.url))
        return await (carried_out(self._api, request) if part is None else part(request))


@lru_cache(maxsize=256)
def first_segment(url: str) -> str:
    """What a path begins with; slashes too many are overlooked."""
    return urlsplit(url).path.lstrip("/").partition("/")[0]
