"""The files of the inspector, as they are sent to browsers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from ..._wire.messages import Response

START: Final = "index.html"
GUARDED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
"""Headers of everything that the controls answer: browsers must not hand it to other sites."""

_HERE: Final = Path(__file__).parent / "static"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KINDS: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def answered(name: str) -> Response | None:
    """A file, if there is one with that name."""
    content = _contents().get(name)
    if content is None:
        return None
    headers = {
        **GUARDED,
        "Content-Type": _KINDS[name.rpartition(".")[2]],
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-cache",
    }
    return Response(200, headers, content)


@cache
def _contents() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _HERE.iterdir() if path.is_file()}
