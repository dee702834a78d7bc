"""The files of the inspector, and the headers that keep other sites away from the controls."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ..files import Files

START: Final = "index.html"
GUARDED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
"""Headers of everything that the controls answer: browsers must not hand it to other sites."""

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

INSPECTOR: Final = Files(
    Path(__file__).parent / "static", {**GUARDED, "Content-Security-Policy": _POLICY}
)
