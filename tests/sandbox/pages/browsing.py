"""Asking for pages without a browser, and reading what a browser would find in them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import orjson
from attrs import frozen

from nylas_bookings._wire.messages import Request, Response
from nylas_bookings.sandbox import Sandbox


@frozen
class Browser:
    """Asks for pages in this process."""

    sandbox: Sandbox

    async def __call__(self, path: str, method: str = "GET") -> Response:
        """The answer to a request for a page."""
        return await self.sandbox.send(Request(method, f"http://sandbox{path}", {}))

    async def facts(self, path: str) -> Any:
        """What the script of a page gets to know."""
        return facts_of(await self(path))


class _Scripts(HTMLParser):
    """Finds what a browser would take for scripts, inline or not."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.inside = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        self.inside = tag
        if tag == "script":
            self.found.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def facts_of(response: Response) -> Any:
    """The island of a page; the page has one script besides, from a file."""
    read = _Scripts()
    read.feed(response.body.decode())
    script, island = read.found
    assert (script["type"], island["type"]) == ("module", "application/json")
    assert (script["src"] or "").startswith("/book/scripts/")
    return orjson.loads(read.text)
