"""Files of the package that browsers get: read once, with the headers that their folder wants."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from .._wire.messages import Response

_KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Files:
    """The files of a folder, and of those inside it.

    Args:
        folder: Where they are.
        headers: What they are sent with, besides their kind.
        but: Endings of files that are not for browsers.
    """

    def __init__(self, folder: Path, headers: Mapping[str, str], *, but: str = "") -> None:
        self._folder = folder
        always = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
        self._headers = {**always, **headers}
        self._kinds = {ending: kind for ending, kind in _KINDS.items() if ending != but}

    def answered(self, name: str) -> Response | None:
        """The file with that name, if there is one that browsers may have."""
        content = self._contents.get(name)
        if content is None:
            return None
        kind = self._kinds[Path(name).suffix]
        return Response(200, {**self._headers, "Content-Type": kind}, content)

    @cached_property
    def _contents(self) -> dict[str, bytes]:
        return {
            path.relative_to(self._folder).as_posix(): path.read_bytes()
            for path in self._folder.rglob("*")
            if path.suffix in self._kinds
        }
