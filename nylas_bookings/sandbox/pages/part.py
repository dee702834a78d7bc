"""What is under `/book`: the booking pages, the pages behind the mails' links, and their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ..._wire.messages import Request, Response
from ..world import World
from . import entry, files, html, links
from .problems import Problem, unknown_page, wrong_method

Query: TypeAlias = Mapping[str, str]

_LINKED: Final[Mapping[str, Callable[[World, str], dict[str, Any]]]] = {
    "reschedule": links.reschedule,
    "cancel": links.cancel,
    "confirm": links.confirm,
}


class Pages:
    """Answers what browsers ask for; what the pages then book, they book through the API."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, request: Request) -> Response:
        """The answer to a browser."""
        parts = urlsplit(request.url)
        path = tuple(unquote(segment) for segment in parts.path.split("/")[2:] if segment)
        query = dict(parse_qsl(parts.query))
        try:
            return self._answer(request.method, path, query)
        except Problem as problem:
            return html.notice(self._world, problem)

    def _answer(self, method: str, path: tuple[str, ...], query: Query) -> Response:
        if method == "POST" and len(path) == 2 and path[1] == "session":
            return self._with_session(path[0])
        if method not in ("GET", "HEAD"):
            raise wrong_method()
        found = files.FOR_BROWSERS.answered("/".join(path))
        if found is not None:
            return found
        if len(path) != 1:
            raise unknown_page()
        return self._page(path[0], query)

    def _page(self, name: str, query: Query) -> Response:
        if name in _LINKED:
            facts = _LINKED[name](self._world, query.get("ref", ""))
            return html.page(self._world, name, facts)
        facts = entry.facts_of(self._world, name, query.get("session"))
        return html.page(self._world, "book", facts)

    def _with_session(self, name: str) -> Response:
        """To the booking page, with a session: what the application's server would arrange."""
        session_id = entry.open_session(self._world, entry.configuration(self._world, name))
        there = f"/book/{quote(name, safe='')}?session={session_id}"
        return Response(303, {"Location": there, "Cache-Control": "no-store"}, b"")
