"""What the sandbox says of itself: its OpenAPI document, at `/openapi.json`."""

from __future__ import annotations

import orjson

from ..._wire.messages import Request, Response
from ..world import World
from .document import describe


class Description:
    """The part of the sandbox that answers with its description."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, request: Request) -> Response:
        """The document of the sandbox as it is at this moment."""
        if request.method != "GET":
            return Response(405, {"Allow": "GET"}, b"")
        document = describe(self._world.behaviour, self._world.url)
        return Response(200, {"Content-Type": "application/json"}, orjson.dumps(document))
