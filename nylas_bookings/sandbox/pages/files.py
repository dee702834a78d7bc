"""The files of the pages, as browsers get them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from ..._wire.messages import Response

_HERE: Final = Path(__file__).parent
_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def read(name: str) -> Response | None:
    """The file with that name, if it is one that browsers may have."""
    content = _contents().get(name)
    if content is None:
        return None
    headers = {
        "Content-Type": _KINDS[Path(name).suffix],
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, headers, content)


@cache
def _contents() -> dict[str, bytes]:
    return {
        path.relative_to(_HERE).as_posix(): path.read_bytes()
        for path in sorted(_HERE.rglob("*"))
        if path.suffix in _KINDS
    }


@cache
def template(name: str) -> str:
    """A piece of HTML with names in it."""
    return (_HERE / "templates" / f"{name}.html").read_text("utf-8")
