"""A web site of another origin than the sandbox, with the vendor's component on its page."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

from .node_sdk import MODULES

_BUNDLES: Final = MODULES / "@nylas" / "web-elements" / "dist" / "cdn"
_PAGES: Final = Path(__file__).parent / "pages"
_KINDS: Final = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class Site:
    """Serves the pages in `pages/`, and the bundles of the component as they were published."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self._serve, name="site", daemon=True)

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.01)

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def page(self, name: str, **attributes: str) -> str:
        """The address of a page whose component gets these attributes."""
        named = {name.replace("_", "-"): value for name, value in attributes.items()}
        return f"{self.url}/{name}.html?{urlencode(named)}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.lstrip("/")
        file = next((f / path for f in (_PAGES, _BUNDLES) if (f / path).is_file()), None)
        body = file.read_bytes() if file else b"There is nothing here."
        self.send_response(200 if file else 404)
        self.send_header("Content-Type", _KINDS.get(file.suffix if file else "", "text/plain"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
