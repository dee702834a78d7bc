"""The files of the pages: those that browsers get, and the templates, which they do not."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from ..files import Files

_HERE: Final = Path(__file__).parent

FOR_BROWSERS: Final = Files(_HERE, {}, but=".html")


@cache
def template(name: str) -> str:
    """A piece of HTML with names in it."""
    return (_HERE / "templates" / f"{name}.html").read_text("utf-8")
