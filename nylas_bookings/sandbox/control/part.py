"""Control: the part of the sandbox that looks in from outside and turns its knobs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import orjson

from ..._wire.messages import Request, Response
from ..calendar import number as number_in
from ..refusals import Refusal, bad_request, not_found
from ..world import World
from . import feeds, files, gate
from .calls import Call, carried_out
from .changes import Changes
from .reading import parsed

if TYPE_CHECKING:
    from ..sandbox import Sandbox


class Control:
    """Answers what comes in under `/_sandbox`."""

    def __init__(
        self, sandbox: Sandbox, world: World, bound_to: str, newest: Callable[[], object]
    ) -> None:
        self._sandbox = sandbox
        self._world = world
        self._bound_to = bound_to
        self._changes = Changes(sandbox, world, newest)

    async def __call__(self, request: Request) -> Response:
        """The answer; what is refused has changed nothing."""
        try:
            gate.check(request, self._bound_to)
            return await self._answered(request)
        except Refusal as refusal:
            error = {"type": refusal.kind, "message": refusal.message}
            return _told({"error": error}, refusal.status)

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._changes.end()

    async def _answered(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        _, *names = [unquote(name) for name in parts.path.split("/") if name]
        query = dict(parse_qsl(parts.query))
        if request.method in gate.READING:
            shown = self._shown(request, parts.path, names)
            if shown is not None:
                return shown
            if names == ["changes"]:
                known = number_in(query, "after", 0)
                return _told({"number": await self._changes.after(known)})
        return _told(await self._called(request, names, query))

    def _shown(self, request: Request, path: str, names: list[str]) -> Response | None:
        """What is there for people and for calendar programs."""
        match names:
            case []:
                return (
                    files.INSPECTOR.answered(files.START)
                    if path.endswith("/")
                    else moved("/_sandbox/")
                )
            case ["events", event_id]:
                return moved(f"/_sandbox/#events/{quote(event_id, safe='')}")
            case ["calendars", host, feed] if feed.endswith(".ics"):
                return feeds.answered(self._world, request, host, feed.removesuffix(".ics"))
            case [name]:
                return files.INSPECTOR.answered(name)
        return None

    async def _called(self, request: Request, names: list[str], query: Mapping[str, str]) -> Any:
        """What programs ask for."""
        path, name = "/".join(names[:2]), names[-1] if names else ""
        if len(names) > 2:
            raise not_found("invalid path")
        if names[:1] == ["events"] and len(names) == 2:
            path = "events/*"
        call = Call(
            sandbox=self._sandbox,
            world=self._world,
            number=self._changes.number(),
            id=name,
            query=query,
            body={} if request.method in gate.READING else parsed(request.body),
        )
        method = "GET" if request.method == "HEAD" else request.method
        try:
            told = carried_out(method, path, call)
            return await told if inspect.isawaitable(told) else told
        except ValueError as problem:  # what the methods of the sandbox refuse with
            raise bad_request(str(problem)) from None


async def at_the_door(request: Request) -> Response:
    """Who comes without a path is shown the way to the inspector."""
    if request.method not in gate.READING:
        return _told({"error": {"type": "not_found_error", "message": "invalid path"}}, 404)
    return moved("/_sandbox/")


def moved(to: str) -> Response:
    """Go there."""
    return Response(302, {**files.GUARDED, "Location": to}, b"")


def _told(data: Any, status: int = 200) -> Response:
    headers = {
        **files.GUARDED,
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
    }
    return Response(status, headers, orjson.dumps(data))
